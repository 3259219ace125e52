#pragma once

#include <registry/node/cluster_options.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace registry::inline v0_2 {

/// A secret of fewer characters can be guessed.
inline constexpr std::size_t shortest_secret = 32;

struct option_fault {
  std::string option; ///< by its name in a configuration: `cluster`
  std::string what;
};

/// What is wrong with these options, if anything is.
[[nodiscard]] std::optional<option_fault> find_fault(const cluster_options& options);

} // namespace registry::inline v0_2
