#include <registry/internal/deferral.hpp>
#include <registry/log/internal/log.hpp>

#include <support/captured_log.hpp>

#include <support/catch.hpp>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace registry {

using testing::captured_log;

TEST_CASE("lines go to the logger named registry, also one that comes later", "[log]") {
  spdlog::drop("registry");
  internal::write_log(spdlog::level::debug, "not at this level");
  const auto own = spdlog::get("registry");
  REQUIRE(own != nullptr);
  REQUIRE(own->sinks().size() == 1);
  CHECK(std::dynamic_pointer_cast<spdlog::sinks::stderr_color_sink_mt>(own->sinks().front()) != nullptr);
  CHECK(own->level() == spdlog::level::info);
  const captured_log log;
  internal::log_info("one {}", 1);
  internal::log_warning("two {}", 2);
  internal::log_error("three {}", 3);
  internal::log_debug("four {}", 4);
  CHECK(log.lines() == std::vector<std::string>{"[info] one 1", "[warning] two 2", "[error] three 3", "[debug] four 4"});
}

TEST_CASE("a line is written when no lock is held any more", "[log]") {
  const captured_log log;
  {
    const internal::deferral under_a_lock;
    internal::log_info("later");
    CHECK(log.lines().empty());
  }
  CHECK(log.count("later") == 1);
}

TEST_CASE("braces in a line have no meaning", "[log]") {
  const captured_log log;
  internal::write_log(spdlog::level::info, "{} {0");
  CHECK(log.count("{} {0") == 1);
}

TEST_CASE("the log is configured with a level and a file", "[log]") {
  const captured_log log;
  CHECK(internal::log_level_of("warn") == spdlog::level::warn);
  CHECK_FALSE(internal::log_level_of("loud"));
  REQUIRE(internal::configure_log("warn", ""));
  internal::log_info("no");
  internal::log_warning("yes");
  CHECK(log.lines() == std::vector<std::string>{"[warning] yes"});

  const auto file = std::filesystem::temp_directory_path() / ("log_test." + std::to_string(::getpid()));
  std::ofstream{file} << "before\n";
  REQUIRE(internal::configure_log("", file));
  internal::log_info("no");
  internal::log_warning("to the file");
  REQUIRE(internal::configure_log("info", file));
  internal::log_info("too");
  std::ifstream in{file};
  const std::string content{std::istreambuf_iterator<char>{in}, {}};
  std::filesystem::remove(file);
  CHECK(content.starts_with("before\n"));
  CHECK(content.find("[registry] [warning] to the file\n") != std::string::npos);
  CHECK(content.find("[registry] [info] too\n") != std::string::npos);
  CHECK(content.find("no\n") == std::string::npos);
  CHECK(log.lines().size() == 1);

  const auto refused = internal::configure_log("", "/proc/no/file");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message().starts_with("names a file that cannot be written: "));
}

} // namespace registry
