#pragma once

#include <registry/error/error.hpp>

#include <caf/fwd.hpp>

#include <exception>

namespace registry::inline v0_2::detail {

/// A `result` that the main coroutine of an actor ended with, on its way out.
class escaped_error final : public std::exception {
public:
  explicit escaped_error(error what) noexcept : what_(std::move(what)) {}
  [[nodiscard]] const char* what() const noexcept override { return "the coroutine ended with an error"; }
  [[nodiscard]] const error& get() const noexcept { return what_; }

private:
  error what_;
};

/// Any error of CAF as one of the registry.
error to_error(const caf::actor_system& system, const caf::error& what);

/// What an exception says.
error to_error(const std::exception_ptr& what);

} // namespace registry::inline v0_2::detail
