#include <dispatch/program/progress.hpp>

#include <support/catch.hpp>

namespace dispatch {

namespace {

using namespace std::chrono_literals;

constexpr progress::time_point start{};

tally counts(std::size_t succeeded, std::size_t failed = 0) {
  tally out;
  out.total = 1'000;
  out.succeeded = succeeded;
  out.failed = failed;
  out.workers = 8;
  out.under_way = 32;
  return out;
}

} // namespace

TEST_CASE("on a terminal a bar is drawn in place", "[dispatch][progress]") {
  progress shown{true, start};
  CHECK_FALSE(shown.update(counts(10), start + 50ms));
  const auto text = shown.update(counts(200), start + 2s);
  REQUIRE(text);
  CHECK(*text == "\r\x1b[K[######........................]  20 %  200/1000  100 jobs/s  ETA 0:08  8 workers, 32 under way");
  CHECK_FALSE(shown.update(counts(201), start + 2s + 99ms));
  CHECK(shown.update(counts(201), start + 2s + 100ms));
}

TEST_CASE("elsewhere a plain line is written now and then", "[dispatch][progress]") {
  progress shown{false, start};
  CHECK_FALSE(shown.update(counts(100), start + 4s));
  const auto text = shown.update(counts(490, 10), start + 5s);
  REQUIRE(text);
  CHECK(*text == " 50 %  500/1000  10 failed  100 jobs/s  ETA 0:05  8 workers, 32 under way\n");
}

TEST_CASE("the rate is that of the last seconds", "[dispatch][progress]") {
  progress shown{false, start};
  for (int i = 1; i <= 10; ++i)
    static_cast<void>(shown.update(counts(0), start + i * 5s));
  const auto text = shown.update(counts(100), start + 55s);
  REQUIRE(text);
  CHECK(text->find("  10 jobs/s  ETA 1:30") != std::string::npos);
}

TEST_CASE("at the end there is a last line without an ETA", "[dispatch][progress]") {
  progress shown{false, start};
  CHECK(shown.finish(counts(1'000), start + 4s) == "100 %  1000/1000  250 jobs/s  8 workers, 32 under way\n");
  progress nothing{true, start};
  const auto text = nothing.finish(tally{}, start);
  CHECK(text.find("100 %  0/0  0 jobs/s") != std::string::npos);
}

TEST_CASE("long times have hours", "[dispatch][progress]") {
  progress shown{false, start};
  const auto text = shown.update(counts(1), start + 10s);
  REQUIRE(text);
  CHECK(text->find("ETA 2:46:30") != std::string::npos);
}

} // namespace dispatch
