#include <explore/explorer.hpp>

#include <registry/compat/actor.hpp>
#include <registry/scope/messages.hpp>
#include <registry/scope/scope.hpp>
#include <registry/scope/scope_state.hpp>

#include <support/companion.hpp>
#include <support/workers.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <future>
#include <map>
#include <mutex>

// Every order of the steps between the locks of a scope, in small cases: see `explore`. The scope's actor is played by the test, so
// that its steps are steps of a case, too.

namespace registry {

using testing::companion;
using testing::exploration;
using testing::small_case;

namespace {

caf::actor_system& shared_system() {
  static testing::workers_config config(1);
  static caf::actor_system system(config);
  return system;
}

/// An actor whose end can be waited for, and whose destructor can do something.
class mortal : public caf::event_based_actor {
public:
  mortal(caf::actor_config& config, std::function<void()> at_the_end)
      : caf::event_based_actor(config), at_the_end_(std::move(at_the_end)) {}
  ~mortal() override {
    if (at_the_end_)
      at_the_end_();
  }
  caf::behavior make_behavior() override {
    return {[](std::int32_t) {}};
  }

private:
  std::function<void()> at_the_end_;
};

/// A scope without an actor system's help, and some actors.
class small_scope {
public:
  explicit small_scope(std::size_t subscription_limit = 100)
      : state(std::make_shared<scope_state>(options(subscription_limit), shared_system().node(),
                                            [](std::string_view) { return member{}; })),
        it(state) {
    attach();
  }
  ~small_scope() {
    state->close();
    for (const auto& who : all_) {
      if (const auto alive = caf::actor_cast<member>(who))
        compat::kill(alive);
    }
  }

  /// The test's actor becomes the scope's, once more.
  void attach() { state->attach_actor(caf::actor_cast<scope_actor>(actor_.who())); }

  member spawn(std::function<void()> at_the_end = {}) {
    auto who = shared_system().spawn<mortal>(std::move(at_the_end));
    // What is attached first is called last: when whoever monitors it has been told.
    auto ended = std::make_shared<std::promise<void>>();
    who->attach_functor([ended] { ended->set_value(); });
    ends_.emplace(caf::actor_cast<member>(who).get(), ended->get_future());
    all_.push_back(caf::actor_cast<caf::weak_actor_ptr>(who));
    return compat::as_member(who);
  }
  /// Ends an actor, once.
  void kill(const member& who) {
    compat::kill(who);
    ends_.at(who.get()).wait();
  }

  /// The scope's actor takes its `down_msg`s.
  void take_downs() {
    for (;;) {
      member who;
      {
        const std::lock_guard guard(lock_);
        if (downs_.empty())
          return;
        who = downs_.back();
        downs_.pop_back();
      }
      state->member_down(who);
    }
  }
  void settle() {
    for (int i = 0; i < 3; ++i) {
      state->drain();
      take_downs();
    }
  }

  const std::shared_ptr<scope_state> state;
  scope it;

private:
  static scope_options options(std::size_t subscription_limit) {
    scope_options out;
    out.name = "small";
    out.subscription_limit = subscription_limit;
    return out;
  }
  std::mutex lock_;
  std::vector<member> downs_;
  std::vector<caf::weak_actor_ptr> all_;
  std::map<const void*, std::future<void>> ends_;
  companion actor_{shared_system(), [this](const caf::message& what) {
                     if (!what.match_elements<caf::down_msg>())
                       return;
                     const std::lock_guard guard(lock_);
                     downs_.push_back(caf::actor_cast<member>(what.get_as<caf::down_msg>(0).source));
                   }};
};

/// Folds what a subscription says, and compares it with the scope.
class folding_subscriber {
public:
  explicit folding_subscriber(small_scope& home) : home_(home) {}

