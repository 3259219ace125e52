#pragma once

#include <registry/error/error.hpp>

#include <string>

namespace registry::inline v0_2 {

/// Whether everybody on the machine may read or change this file, as far as its mode says. A file that is not there is closed.
[[nodiscard]] bool is_open_to_others(const std::string& file);

/// The end of an error about such a file, what is wrong and what to do: `everybody on this machine may read …`.
[[nodiscard]] std::string remedy_against_others(const std::string& file);

/// The secret in the first line of a file, without white space at the end. Errors: `invalid_argument`, as the end of a sentence that
/// begins with the option that names the file: it cannot be read, it is open to others, its line is empty or longer than 64 KiB.
[[nodiscard]] result<std::string> read_secret_file(const std::string& file);

} // namespace registry::inline v0_2
