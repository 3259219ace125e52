#pragma once

/// @file
/// For programs built by clang on a CAF 0.17 built by GCC, such as Debian's. `system_config` includes it; it declares
/// nothing for applications.

#include <registry/compat/version.hpp>

#if REGISTRY_CAF_0_17 && defined(__clang__)
#include <caf/atom.hpp>
#include <caf/make_config_option.hpp>
#include <caf/timespan.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace registry::inline v0_2::compat::detail {

template <class... Types>
bool describe_option_types() {
  return (... && (caf::detail::option_meta_state_instance<Types>() != nullptr));
}

// CAF describes the type of an option by a static object of a function template, of which the program and CAF share one
// instance: the program's. GCC initialises it at compile time, clang when the function is called first. Where CAF calls it
// first, in GCC's code, nothing initialises it, and CAF calls a null pointer. So the program calls it before, for all types of
// CAF's options.
inline const bool option_types_are_described =
    describe_option_types<bool, std::size_t, std::string, caf::timespan, caf::atom_value, std::vector<std::size_t>,
                          std::vector<std::string>, std::vector<caf::atom_value>>();

} // namespace registry::inline v0_2::compat::detail
#endif
