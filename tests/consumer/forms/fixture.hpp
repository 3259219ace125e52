#pragma once

#include "canary.hpp"

#include <registry/coro/awaitable_scope.hpp>
#include <registry/coro/channel.hpp>
#include <registry/coro/event_stream.hpp>
#include <registry/coro/generator.hpp>
#include <registry/coro/nursery.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/coro/when.hpp>
#include <registry/scope/scope.hpp>
#include <registry/value/value.hpp>

#include <caf/actor.hpp>

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace forms {

using namespace registry;
using namespace std::chrono_literals;

/// How often the loop of a form turns.
inline constexpr int turns_due = 4;

using shared_canary = std::shared_ptr<canary>;

/// One of everything that forms copy, except for `std::unique_ptr<canary>`.
using owners = std::tuple<channel<shared_canary>, shared_canary, std::weak_ptr<canary>, std::string, std::function<bool()>,
                          std::span<const canary>, std::pair<const canary*, const canary*>, counted_pair, caf::actor,
                          std::optional<shared_canary>, std::vector<shared_canary>, std::pair<shared_canary, shared_canary>,
                          value, scope, canary>;

/// What a form runs on. Everything that can be awaited here is sometimes ready and sometimes not.
class fixture {
public:
  fixture(coroutine_self self, scope rooms, std::string name);

  // -- What forms copy

  template <class T>
  [[nodiscard]] T copy() const {
    if constexpr (std::is_same_v<T, std::unique_ptr<canary>>)
      return std::make_unique<canary>();
    else
      return std::get<T>(owners_);
  }
  /// Notes it if a copy is not what it was copied from.
  template <class T>
  void see(const T& held) {
    if (!intact(held))
      wrong("the owner is not intact");
  }

  // -- Turns of the loop

  [[nodiscard]] bool more() const noexcept { return turns_ < turns_due; }
  [[nodiscard]] int turns() const noexcept { return turns_; }
  void turn() {
    if (++turns_ == turns_due && at_end)
      at_end();
  }
  /// Whether an awaitable gave what it should, and the loop shall go on.
  template <class T>
  [[nodiscard]] bool good(T&& outcome) {
    return more() && fine(outcome);
  }
  template <class T>
  void check(T&& outcome) {
    if (!good(outcome))
      wrong("an awaitable gave something else");
  }

  // -- What forms await

  [[nodiscard]] task<> pause();
  [[nodiscard]] task<int> count();
  [[nodiscard]] task<result<void>> step();
  [[nodiscard]] task<result<std::string>> give();
  [[nodiscard]] task<std::optional<shared_canary>> maybe();
  [[nodiscard]] std::vector<task<result<std::string>>> several();
  [[nodiscard]] static std::vector<int> several_numbers() { return std::vector<int>(turns_due, 7); }
  [[nodiscard]] generator<shared_canary> stream();
  [[nodiscard]] nursery::join_operation join(nursery& children);
  /// The name of a key that will have an entry soon; the last one never has.
  [[nodiscard]] value key() const { return name_ + std::to_string(turns_); }
  [[nodiscard]] value name() const { return name_; }
  [[nodiscard]] std::chrono::milliseconds patience() const noexcept { return more() ? 10s : 1ms; }
  [[nodiscard]] std::string word() const { return std::string(40, 'w'); }
  /// Ready every other time.
  [[nodiscard]] bool waits() noexcept { return (calls_++ / 2) % 2 == 1; }

  // -- Who gives the awaitables something to do

  template <class T>
  void feed(channel<T> to, T item) {
    to.try_push(item);
    to.try_push(item);
    feeders_.start(push_rest(this, std::move(to), std::move(item)));
  }
  void drain(channel<int*> from);
  void feed_messages();
  void feed_requests();
  void feed_keys();
  void feed_events();

  /// What is wrong, or nothing.
  [[nodiscard]] std::string verdict(const result<bool>& outcome) const;
  void wrong(std::string what) { wrong_ = std::move(what); }

  coroutine_self self;
  awaitable_scope rooms;
  caf::actor echo;
  channel<int*> pointers;
  channel<std::string> words;
  channel<shared_canary> canaries;
  int number = 42;
  std::function<void()> at_end;

private:
  template <class T>
  static task<> push_rest(fixture* f, channel<T> to, T item) {
    for (int i = 2; i < turns_due; ++i) {
      co_await f->pause();
      to.try_push(item);
    }
    to.close();
  }

  static bool intact(const channel<shared_canary>& x) { return x.size() == 1 && !x.closed(); }
  static bool intact(const shared_canary& x) { return x && x->intact(); }
  static bool intact(const std::unique_ptr<canary>& x) { return x && x->intact(); }
  static bool intact(const std::weak_ptr<canary>& x) { return intact(x.lock()); }
  static bool intact(const std::function<bool()>& x) { return x && x(); }
  static bool intact(const counted_pair& x) { return x.intact(); }
  static bool intact(const canary& x) { return x.intact(); }
  static bool intact(const std::optional<shared_canary>& x) { return x && intact(*x); }
  static bool intact(const std::vector<shared_canary>& x) { return x.size() == 2 && intact(x[0]) && intact(x[1]); }
  static bool intact(const std::pair<shared_canary, shared_canary>& x) { return intact(x.first) && intact(x.second); }
  bool intact(const std::string& x) const { return x == word(); }
  bool intact(const std::span<const canary>& x) const { return x.data() == cells_.data() && x.size() == 2 && x[1].intact(); }
  bool intact(const std::pair<const canary*, const canary*>& x) const {
    return x.first == &cells_[0] && x.second == &cells_[1] && x.second->intact();
  }
  bool intact(const caf::actor& x) const { return x == std::get<caf::actor>(owners_); }
  bool intact(const value& x) const { return x == std::get<value>(owners_); }
  bool intact(const scope& x) const { return x.name() == "rooms"; }

  static bool fine(const bool& x) { return x; }
  static bool fine(const int& x) { return x == 7; }
  static bool fine(const std::int64_t&) { return false; } // nobody sends one
  bool fine(const std::string& x) const { return intact(x); }
  static bool fine(const shared_canary& x) { return intact(x); }
  bool fine(int* const& x) const { return x == &number && number == 42; }
  static bool fine(const std::monostate&) { return true; }
  static bool fine(const watched& x) { return x.index() < 2; }
  static bool fine(const group& x) { return x.size() == 1; }
  template <class T>
  bool fine(const std::optional<T>& x) const {
    return x && fine(*x);
  }
  template <class T>
  bool fine(const result<T>& x) const {
    if constexpr (std::is_void_v<T>)
      return x.has_value();
    else
      return x && fine(x.value());
  }
  template <class T>
  bool fine(const incoming<T>& x) const {
    return x.sender != nullptr && x.reply.owed() && fine(x.content);
  }
  template <class T>
  bool fine(const first_done<T>& x) const {
    return fine(x.value);
  }
  template <class T>
  bool fine(const std::vector<T>& x) const {
    return x.size() == 2 && fine(x[0]) && fine(x[1]);
  }
  template <class... Ts>
  bool fine(const std::variant<Ts...>& x) const {
    return std::visit([this](const auto& y) { return fine(y); }, x);
  }
  template <class... Ts>
  bool fine(const std::tuple<Ts...>& x) const {
    return std::apply([this](const auto&... ys) { return (fine(ys) && ...); }, x);
  }

  std::string name_;
  int turns_ = 0;
  int calls_ = 0;
  std::string wrong_;
  std::vector<canary> cells_{2};
  int pair_uses_ = 0;
  owners owners_;
  nursery feeders_;
};

/// A coroutine that gets the owner as an argument.
template <class T>
task<result<void>> keep(fixture* f, T held) {
  if (f->waits())
    co_await f->self.sleep_for(1ms);
  f->see(held);
  co_return success();
}

/// An awaiter of the application's own that keeps a copy of the owner: ready every other time.
template <class T>
class keeper {
public:
  keeper(fixture* f, const T& held) : f_(f), held_(held), wait_(f->self.sleep_for(1ms)) {}
  keeper(fixture* f, T&& held) : f_(f), held_(std::move(held)), wait_(f->self.sleep_for(1ms)) {}

  [[nodiscard]] bool await_ready() const { return !f_->waits(); }
  void await_suspend(std::coroutine_handle<> coroutine) { wait_.await_suspend(coroutine); }
  result<void> await_resume() {
    f_->see(held_);
    return success();
  }

private:
  fixture* f_;
  T held_;
  sleep_operation wait_;
};

// What a form says at its end.
task<bool> outcome(fixture* f, task<> form);
task<bool> outcome(fixture* f, task<int> form);
task<bool> outcome(fixture* f, task<std::string> form);
task<bool> outcome(fixture* f, task<result<void>> form);

struct form {
  const char* name;
  task<bool> (*run)(fixture* f);
};

/// All of them; generated.
extern const std::vector<const std::vector<form>*> all_forms;

} // namespace forms
