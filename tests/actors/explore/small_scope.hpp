#pragma once

#include <registry/actor/handle.hpp>
#include <registry/scope/internal/scope_state.hpp>
#include <registry/scope/messages.hpp>
#include <registry/scope/scope.hpp>

#include <support/companion.hpp>
#include <support/workers.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

// A scope whose every step is controlled by the test, which also plays the scope's actor.

namespace registry::testing {

/// The actor system of a test case; one for all of its runs. A failed case may have left threads in it, and then the system
/// stays.
class explored_system {
public:
  explored_system() { current = this; }
  explored_system(const explored_system&) = delete;
  explored_system& operator=(const explored_system&) = delete;
  ~explored_system() {
    if (faults_ > 0)
      static_cast<void>(content_.release());
  }

  static caf::actor_system& get() { return current->content_->system; }
  static void note_fault() { ++current->faults_; }

private:
  struct content {
    workers_config config{1};
    caf::actor_system system{config};
  };

  inline static explored_system* current = nullptr;

  std::unique_ptr<content> content_ = std::make_unique<content>();
  int faults_ = 0;
};

inline caf::actor_system& shared_system() {
  return explored_system::get();
}

/// An actor whose end can be waited for, and whose destructor can act.
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
      : state(std::make_shared<scope_state>(options(subscription_limit), shared_system(),
                                            [](std::string_view) { return member{}; })),
        it(state) {
    attach();
  }
  ~small_scope() {
    state->close();
    for (const auto& who : all_) {
      if (const auto alive = caf::actor_cast<member>(who))
        registry::kill(alive);
    }
  }

  /// The test's actor becomes the scope's once more.
  void attach() { state->attach_actor(caf::actor_cast<scope_actor>(actor_.who())); }

  member spawn(std::function<void()> at_the_end = {}) {
    auto who = shared_system().spawn<mortal>(std::move(at_the_end));
    // The first to be attached is called last, after all that monitor the actor.
    auto ended = std::make_shared<std::promise<void>>();
    who->attach_functor([ended] { ended->set_value(); });
    ends_.emplace(caf::actor_cast<member>(who).get(), ended->get_future());
    all_.push_back(caf::actor_cast<caf::weak_actor_ptr>(who));
    return registry::as_member(who);
  }
  /// Ends an actor, once.
  void kill(const member& who) {
    registry::kill(who);
    ends_.at(who.get()).wait();
  }

  /// The scope's actor handles its `down_msg`s.
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
      state->members_down(std::span{&who, 1});
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

/// Folds the events of a subscription, and compares the result with the scope.
class folding_subscriber {
public:
  explicit folding_subscriber(small_scope& home) : home_(home) {}

  void subscribe() {
    auto start = home_.it.monitor_scope(self_.who());
    begin(start.value());
  }
  void unsubscribe() { static_cast<void>(home_.it.demonitor(reference_)); }
  /// Takes all pending events.
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

} // namespace registry::testing
