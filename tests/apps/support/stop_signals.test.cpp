#include <support/stop_signals.hpp>

#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <csignal>

using registry::testing::eventually;

TEST_CASE("the first and the second signal to stop are told", "[stop_signals]") {
  for (const int number : {SIGINT, SIGTERM}) {
    std::atomic<int> told = 0;
    {
      const support::stop_signals signals{[&](int count) { told = count; }};
      std::raise(number);
      CHECK(eventually([&] { return told == 1; }));
      std::raise(number);
      CHECK(eventually([&] { return told == 2; }));
    }
    struct sigaction now{};
    REQUIRE(::sigaction(number, nullptr, &now) == 0);
    CHECK(now.sa_handler == SIG_DFL);
  }
}

TEST_CASE("a third signal to stop has its usual effect", "[stop_signals]") {
  std::atomic<int> told = 0;
  const support::stop_signals signals{[&](int count) { told = count; }};
  std::raise(SIGTERM);
  REQUIRE(eventually([&] { return told == 1; }));
  std::raise(SIGTERM);
  REQUIRE(eventually([&] {
    struct sigaction now{};
    return ::sigaction(SIGTERM, nullptr, &now) == 0 && now.sa_handler == SIG_DFL;
  }));
}
