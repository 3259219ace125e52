#pragma once

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>

#include <utility>

namespace registry::inline v0_2 {

/// Sends a message to an actor, for example one that was looked up; the receiver sees no sender. Any thread, never blocks.
/// Types are not checked: an actor that does not handle the message reports it as CAF does. A null handle, or an actor that
/// has terminated, drops the message. Messages of one thread to one actor arrive in order, or, when its node is lost, not at
/// all. On another node one may arrive before changes of a scope that were made before it, and before what was dispatched: see
/// `scope::dispatch`, which keeps that order.
///
///     for (const auto& one : rooms.lookup("lobby"))
///       tell(one.who, say{"hello"});
template <actor_handle Handle, class... Ts>
void tell(const Handle& to, Ts&&... content) {
  compat::deliver(as_member(to), caf::make_message(std::forward<Ts>(content)...));
}

} // namespace registry::inline v0_2
