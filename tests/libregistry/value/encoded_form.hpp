#pragma once

#include <registry/value/codec.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <vector>

namespace registry::testing {

using octets = std::vector<std::byte>;

struct encoded {
  octets data;
  std::vector<member> handles;
};

inline encoded encoded_form(const value& x) {
  encoded result;
  handle_table handles;
  REQUIRE(encode(x, result.data, handles));
  result.handles = handles.take();
  return result;
}

} // namespace registry::testing
