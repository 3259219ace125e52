// Values in the canonical encoding, as they come from another node.

#include <fuzz/target.hpp>

#include <registry/value/codec.hpp>
#include <registry/value/json.hpp>

#include <support/fake_member.hpp>

#include <algorithm>
#include <compare>

namespace registry::fuzz::value_target {

namespace {

std::vector<std::byte> encoded(const value& x, std::span<const member> handles) {
  std::vector<std::byte> out;
  handle_table used;
  for (const auto& who : handles)
    used.add(who);
  expect(encode(x, out, used).has_value(), "what was decoded cannot be encoded");
  return out;
}

void check_one(const value& x, input bytes, std::span<const member> handles) {
  expect(std::ranges::equal(encoded(x, handles), bytes), "the encoding is not canonical");
  expect(encoded_size_bound(x, max_encoded_bytes) >= bytes.size(), "the bound of the size is too low");
  expect(x.depth() <= value::max_depth, "the value is too deep");
  expect(!to_string(x).empty(), "a value without a text");
  if (const auto json = to_json(x)) {
    const auto back = from_json(json.value());
    expect(back && identical(back.value(), x), "a value comes back from JSON as another one");
  }
}

void check_pair(const value& a, const value& b, std::span<const member> handles) {
  const auto order = a <=> b;
  expect((b <=> a) == (order < 0   ? std::weak_ordering::greater
                       : order > 0 ? std::weak_ordering::less
                                   : order),
         "the order depends on the direction");
  expect((order == 0) == (a == b), "order and equality differ");
  const bool same = identical(a, b);
  expect(same == (encoded(a, handles) == encoded(b, handles)), "identity and encoding differ");
  if (same)
    expect(a == b && a.hash() == b.hash() && a.stable_hash() == b.stable_hash(), "identical values differ");
}

void check_limits(input data, std::span<const member> handles) {
  const auto whole = decode(data, handles);
  const auto strict = decode(data, handles, {.depth = 3, .bytes = 64, .elements = 16});
  if (strict)
    expect(whole && identical(whole.value(), strict.value()), "limits change what is decoded");
  else if (whole)
    expect(strict.error() == errc::limit_exceeded, "limits make something malformed");
  if (!whole)
    expect(whole.error().position() <= data.size(), "the error is beyond the end");
}

/// A list of values, one behind the other, behind the number of actors that may occur in them.
void run(input data) {
  script in{data};
  std::vector<member> handles;
  for (auto n = in.below(4); n > 0; --n)
    handles.push_back(testing::make_member(n, 2));
  const auto bytes = in.rest();
  check_limits(bytes, handles);
  byte_reader reader{bytes, handles};
  std::vector<value> all;
  while (!reader.failed() && reader.remaining() > 0 && all.size() < 3) {
    const auto begin = reader.position();
    auto x = reader.get();
    if (reader.failed())
      break;
    check_one(x, reader.since(begin), handles);
    all.push_back(std::move(x));
  }
  for (const auto& a : all) {
    for (const auto& b : all)
      check_pair(a, b, handles);
  }
  if (all.size() == 3)
    expect(!(all[0] <= all[1] && all[1] <= all[2]) || all[0] <= all[2], "the order is not transitive");
}

const registration it{"value", run};

} // namespace

} // namespace registry::fuzz::value_target
