#pragma once

#include <registry/compat/version.hpp>
#include <registry/error/error.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/error.hpp>
#include <caf/is_error_code_enum.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#if !REGISTRY_CAF_0_17

CAF_ERROR_CODE_ENUM(registry::errc)
#endif

namespace registry::inline v0_2 {

#if !REGISTRY_CAF_0_17
/// @cond
bool from_integer(std::underlying_type_t<errc> number, errc& code) noexcept;
bool from_string(std::string_view name, errc& code) noexcept;

template <class Inspector>
bool inspect(Inspector& f, errc& code) {
  if (f.has_human_readable_format()) {
    const auto get_name = [&] { return std::string{to_string(code)}; };
    const auto set_name = [&](std::string_view name) { return from_string(name, code); };
    return f.apply(get_name, set_name);
  }
  const auto get = [&] { return static_cast<std::underlying_type_t<errc>>(code); };
  const auto set = [&](std::underlying_type_t<errc> number) { return from_integer(number, code); };
  return f.apply(get, set);
}
/// @endcond
#endif

namespace compat {

/// An error of the registry as one of CAF, with the message and the holder in its context. Any thread.
caf::error to_caf(const error& e);

/// An error of CAF that `to_caf` made, perhaps on another node, as one of the registry; nothing for errors of other
/// categories. Any thread.
std::optional<error> from_caf(const caf::error& e);

/// Makes an actor system render errors of the registry. `system_config` does.
void add_error_category(caf::actor_system_config& config);

} // namespace compat
} // namespace registry::inline v0_2
