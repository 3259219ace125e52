#pragma once

#include <registry/member/member.hpp>

#include <caf/actor_cast.hpp>
#include <caf/fwd.hpp>

#include <concepts>
#include <type_traits>

namespace registry::inline v0_2 {

namespace detail {

template <class T>
inline constexpr bool is_typed_pointer = false;
template <class... Signatures>
inline constexpr bool is_typed_pointer<caf::typed_actor_pointer<Signatures...>> = true;

/// What `caf::actor_cast` takes: handles, and the pointers that actors know themselves by.
template <class T>
concept caf_handle =
    requires { T::has_weak_ptr_semantics; } || is_typed_pointer<T> || std::convertible_to<T, const caf::abstract_actor*>;

} // namespace detail

/// A type that names an actor: `caf::actor`, `caf::typed_actor<…>`, `member`, a pointer to an actor such as the `self` of a
/// classic actor, the `coroutine_self` of a coroutine.
template <class T>
concept actor_handle = detail::caf_handle<T> || requires(const T& x) {
  { x.handle() } -> std::convertible_to<member>;
};

///@{
/// The actor of any handle; null for a null handle or pointer. O(1), wait-free; any thread.
template <actor_handle Handle>
member as_member(const Handle& handle) {
  if constexpr (std::is_pointer_v<Handle>)
    return handle != nullptr ? caf::actor_cast<member>(handle) : nullptr;
  else if constexpr (detail::caf_handle<Handle>)
    return caf::actor_cast<member>(handle);
  else
    return handle.handle();
}
inline const member& as_member(const member& handle) noexcept {
  return handle;
}
///@}

/// Whether the actor has not terminated yet; for an actor of another node, as far as this node has heard. False for null.
/// Any thread, wait-free.
[[nodiscard]] bool is_alive(const member& who) noexcept;

///@{
/// Sends an actor an exit message: `kill` cannot be refused; `shut_down` can be handled, as any exit (its reason is
/// `user_shutdown`). It terminates when it reads the message. Linked actors get the reason. Any thread, never blocks. A null
/// handle is ignored.
void kill(const member& who);
void shut_down(const member& who);
template <actor_handle Handle>
void kill(const Handle& who) {
  kill(as_member(who));
}
template <actor_handle Handle>
void shut_down(const Handle& who) {
  shut_down(as_member(who));
}
///@}

} // namespace registry::inline v0_2