  void subscribe() {
    auto start = home_.it.monitor_scope(self_.who());
    begin(start.value());
  }
  void unsubscribe() { static_cast<void>(home_.it.demonitor(reference_)); }
  /// Takes what there is to take.
  void take() {
    std::vector<events> signals;
    {
      const std::lock_guard guard(lock_);
      signals.swap(signals_);
    }
    for (const auto& one : signals) {
      auto batch = one.take();
      if (batch.lagged)
        begin(*batch.lagged);
      for (const auto& change : batch.changes)
        apply(*change);
    }
  }
  [[nodiscard]] std::string fault() {
    take();
    if (!fault_.empty())
      return fault_;
    std::map<entry_id, std::string> expected;
    home_.it.snapshot().for_each([&](const value& key, const group& entries) {
      for (const auto& one : entries)
        expected.emplace(one.id(), to_string(key) + to_string(one.data));
    });
    return expected == folded_ ? "" : "the events of a subscription do not lead to what is there";
  }
  [[nodiscard]] member who() const { return self_.who(); }

private:
  void begin(const subscription_start& start) {
    reference_ = start.reference;
    commit_ = start.commit;
    folded_.clear();
    start.snapshot.for_each([&](const value& key, const group& entries) {
      for (const auto& one : entries)
        folded_.emplace(one.id(), to_string(key) + to_string(one.data));
    });
  }
  void apply(const event& change) {
    if (change.commit != commit_ + 1)
      fault_ = "a subscription misses an event, or has one twice";
    commit_ = change.commit;
    for (const auto& one : change.entries) {
      if (change.what == verb::leave)
        folded_.erase(one.id);
      else
        folded_[one.id] = to_string(change.key) + to_string(one.data);
    }
  }

