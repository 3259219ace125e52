#pragma once

#include <presence/status.hpp>

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/error/error.hpp>
#include <registry/scope/scope.hpp>

#include <chrono>
#include <string>

namespace presence {

/// A user who is online for as long as this actor lives. A text that it is sent is its new state, and `offline` the end. A
/// user who is silent for `patience` is away. Errors: those of `scope::join` and `scope::update_value`.
registry::task<registry::result<void>> user(registry::coroutine_self self, registry::scope people, std::string name,
                                            status now, std::chrono::milliseconds patience);

} // namespace presence
