#pragma once

#include <registry/error/error.hpp>

#include <caf/message.hpp>
#include <caf/response_promise.hpp>

#include <utility>

namespace registry::inline v0_2 {

/// The duty to answer a message, once. A request whose responder is destroyed unanswered gets `errc::cancelled`, so that no
/// caller waits in vain. The answer to a message that is no request is a message to its sender, if there is a sender and the
/// answer has content. Only on the thread of the actor that received the message.
class [[nodiscard]] responder {
public:
  /// No duty.
  responder() noexcept = default;
  /// The duty of a promise of CAF.
  explicit responder(caf::response_promise promise) noexcept : promise_(std::move(promise)) {}
  ///@{
  /// Moves the duty; the target of an assignment first refuses its own.
  responder(responder&& other) noexcept : promise_(std::exchange(other.promise_, {})) {}
  responder& operator=(responder&& other) noexcept {
    responder(std::move(other)).swap(*this);
    return *this;
  }
  ///@}
  ~responder();
  /// Exchanges two duties.
  void swap(responder& other) noexcept { std::swap(promise_, other.promise_); }

  /// Whether an answer is still owed.
  [[nodiscard]] bool owed() const noexcept { return promise_.pending(); }

  /// Answers with values, or without any.
  template <class... Ts>
  void answer(Ts&&... values) {
    deliver(caf::make_message(std::forward<Ts>(values)...));
  }
  /// Answers with the value of a result, or with its error.
  template <class T>
  void answer(result<T> outcome) {
    if (!outcome)
      refuse(outcome.error());
    else if constexpr (std::is_void_v<T>)
      answer();
    else
      answer(std::move(outcome).value());
  }
  /// Answers a request with an error; a message that is no request is dropped.
  void refuse(const error& why);

private:
  void deliver(caf::message content);

  caf::response_promise promise_;
};

} // namespace registry::inline v0_2
