#include <registry/actor/tell.hpp>
#include <registry/compat/actor.hpp>
#include <registry/compat/error.hpp>
#include <registry/scope/internal/scope_state.hpp>
#include <registry/scope/internal/spawn_scope_actor.hpp>
#include <registry/scope/scope.hpp>
#include <registry/time/deadline.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

namespace {

value as_value(const entry& x) {
  return list(x.who, x.data);
}
value as_value(const member& x) {
  return x;
}
value as_value(const value& x) {
  return x;
}
value as_value(std::size_t x) {
  return static_cast<std::int64_t>(x);
}
value as_value(bool x) {
  return x;
}

template <class Range>
value list_of(const Range& items) {
  std::vector<value> out;
  for (const auto& item : items)
    out.push_back(as_value(item));
  return value::list(std::move(out));
}

template <class T>
value as_value(const std::vector<T>& items) {
  return list_of(items);
}

value as_value(const table_snapshot& view) {
  std::vector<value> out;
  out.reserve(view.key_count());
  view.for_each([&](const value& key, const group& entries) { out.push_back(list(key, list_of(entries))); });
  return value::list(std::move(out));
}

caf::result<void> answer(const result<void>& outcome) {
  if (!outcome)
    return compat::to_caf(outcome.error());
  return {};
}

template <class T>
caf::result<value> answer(const result<T>& outcome) {
  if (!outcome)
    return compat::to_caf(outcome.error());
  return as_value(outcome.value());
}

class scope_actor_impl : public scope_actor::base {
public:
  using promise = caf::typed_response_promise<value>;

  scope_actor_impl(caf::actor_config& config, std::shared_ptr<scope_state> state)
      : scope_actor::base(config), state_(std::move(state)), scope_(state_) {
    compat::on_down(this, [this](caf::down_msg& down) {
      // Handled together with those that follow: under load, waiting for a lock takes longer than holding it.
      if (auto who = caf::actor_cast<member>(down.source)) {
        down_.push_back(std::move(who));
        state_->wake();
      }
    });
  }

  const char* name() const override { return "registry.scope"; }

  void on_exit() override {
    for (auto& [number, open] : awaits_) {
      state_->end_await(open.waiter, open.key);
      open.answer.deliver(compat::to_caf(error(errc::scope_closed)));
    }
    awaits_.clear();
    down_.clear(); // the next actor is told about them, too
    // The state may hold a handle to this actor, even as a member of the scope.
    scope_ = scope{nullptr};
    state_.reset();
  }

  behavior_type make_behavior() override {
    return {
        [this](const wake_up&) {
          // All of them: this actor only keeps up if the batch grows with the wait for the lock.
          if (!down_.empty())
            state_->members_down(std::exchange(down_, {}));
          state_->woken();
        },
        [this](const await_done& x) { complete(x.number, x.entries); },
        [this](const await_expired&) { expire(); },
        [this](const join_request& x) { return answer(scope_.join(x.key, x.members, x.data)); },
        [this](const leave_request& x) { return answer(scope_.leave(x.key, x.members)); },
        [this](const update_request& x) { return answer(scope_.update_value(x.key, x.who, x.data)); },
        [this](const unregister_match_request& x) { return answer(scope_.unregister_match(x.key, x.who, x.match)); },
        [this](const leave_all_request& x) { return answer(scope_.leave_all(x.who)); },
        [this](const register_name_request& x) { return answer(scope_.register_name(x.key, x.who, x.data)); },
        [this](const unregister_name_request& x) { return answer(scope_.unregister_name(x.key)); },
        [this](const whereis_request& x) { return answer(scope_.whereis(x.key)); },
        [this](const send_request& x) { return answer(scope_.send_message(x.key, x.content)); },
        [this](const lookup_request& x) -> caf::result<value> {
          return x.local_only ? list_of(scope_.lookup_local(x.key)) : list_of(scope_.lookup(x.key));
        },
        [this](const members_request& x) -> caf::result<value> {
          return list_of(x.local_only ? scope_.local_members(x.key) : scope_.members(x.key));
        },
        [this](const values_request& x) -> caf::result<value> { return list_of(scope_.values(x.key, x.who)); },
        [this](const keys_request& x) -> caf::result<value> { return list_of(scope_.keys(x.who)); },
        [this](const count_request&) -> caf::result<value> { return as_value(scope_.count()); },
        [this](const count_key_request& x) -> caf::result<value> { return as_value(scope_.count(x.key)); },
        [this](const groups_request&) -> caf::result<value> { return list_of(scope_.keys()); },
        [this](const match_request& x) { return answer(scope_.match(x.key, x.match)); },
        [this](const count_match_request& x) { return answer(scope_.count_match(x.key, x.match)); },
        [this](const select_request& x) { return answer(scope_.select(x.spec)); },
        [this](const count_select_request& x) { return answer(scope_.count_select(x.spec)); },
        [this](const dispatch_request& x) { return dispatch(x); },
        [this](const put_meta_request& x) { return answer(scope_.put_meta(x.name, x.data)); },
        [this](const meta_request& x) -> caf::result<value> {
          const auto found = scope_.meta(x.name);
          return found ? list(*found) : list();
        },
        [this](const delete_meta_request& x) { return answer(scope_.delete_meta(x.name)); },
        [this](const monitor_request& x) { return monitor(x.key); },
        [this](const monitor_scope_request&) { return monitor(std::nullopt); },
        [this](const demonitor_request& x) { return answer(scope_.demonitor({x.reference})); },
        [this](const await_request& x) { return await(x); },
    };
  }

private:
  caf::result<value> dispatch(const dispatch_request& x) {
    auto strategy = dispatch_strategy::parse(x.strategy);
    if (!strategy)
      return compat::to_caf(strategy.error());
    return as_value(scope_.dispatch_message(x.key, strategy.value(), x.content));
  }