  small_scope& home_;
  std::mutex lock_;
  std::vector<events> signals_;
  subscription_ref reference_;
  std::uint64_t commit_ = 0;
  std::map<entry_id, std::string> folded_;
  std::string fault_;
  companion self_{shared_system(), [this](const caf::message& what) {
                    if (!what.match_elements<events>())
                      return;
                    const std::lock_guard guard(lock_);
                    signals_.push_back(what.get_as<events>(0));
                  }};
};

/// A case and all that it is about, which must live as long.
template <class World>
std::shared_ptr<small_case> case_in(std::shared_ptr<World> world, std::vector<std::function<void(World&)>> threads,
                                    std::function<std::string(World&)> fault) {
  auto out = std::make_shared<small_case>();
  for (auto& x : threads)
    out->threads.push_back([world, x = std::move(x)] { x(*world); });
  out->fault = [world, fault = std::move(fault)] { return fault(*world); };
  return out;
}

/// On the tree in which the first two kinds of faults were mended these cases had 6 to 884 orders.
void check(const char* name, const exploration& what) {
  INFO(name << ": " << what.orders << " orders");
  CHECK(what.fault == "");
  CHECK(what.orders >= 5);
}

std::string remains(small_scope& home, const member& dead) {
  home.settle();
  return home.it.keys(dead).empty() ? "" : "entries of an actor that has terminated stay";
}

} // namespace

TEST_CASE("whatever the order, nothing stays of an actor that joins while it ends", "[explore]") {
  struct world {
    small_scope home;
    member who = home.spawn();
  };
  const auto make = [] {
    auto all = std::make_shared<world>();
    REQUIRE(all->home.it.join("k", all->who, 0));
    all->home.settle();
    return all;
  };
  const auto fault = [](world& x) { return remains(x.home, x.who); };
  check("an exit and joins", testing::explore(
                                 [&] {
                                   auto all = make();
                                   all->home.kill(all->who);
                                   return case_in<world>(all,
                                                         {[](world& x) { x.home.take_downs(); },
                                                          [](world& x) {
                                                            static_cast<void>(x.home.it.join("k", x.who, 1));
                                                            static_cast<void>(x.home.it.join("l", x.who, 2));
                                                          }},
                                                         fault);
                                 },
                                 100));
  check("an exit, a join, a leave and a drain",
        testing::explore(
            [&] {
              auto all = make();
              all->home.kill(all->who);
              return case_in<world>(all,
                                    {[](world& x) { x.home.take_downs(); },
                                     [](world& x) {
                                       static_cast<void>(x.home.it.leave("k", x.who));
                                       static_cast<void>(x.home.it.join("l", x.who, 1));
                                     },
                                     [](world& x) { x.home.state->drain(); }},
                                    fault);
            },
            3));
  check("an exit, a join and a new actor of the scope",
        testing::explore(
            [&] {
              auto all = make();
              return case_in<world>(all,
                                    {[](world& x) {
                                       x.home.kill(x.who);
                                       x.home.take_downs();
                                     },
                                     [](world& x) { static_cast<void>(x.home.it.join("k", x.who, 1)); },
                                     [](world& x) { x.home.attach(); }},
                                    fault);
            },
            3));
}

TEST_CASE("whatever the order, an application's destructor may use the scope", "[explore]") {
  // An unread event holds the last handle of an actor whose destructor calls back.
  struct world {
    small_scope home;
    folding_subscriber reader{home};
    member other = home.spawn();
    std::atomic<int> destroyed{0};
  };
  const auto make = [] {
    auto all = std::make_shared<world>();
    all->reader.subscribe();
    auto who = all->home.spawn([x = all.get()] {
      x->home.it.flush();
      static_cast<void>(x->home.it.snapshot());
      ++x->destroyed;
    });
    REQUIRE(all->home.it.join("k", who, value(who)));
    all->home.settle();
    all->home.kill(who);
    who = nullptr;
    all->home.settle();
    for (int i = 0; i < 3; ++i) { // what was replaced is collected
      REQUIRE(all->home.it.join("l", all->other, i));
      all->home.settle();
    }
    return all;
  };
  const auto settle = [](world& x) {
    x.home.settle();
    return std::string{};
  };
  check("the end of a subscription", testing::explore(
                                         [&] {
                                           return case_in<world>(make(),
                                                                 {[](world& x) { x.reader.unsubscribe(); },
                                                                  [](world& x) {
                                                                    static_cast<void>(x.home.it.join("m", x.other, 1));
                                                                    x.home.it.flush();
                                                                  }},
                                                                 settle);
                                         },
                                         100));
  check("the exit of a subscriber", testing::explore(
                                        [&] {
                                          return case_in<world>(make(),
                                                                {[](world& x) { x.home.state->member_down(x.reader.who()); },
                                                                 [](world& x) { x.home.it.flush(); }},
                                                                settle);
                                        },
                                        100));
  check("the end of a scope",
        testing::explore(
            [&] {
              return case_in<world>(make(), {[](world& x) { x.home.state->close(); }, [](world& x) { x.home.it.flush(); }},
                                    settle);
            },
            100));
}

TEST_CASE("whatever the order, the events of a subscription lead to what is there", "[explore]") {
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
  check("a subscription, joins and a drain",
        testing::explore(
            [&] {
              return case_in<world>(std::make_shared<world>(100),
                                    {[](world& x) { x.reader.subscribe(); },
                                     [](world& x) {
                                       static_cast<void>(x.home.it.join("k", x.who, 1));
                                       static_cast<void>(x.home.it.update_value("k", x.who, 2));
                                     },
                                     [](world& x) { x.home.state->drain(); }},
                                    fault);
            },
            3));
  check("a subscriber that lags", testing::explore(
                                      [&] {
                                        auto all = std::make_shared<world>(1);
                                        all->reader.subscribe();
                                        return case_in<world>(all,
                                                              {[](world& x) {
                                                                 static_cast<void>(x.home.it.join("k", x.who, 1));
                                                                 static_cast<void>(x.home.it.join("k", x.who, 2));
                                                                 x.home.state->drain();
                                                               },
                                                               [](world& x) {
                                                                 x.reader.take();
                                                                 x.reader.take();
                                                               }},
                                                              fault);
                                      },
                                      4));
}

TEST_CASE("whatever the order, a wait for a key ends once", "[explore]") {
  struct world {
    small_scope home;
    member who = home.spawn();
    std::atomic<int> ended{0};
  };
  check("a wait, a join and the end of the scope",
        testing::explore(
            [&] {
              return case_in<world>(
                  std::make_shared<world>(),
                  {[](world& x) { x.home.state->await("k", [&x](const result<group>&) { ++x.ended; }); },
                   [](world& x) { static_cast<void>(x.home.it.join("k", x.who, 1)); },
                   [](world& x) { x.home.state->close(); }},
                  [](world& x) { return x.ended == 1 ? "" : "a wait ended " + std::to_string(x.ended) + " times"; });
            },
            4));
}

} // namespace registry
