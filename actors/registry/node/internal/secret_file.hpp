#pragma once

#include <registry/error/error.hpp>

#include <string>

namespace registry::inline v0_2 {

/// The secret in the first line of a file, without white space at the end. Errors: `invalid_argument`, as the end of a sentence that
/// begins with the option that names the file: it cannot be read, it is open to others, its line is empty or longer than 64 KiB.
[[nodiscard]] result<std::string> read_secret_file(const std::string& file);

} // namespace registry::inline v0_2
