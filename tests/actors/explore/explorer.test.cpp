#include <explore/explorer.hpp>

#include <registry/scope/internal/mutex.hpp>

#include <support/catch.hpp>

#include <mutex>

namespace registry::testing {

namespace {

struct counter {
  mutex lock;
  mutex other;
  int content = 0;

  int read() {
    const std::lock_guard guard(lock);
    return content;
  }
  void write(int x) {
    const std::lock_guard guard(lock);
    content = x;
  }
  void increment() { write(read() + 1); }
  void increment_at_once() {
    const std::lock_guard guard(lock);
    ++content;
  }
};

template <class Function>
exploration explore_two(Function increment, std::size_t preemptions) {
  return explore(
      [increment] {
        auto all = std::make_shared<counter>();
        auto out = std::make_shared<small_case>();
        out->threads = {[all, increment] { ((*all).*increment)(); }, [all, increment] { ((*all).*increment)(); }};
        out->fault = [all] { return all->content == 2 ? "" : "an increment is lost"; };
        return out;
      },
      preemptions);
}

} // namespace

TEST_CASE("an exploration finds an increment that is lost in some order", "[explore]") {
  CHECK(explore_two(&counter::increment, 10).fault.find("an increment is lost, in the order 0") == 0);
  CHECK(explore_two(&counter::increment, 0).fault == "");
  const auto right = explore_two(&counter::increment_at_once, 10);
  CHECK(right.fault == "");
  CHECK(right.orders == 6); // two steps each: before the lock, and with it
}

TEST_CASE("an exploration finds a deadlock", "[explore]") {
  const auto found = explore(
      [] {
        auto all = std::make_shared<counter>();
        auto out = std::make_shared<small_case>();
        out->threads = {[all] {
                          const std::lock_guard first(all->lock);
                          const std::lock_guard second(all->other);
                        },
                        [all] {
                          const std::lock_guard first(all->other);
                          const std::lock_guard second(all->lock);
                        }};
        out->fault = [] { return ""; };
        return out;
      },
      10);
  CHECK(found.fault.find("a deadlock") == 0);
}

} // namespace registry::testing
