#pragma once

#include <caf/fwd.hpp>

#include <string>

namespace registry::corpus {

/// The content of a message of CAF: its elements with their types, field by field. Throws `std::runtime_error` for a type
/// that has no place in a recording.
[[nodiscard]] std::string text_of(const caf::message& x);
[[nodiscard]] std::string text_of(const caf::error& x);

} // namespace registry::corpus
