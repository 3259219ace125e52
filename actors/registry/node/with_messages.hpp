#pragma once

#include <registry/compat/messages.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/type_id.hpp>

#include <concepts>
#include <utility>

namespace registry::inline v0_2 {

namespace detail {

/// Whether a block leaves the ids of the registry alone.
template <class Block>
inline constexpr bool is_outside =
    Block::end <= caf::first_custom_type_id + 1000 || Block::begin >= caf::first_custom_type_id + 2000;

template <class... Blocks>
struct announced {
  static_assert((is_outside<Blocks> && ...),
                "the type ids from caf::first_custom_type_id + 1000 to + 1999 are the registry's");

  announced() {
    compat::announce_core_messages();
    (compat::announce_messages<Blocks>(), ...);
  }
};

} // namespace detail

/// A configuration that also knows the application's own message types, given as one or more of CAF's type-id blocks:
///
///     CAF_BEGIN_TYPE_ID_BLOCK(shop, caf::first_custom_type_id)
///     CAF_ADD_TYPE_ID(shop, (order))
///     CAF_END_TYPE_ID_BLOCK(shop)
///
///     registry::with_messages<registry::system_config, caf::id_block::shop> config;
///     caf::actor_system system{config};
///
/// The ids from `caf::first_custom_type_id + 1000` to `+ 1999` are the registry's; a block that takes one of them does not
/// compile. All nodes of a cluster must give their types the same ids. An application with options of its own derives from
/// this class. Announces the types as either generation of CAF needs it: 0.17 in the configuration, 1.x before any
/// configuration exists.
template <std::derived_from<caf::actor_system_config> Config, class... Blocks>
class with_messages : private detail::announced<Blocks...>, public Config {
public:
  /// The arguments are those of the configuration.
  template <class... Args>
    requires std::constructible_from<Config, Args...>
  explicit with_messages(Args&&... arguments) : Config(std::forward<Args>(arguments)...) {
    (compat::add_messages<Blocks>(*this), ...);
  }
};

} // namespace registry::inline v0_2
