#include <dispatch/program/shortage.hpp>

#include <support/catch.hpp>

using dispatch::shortage;
using namespace std::chrono_literals;

TEST_CASE("a submission says once that it waits for workers", "[dispatch][shortage]") {
  const shortage::time_point start{};
  shortage lack{"q", 30s, start};
  CHECK_FALSE(lack.update(0, start));
  CHECK_FALSE(lack.update(0, start + 999ms));
  CHECK(lack.update(0, start + 1s) == "waiting for a worker of the queue 'q', for 30s at most (--wait)");
  CHECK_FALSE(lack.update(0, start + 20s));
}

TEST_CASE("a submission says again that it waits after workers have come and gone", "[dispatch][shortage]") {
  const shortage::time_point start{};
  shortage lack{"q", 30s, start};
  CHECK_FALSE(lack.update(2, start + 5s));
  CHECK_FALSE(lack.update(0, start + 5'900ms));
  CHECK(lack.update(0, start + 6s));
  CHECK_FALSE(lack.update(1, start + 7s));
  CHECK(lack.update(0, start + 8s));
}
