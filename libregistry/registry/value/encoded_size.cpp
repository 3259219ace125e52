#include <registry/value/codec.hpp>

namespace registry::inline v0_2 {

namespace {

/// Adds the maximum size of a value, until the sum exceeds the limit.
void add_size(const value& x, std::size_t limit, std::size_t& sum) noexcept {
  constexpr std::size_t most_of_a_scalar = 11; // a tag and a varint
  sum += most_of_a_scalar;
  switch (x.type()) {
  case value::kind::string:
    sum += x.as_string()->size();
    break;
  case value::kind::bytes:
    sum += x.as_bytes()->size();
    break;
  case value::kind::list:
    for (const auto& element : x.as_list()) {
      if (sum > limit)
        return;
      add_size(element, limit, sum);
    }
    break;
  case value::kind::map:
    for (const auto& pair : x.as_map()) {
      if (sum > limit)
        return;
      sum += most_of_a_scalar + pair.key.as_string()->size();
      add_size(pair.mapped, limit, sum);
    }
    break;
  default:
    break;
  }
}

} // namespace

std::size_t encoded_size_bound(const value& x, std::size_t limit) noexcept {
  std::size_t sum = 0;
  add_size(x, limit, sum);
  return sum;
}

} // namespace registry::inline v0_2
