#pragma once

#include <registry/error/error.hpp>

#include <caf/message.hpp>
#include <caf/response_promise.hpp>

#include <utility>

namespace registry {

/// The duty to answer a message, once. A request whose responder is destroyed unanswered gets `errc::cancelled`: nobody waits
/// for an answer in vain. The answer to a message that is no request is sent as a message, if there is one and a sender.
/// Only on the thread of the actor that received the message.
class [[nodiscard]] responder {
public:
  /// One that owes nothing.
  responder() noexcept = default;
  explicit responder(caf::response_promise promise) noexcept : promise_(std::move(promise)) {}
  responder(responder&& other) noexcept : promise_(std::exchange(other.promise_, {})) {}
  responder& operator=(responder&& other) noexcept {
    responder(std::move(other)).swap(*this);
    return *this;
  }
  ~responder();
  void swap(responder& other) noexcept { std::swap(promise_, other.promise_); }

  /// Whether an answer is still owed.
  [[nodiscard]] bool owed() const noexcept { return promise_.pending(); }

  /// Answers with values, or without any.
  template <class... Ts>
  void answer(Ts&&... values) {
    deliver(caf::make_message(std::forward<Ts>(values)...));
  }
  /// Answers with what a result holds.
  template <class T>
  void answer(result<T> outcome) {
    if (!outcome)
      refuse(outcome.error());
    else if constexpr (std::is_void_v<T>)
      answer();
    else
      answer(std::move(outcome).value());
  }
  /// Answers a request with an error.
  void refuse(const error& why);

private:
  void deliver(caf::message content);

  caf::response_promise promise_;
};

} // namespace registry
