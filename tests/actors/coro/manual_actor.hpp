#pragma once

#include <registry/coro/detail/context.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/node/system_config.hpp>

#include <caf/message.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace registry::testing {

/// The coroutines of an actor without the actor: the test is its mailbox, its peers and its clock, so that everything
/// happens under the control of the test, in one thread.
class manual_actor final : private detail::coroutine_context {
public:
  manual_actor() = default;
  ~manual_actor() { kill(); }
  manual_actor(const manual_actor&) = delete;
  manual_actor& operator=(const manual_actor&) = delete;

  [[nodiscard]] coroutine_self self() { return coroutine_self{*this}; }
  using coroutine_context::start;
  /// Starts a lambda that is a coroutine. The lambda lives as long as its coroutine, so it may have captures.
  template <class Main>
  void run(Main main) {
    auto kept = std::make_shared<Main>(std::move(main));
    mains_.push_back(kept);
    start((*kept)());
  }
  /// Destroys all coroutines, like the end of the actor.
  void kill() { shut_down(); }
  template <class... Ts>
  void receive(Ts&&... content) {
    received({caf::make_message(std::forward<Ts>(content)...), nullptr, {}});
  }
  /// Lets time pass.
  void advance(std::chrono::milliseconds time) {
    now_ += time;
    if (wake_up_ && *wake_up_ <= now_) {
      wake_up_.reset();
      woken();
    }
  }

  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] std::exception_ptr failure() const noexcept { return failure_; }
  [[nodiscard]] std::size_t wake_ups() const noexcept { return wake_ups_; }

private:
  member handle() override { return nullptr; }
  caf::actor_system& system() override { throw std::logic_error("a manual actor has no system"); }
  detail::time_point now() override { return now_; }
  std::uint64_t ask(const member&, std::chrono::milliseconds, caf::message) override {
    throw std::logic_error("a manual actor has no peers");
  }
  void wake_at(detail::time_point when) override {
    ++wake_ups_;
    wake_up_ = when;
  }
  void main_ended(std::exception_ptr failure) override {
    ended_ = true;
    failure_ = failure;
  }

  system_config types_; // CAF 1.x knows no message types without one
  detail::time_point now_{};
  std::optional<detail::time_point> wake_up_;
  std::size_t wake_ups_ = 0;
  bool ended_ = false;
  std::exception_ptr failure_;
  std::vector<std::shared_ptr<void>> mains_;
};

/// Counts the living objects; one in a coroutine shows when its frame is destroyed.
class counted {
public:
  explicit counted(int& alive) noexcept : alive_(&alive) { ++*alive_; }
  counted(const counted& other) noexcept : alive_(other.alive_) { ++*alive_; }
  counted& operator=(const counted&) = delete;
  ~counted() { --*alive_; }

private:
  int* alive_;
};

} // namespace registry::testing
