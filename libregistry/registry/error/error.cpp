#include <registry/error/error.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <utility>

#if __has_include(<execinfo.h>)
#include <execinfo.h>
#include <unistd.h>
#endif

namespace registry::inline v0_2 {

struct error::details {
  std::string message;
  member holder;
  std::size_t position = 0;
};

namespace {

struct description {
  std::string_view name;
  std::string_view message;
};

description describe(errc code) noexcept {
  switch (code) {
  case errc::invalid_argument:
    return {"invalid_argument", "an argument is invalid; see the reference of the operation for the valid ones"};
  case errc::invalid_actor:
    return {"invalid_actor", "the actor handle is null; pass the handle of an actor"};
  case errc::not_local:
    return {"not_local", "the actor lives on another node; only a registry on its own node may change its entries"};
  case errc::not_joined:
    return {"not_joined", "the actor has no entry under this key; join it first"};
  case errc::already_registered:
    return {"already_registered", "a live actor of this node holds the key; unregister it or use another key"};
  case errc::unique_requires_single_member:
    return {"unique_requires_single_member", "the scope has unique keys; join one member per key"};
  case errc::requires_unique:
    return {"requires_unique", "the operation needs a scope with unique keys; open the scope in unique mode or use lookup"};
  case errc::not_registered:
    return {"not_registered", "no actor of this node holds the key; register one first"};
  case errc::bad_match_spec:
    return {"bad_match_spec", "the pattern, guard or body is malformed; correct it at the given position"};
  case errc::unknown_reference:
    return {"unknown_reference", "no subscription has this reference; it has ended, or belongs to another scope"};
  case errc::scope_exists:
    return {"scope_exists", "a scope of this name is open on this node; use it or choose another name"};
  case errc::scope_closed:
    return {"scope_closed", "the scope or its node has been closed; open it again to continue"};
  case errc::timeout:
    return {"timeout", "the time limit passed before the operation completed; retry or allow more time"};
  case errc::malformed:
    return {"malformed", "the input does not decode; correct it at the given position"};
  case errc::limit_exceeded:
    return {"limit_exceeded", "the input exceeds a documented limit of depth, size or count; split it or make it smaller"};
  case errc::actor_down:
    return {"actor_down", "the requested actor has terminated; look up another one"};
  case errc::cancelled:
    return {"cancelled", "the work was given up before it was done; ask again if it is still wanted"};
  case errc::failed:
    return {"failed", "an actor or a library outside the registry reported a failure"};
  }
  return {"unknown", "an error code of another version of the registry"};
}

} // namespace

std::string_view to_string(errc code) noexcept {
  return describe(code).name;
}

error::error(errc code) noexcept : code_(code) {}

error::error(errc code, std::string message)
    : code_(code), details_(std::make_shared<details>(details{std::move(message), {}, 0})) {}

error error::held_by(member holder) {
  error result{errc::already_registered};
  result.details_ = std::make_shared<details>(details{{}, std::move(holder), 0});
  return result;
}

error error::at(errc code, std::size_t position, std::string message) {
  error result{code};
  result.details_ = std::make_shared<details>(details{std::move(message), {}, position});
  return result;
}

std::string_view error::message() const noexcept {
  return details_ && !details_->message.empty() ? std::string_view{details_->message} : describe(code_).message;
}

const member& error::holder() const noexcept {
  static const member nobody;
  return details_ ? details_->holder : nobody;
}

std::size_t error::position() const noexcept {
  return details_ ? details_->position : 0;
}

std::string to_string(const error& e) {
  std::string text{to_string(e.code())};
  text += ": ";
  text += e.message();
  return text;
}

namespace detail {

namespace {

[[noreturn]] void abort_with(std::string_view what) noexcept {
  std::fprintf(stderr, "registry: %.*s\n", static_cast<int>(what.size()), what.data());
#if __has_include(<execinfo.h>)
  constexpr int most_calls = 32;
  std::array<void*, most_calls> calls{};
  backtrace_symbols_fd(calls.data(), backtrace(calls.data(), most_calls), STDERR_FILENO);
#endif
  std::abort();
}

} // namespace

void end_with(const error& unexpected) noexcept {
  abort_with("value() of a result that is an error; check the result first. The error is " + to_string(unexpected));
}

void end_without_error() noexcept {
  abort_with("error() of a result that is a success; check the result first");
}

} // namespace detail

std::ostream& operator<<(std::ostream& out, const error& e) {
  return out << to_string(e);
}

} // namespace registry::inline v0_2
