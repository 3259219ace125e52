#pragma once

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/error/error.hpp>
#include <registry/scope/scope.hpp>

#include <functional>
#include <string_view>

namespace presence {

/// Receives the output, line by line.
using teller = std::function<void(std::string_view line)>;

/// Tells who is online, then who comes, goes and changes: everything once, in order, until the actor is ended. Errors: those of
/// `scope::monitor_scope`.
registry::task<registry::result<void>> watcher(registry::coroutine_self self, registry::scope people, teller tell);

} // namespace presence
