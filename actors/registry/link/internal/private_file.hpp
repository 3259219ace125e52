#pragma once

#include <string>

#include <sys/stat.h>

namespace registry::inline v0_2 {

///@{
/// Whether everybody on the machine may read or change this file, as far as its mode says. A file that is not there is closed.
[[nodiscard]] bool is_open_to_others(const struct stat& file) noexcept;
[[nodiscard]] bool is_open_to_others(const std::string& file);
///@}

/// The end of an error about such a file, what is wrong and what to do: `everybody on this machine may read …`.
[[nodiscard]] std::string remedy_against_others(const std::string& file);

} // namespace registry::inline v0_2
