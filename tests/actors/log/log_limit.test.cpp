#include <registry/log/internal/log_limit.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <string>

namespace registry {

using namespace std::chrono_literals;

TEST_CASE("of lines about one subject one a minute is written, with the number of the others", "[log]") {
  internal::log_limit limit;
  const internal::log_limit::clock::time_point begin{1h};
  CHECK(limit.admit("a", begin) == "");
  CHECK_FALSE(limit.admit("a", begin + 1s));
  CHECK(limit.admit("b", begin + 1s) == "");
  CHECK_FALSE(limit.admit("a", begin + 59s));
  CHECK(limit.admit("a", begin + 60s) == " (2 more like this since the last such line)");
  CHECK_FALSE(limit.admit("a", begin + 61s));
  CHECK(limit.admit("b", begin + 10min) == "");
}

TEST_CASE("lines about any number of subjects take bounded memory, and go on", "[log]") {
  internal::log_limit limit;
  const internal::log_limit::clock::time_point begin{1h};
  std::size_t admitted = 0;
  for (int i = 0; i < 5000; ++i)
    admitted += limit.admit(std::to_string(i), begin).has_value() ? 1 : 0;
  CHECK(admitted == internal::log_limit::max_subjects);
  CHECK(limit.admit("new", begin + 2min) == "");
}

} // namespace registry