  caf::result<value> monitor(std::optional<value> key) {
    const bool whole_scope = !key.has_value();
    auto start = state_->subscribe(std::move(key), as_member(current_sender()));
    if (!start)
      return compat::to_caf(start.error());
    const auto& [reference, commit, entries, snapshot] = start.value();
    return list(static_cast<std::int64_t>(reference.number), static_cast<std::int64_t>(commit),
                whole_scope ? as_value(snapshot) : list_of(entries));
  }

  // The state calls back from any thread, so the response goes through the mailbox.

  promise await(const await_request& x) {
    auto answer = make_response_promise<value>();
    const auto number = next_await_++;
    const auto self = as_member(this);
    const auto ended_by = state_->await(x.key, [self, number](const result<group>& entries) {
      // When the scope is closed its actor ends, which answers all open requests.
      if (entries)
        registry::tell(self, await_done{number, list_of(entries.value())});
    });
    const auto deadline = deadlines_.emplace(deadline_after(std::chrono::milliseconds{x.timeout_ms}, clock().now()), number);
    awaits_.emplace(number, open_await{answer, x.key, ended_by, deadline});
    set_alarm();
    return answer;
  }

  void complete(std::uint64_t number, const value& entries) {
    if (const auto open = awaits_.extract(number)) {
      deadlines_.erase(open.mapped().deadline);
      open.mapped().answer.deliver(entries);
    }
  }

  void expire() {
    const auto now = clock().now();
    if (now >= alarm_)
      alarm_ = time_point::max();
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
      const auto open = awaits_.extract(deadlines_.begin()->second);
      deadlines_.erase(deadlines_.begin());
      state_->end_await(open.mapped().waiter, open.mapped().key);
      open.mapped().answer.deliver(compat::to_caf(error(errc::timeout)));
    }
    set_alarm();
  }

  /// One alarm for all deadlines, and none that is far away: CAF keeps it, and this actor with it, until its time has come.
  void set_alarm() {
    if (deadlines_.empty() || deadlines_.begin()->first >= alarm_)
      return;
    const auto now = clock().now();
    alarm_ = std::clamp(deadlines_.begin()->first, now, now + farthest_alarm);
    compat::send_self_later(this, std::chrono::ceil<std::chrono::milliseconds>(alarm_ - now), await_expired{});
  }

  using time_point = std::chrono::steady_clock::time_point;
  using deadlines = std::multimap<time_point, std::uint64_t>;

  static constexpr std::chrono::seconds farthest_alarm{1};

  struct open_await {
    promise answer;
    value key;
    std::uint64_t waiter;
    deadlines::iterator deadline;
  };

  std::shared_ptr<scope_state> state_;
  std::vector<member> down_; // have terminated, and are handled with the next `wake_up`
  scope scope_;
  std::unordered_map<std::uint64_t, open_await> awaits_;
  deadlines deadlines_;
  time_point alarm_ = time_point::max();
  std::uint64_t next_await_ = 1;
};

} // namespace

scope_actor spawn_scope_actor(caf::actor_system& system, std::shared_ptr<scope_state> state) {
  return system.spawn<scope_actor_impl>(std::move(state));
}

} // namespace registry::inline v0_2
