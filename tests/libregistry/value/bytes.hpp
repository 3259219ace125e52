#pragma once

#include <registry/value/value.hpp>

#include <span>
#include <string_view>

namespace registry::testing {

/// The value of kind `bytes` with this content.
inline value bytes(std::string_view text) {
  return value::bytes(std::as_bytes(std::span{text.data(), text.size()}));
}

} // namespace registry::testing
