#pragma once

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/base.hpp>

#include <registry/member/member.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace registry::inline v0_2 {

/// The kinds of failure of an operation of the registry. 0 is reserved for "no error". The page on error codes says what to
/// do about each.
enum class errc : std::uint8_t {
  invalid_argument = 1,          ///< an option or argument that can never be right
  invalid_actor,                 ///< a handle that refers to no actor
  not_local,                     ///< the member lives on another node; only its owner may join it
  not_joined,                    ///< the member has no entry under the key
  already_registered,            ///< unique mode: a live local actor holds the key; see `error::holder`
  unique_requires_single_member, ///< unique mode: more than one member in one join
  requires_unique,               ///< the operation exists in unique mode only
  not_registered,                ///< nobody holds the key
  bad_match_spec,                ///< a malformed pattern, guard or specification; see `error::position`
  unknown_reference,             ///< no such subscription, or it has ended
  scope_exists,                  ///< a scope of this name is already open on this node
  scope_closed,                  ///< the scope or its node has been closed
  timeout,                       ///< the time given ran out
  malformed,                     ///< bytes or text that do not decode; see `error::position`
  limit_exceeded,                ///< a documented bound (depth, size, count) would be passed
  actor_down,                    ///< the actor that was asked has terminated
  cancelled,                     ///< the work was abandoned before it was done
  failed,                        ///< something outside of the registry failed; the message has its words
};

/// The stable lower-case name of a code, as it appears in messages and on the wire: `"not_joined"`.
std::string_view to_string(errc code) noexcept;

/// An error as a value: a code, a message that says what to do about it, and the data for a reaction. Cheap to copy
/// (one reference count), immutable, safe to pass between threads.
class error {
public:
  ///@{
  /// An error with the code's default message, or with one that says what happened, where, and what to do.
  error(errc code) noexcept; // NOLINT(google-explicit-constructor): `return errc::not_joined;` is the point
  error(errc code, std::string message);
  ///@}

  /// The error of a unique key that is taken, with the actor that holds it.
  static error held_by(member holder);
  /// An error found at a place in a text or specification; `position` counts bytes (text) or elements from 0.
  static error at(errc code, std::size_t position, std::string message);

  /// The kind of failure, for programs to branch on.
  [[nodiscard]] errc code() const noexcept { return code_; }
  /// One line for a person: what was wrong and what to do. The view lives as long as this error or a copy of it.
  [[nodiscard]] std::string_view message() const noexcept;
  /// The actor that holds the key (`already_registered`), otherwise null.
  [[nodiscard]] const member& holder() const noexcept;
  /// The place in the text or specification where the error was found, see `at`; 0 when it has none.
  [[nodiscard]] std::size_t position() const noexcept;

  /// Compares the code alone: `if (failure == errc::timeout)`.
  friend bool operator==(const error& a, errc b) noexcept { return a.code_ == b; }
  /// Prints what `to_string` returns.
  friend std::ostream& operator<<(std::ostream& out, const error& e);

private:
  struct details;
  errc code_;
  std::shared_ptr<const details> details_;
};

/// The code's name and the message: `"not_joined: …"`.
std::string to_string(const error& e);

namespace detail {

/// Prints the error, or that there was none, with the calls that led there, and aborts.
[[noreturn]] void end_with(const error& unexpected) noexcept;
[[noreturn]] void end_without_error() noexcept;

struct end_program : BOOST_OUTCOME_V2_NAMESPACE::policy::base {
  template <class Result>
  static constexpr void wide_value_check(Result&& x) noexcept {
    if (!base::_has_value(x))
      end_with(base::_error(x));
  }
  template <class Result>
  static constexpr void wide_error_check(Result&& x) noexcept {
    if (!base::_has_error(x))
      end_without_error();
  }
};

} // namespace detail

/// The outcome of a fallible operation: `if (auto joined = rooms.join("lobby", ann); !joined) … joined.error() …`. To take
/// `.value()` of a failure, or `.error()` of a success, is a bug of the program: it prints the error with a stack trace and
/// aborts. An alias of Boost.Outcome's `basic_result`, whose other functions are available, too.
template <class T>
using result = BOOST_OUTCOME_V2_NAMESPACE::basic_result<T, error, detail::end_program>;

/// The value to return from a function of `result<void>` that has succeeded: `return success();`.
inline auto success() noexcept {
  return BOOST_OUTCOME_V2_NAMESPACE::success();
}

} // namespace registry::inline v0_2
