#include <support/log_level.hpp>

#include <support/catch.hpp>

TEST_CASE("a log level is one of six words", "[log_level]") {
  CHECK(support::parse_log_level("trace") == spdlog::level::trace);
  CHECK(support::parse_log_level("warn") == spdlog::level::warn);
  CHECK(support::parse_log_level("off") == spdlog::level::off);
  CHECK_FALSE(support::parse_log_level("warning"));
  CHECK_FALSE(support::parse_log_level(""));
}

TEST_CASE("a word that is no log level is answered with the one that was meant", "[log_level]") {
  CHECK(support::not_a_log_level("debuk") ==
        "must be trace, debug, info, warn, error or off, not 'debuk'; did you mean debug?");
  CHECK(support::not_a_log_level("loud") == "must be trace, debug, info, warn, error or off, not 'loud'");
}
