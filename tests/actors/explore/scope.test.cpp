#include <explore/explorer.hpp>
#include <explore/small_scope.hpp>

#include <support/catch.hpp>
#include <support/waiting.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Every order of the steps between the locks of a scope, in small cases: see `explore`.

namespace registry {

using testing::explored_system;
using testing::folding_subscriber;
using testing::small_case;
using testing::small_scope;

namespace {

/// Cases about one world, which is rebuilt for each order.
template <class World>
struct cases_in {
  std::function<std::shared_ptr<World>()> make;
  /// The violation in a world at the end; empty if there is none.
  std::function<std::string(World&)> fault;

  void check(const char* name, std::size_t preemptions, const std::vector<std::function<void(World&)>>& threads) const {
    const auto what = testing::explore([&] { return in(make(), threads); }, preemptions);
    INFO(name << ": " << what.orders << " orders");
    CHECK(what.fault == "");
    if (!what.fault.empty())
      explored_system::note_fault();
    CHECK(what.orders >= 5);
  }

private:
  std::shared_ptr<small_case> in(std::shared_ptr<World> world,
                                 const std::vector<std::function<void(World&)>>& threads) const {
    auto out = std::make_shared<small_case>();
    for (const auto& x : threads)
      out->threads.push_back([world, x] { x(*world); });
    out->fault = [world, fault = fault] { return fault(*world); };
    return out;
  }
};

/// For cases of two threads: every order.
constexpr std::size_t all = 100;

template <class... Ts>
void join(small_scope& home, Ts&&... what) {
  static_cast<void>(home.it.join(std::forward<Ts>(what)...)); // refused when the scope is closed
}

} // namespace

TEST_CASE("in every order, an actor that joins while it ends leaves no entries", "[explore]") {
  const explored_system for_all_orders;
  struct world {
    small_scope home;
    member who = home.spawn();
  };
  const auto alive = [] {
    auto out = std::make_shared<world>();
    join(out->home, "k", out->who, 0);
    out->home.settle();
    return out;
  };
  const auto dead = [=] {
    auto out = alive();
    out->home.kill(out->who);
    return out;
  };
  const auto remains = [](world& x) {
    x.home.settle();
    return std::string{x.home.it.keys(x.who).empty() ? "" : "entries of an actor that has terminated stay"};
  };
  const auto take_downs = [](world& x) { x.home.take_downs(); };
  const auto join_again = [](world& x) {
    join(x.home, "k", x.who, 1);
    join(x.home, "l", x.who, 2);
  };
  const auto move_on = [](world& x) {
    static_cast<void>(x.home.it.leave("k", x.who));
    join(x.home, "l", x.who, 1);
  };
  const auto end = [](world& x) {
    x.home.kill(x.who);
    x.home.take_downs();
  };
  const cases_in<world> of_the_dead{dead, remains};
  of_the_dead.check("an exit and joins", all, {take_downs, join_again});
  of_the_dead.check("an exit, a join, a leave and a drain", 3,
                    {take_downs, move_on, [](world& x) { x.home.state->drain(); }});
  const cases_in<world> of_the_living{alive, remains};
  of_the_living.check("an exit, a join and a new actor of the scope", 3,
                      {end, [](world& x) { join(x.home, "k", x.who, 1); }, [](world& x) { x.home.attach(); }});
}

TEST_CASE("in every order, a destructor of the application may use the scope", "[explore]") {
  const explored_system for_all_orders;
  // An unread event holds the last handle of an actor whose destructor calls back.
  struct world {
    std::atomic<int> destroyed{0};
    small_scope home;
    folding_subscriber reader{home};
    member other = home.spawn();
  };
  const auto make = [] {
    auto out = std::make_shared<world>();
    out->reader.subscribe();
    auto who = out->home.spawn([x = out.get()] {
      x->home.it.flush();
      static_cast<void>(x->home.it.snapshot());
      ++x->destroyed;
    });
    join(out->home, "k", who, value(who));
    out->home.settle();
    out->home.kill(who);
    who = nullptr;
    out->home.settle();
    for (int i = 0; i < 3; ++i) { // replaced entries are collected
      join(out->home, "l", out->other, i);
      out->home.settle();
    }
    REQUIRE(out->destroyed == 0);
    return out;
  };
  // A thread of the actor system may be the last to release an actor that has terminated.
  const auto not_destroyed = [](world& x) {
    x.home.settle();
    return std::string{testing::eventually([&] { return x.destroyed == 1; }) ? "" : "the destructor has not run"};
  };
  const auto flush = [](world& x) { x.home.it.flush(); };
  const cases_in<world> cases{make, not_destroyed};
  cases.check("the end of a subscription", all,
              {[](world& x) { x.reader.unsubscribe(); },
               [](world& x) {
                 join(x.home, "m", x.other, 1);
                 x.home.it.flush();
               }});
  cases.check("the exit of a subscriber", all,
              {[](world& x) {
                 const auto who = x.reader.who();
                 x.home.state->members_down(std::span{&who, 1});
               },
               flush});
  cases.check("the end of a scope", all, {[](world& x) { x.home.state->close(); }, flush});
}

TEST_CASE("in every order, the events of a subscription add up to the entries", "[explore]") {
  const explored_system for_all_orders;
  struct world {
    explicit world(std::size_t limit) : home(limit) {}
    small_scope home;
    member who = home.spawn();
    folding_subscriber reader{home};
  };
  const auto fault = [](world& x) {
    x.home.settle();
    return x.reader.fault();
  };
  const cases_in<world> of_a_new_subscriber{[] { return std::make_shared<world>(100); }, fault};
  of_a_new_subscriber.check("a subscription, joins and a drain", 3,
                            {[](world& x) { x.reader.subscribe(); },
                             [](world& x) {
                               join(x.home, "k", x.who, 1);
                               static_cast<void>(x.home.it.update_value("k", x.who, 2));
                             },
                             [](world& x) { x.home.state->drain(); }});
  const cases_in<world> of_a_slow_one{[] {
                                        auto out = std::make_shared<world>(1);
                                        out->reader.subscribe();
                                        return out;
                                      },
                                      fault};
  of_a_slow_one.check("a subscriber that lags", all,
                      {[](world& x) {
                         join(x.home, "k", x.who, 1);
                         join(x.home, "k", x.who, 2);
                         x.home.state->drain();
                       },
                       [](world& x) {
                         x.reader.take();
                         x.reader.take();
                       }});
}

TEST_CASE("in every order, a wait for a key ends once", "[explore]") {
  const explored_system for_all_orders;
  struct world {
    std::atomic<int> ended{0};
    small_scope home;
    member who = home.spawn();
  };
  const cases_in<world> cases{
      [] { return std::make_shared<world>(); },
      [](world& x) { return x.ended == 1 ? "" : "a wait ended " + std::to_string(x.ended) + " times"; }};
  cases.check("a wait, a join and the end of the scope", 4,
              {[](world& x) { x.home.state->await("k", [&x](const result<group>&) { ++x.ended; }); },
               [](world& x) { join(x.home, "k", x.who, 1); }, [](world& x) { x.home.state->close(); }});
}

} // namespace registry
