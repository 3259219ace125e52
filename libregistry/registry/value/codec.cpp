#include <registry/value/codec.hpp>

#include <boost/container/small_vector.hpp>
#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <optional>

namespace registry::inline v0_2 {

namespace {

enum class tag : std::uint8_t { null, no, yes, integer, real, string, bytes, actor, list, map };

std::uint64_t zigzag(std::int64_t x) noexcept {
  return (static_cast<std::uint64_t>(x) << 1) ^ static_cast<std::uint64_t>(x >> 63);
}

std::int64_t unzigzag(std::uint64_t x) noexcept {
  return static_cast<std::int64_t>((x >> 1) ^ (~(x & 1) + 1));
}

} // namespace

// -- handles --------------------------------------------------------------------------------------------------------------

std::uint32_t handle_table::add(const member& who) {
  assert(who);
  // Comparing handles takes a fraction of the time of comparing actors, and an actor rarely has two.
  const auto [known, fresh] = by_handle_.try_emplace(who.get());
  if (!fresh)
    return known->second;
  const auto [place, added] = by_actor_.try_emplace(who, static_cast<std::uint32_t>(handles_.size()));
  if (added)
    handles_.push_back(who);
  return known->second = place->second;
}

std::vector<member> handle_table::take() noexcept {
  by_handle_.clear();
  by_actor_.clear();
  return std::exchange(handles_, {});
}

// -- writing --------------------------------------------------------------------------------------------------------------

void byte_writer::u8(std::uint8_t x) {
  out_.push_back(std::byte{x});
}

void byte_writer::u64(std::uint64_t x) {
  const auto big = boost::endian::native_to_big(x);
  const auto octets = std::as_bytes(std::span{&big, 1});
  out_.insert(out_.end(), octets.begin(), octets.end());
}

void byte_writer::varint(std::uint64_t x) {
  for (; x >= 0x80; x >>= 7)
    out_.push_back(static_cast<std::byte>(x | 0x80));
  out_.push_back(static_cast<std::byte>(x));
}

void byte_writer::bytes(std::span<const std::byte> data) {
  varint(data.size());
  out_.insert(out_.end(), data.begin(), data.end());
}

void byte_writer::string(std::string_view text) {
  bytes(std::as_bytes(std::span{text.data(), text.size()}));
}

void byte_writer::actor(const member& who) {
  varint(handles_.add(who));
}

result<void> byte_writer::put(const value& x) {
  if (x.depth() > value::max_depth)
    return error{errc::limit_exceeded,
                 "the value nests deeper than " + std::to_string(value::max_depth) + " lists and maps; make it flatter"};
  const auto start = out_.size();
  if (put_known(x, start + max_encoded_bytes))
    return success();
  out_.resize(start);
  return error{errc::limit_exceeded, "the value takes more than " + std::to_string(max_encoded_bytes) +
                                         " bytes, all that its lists and maps share counted each time; send it in parts"};
}

/// False, and useless, if the rest of a list or map lay beyond this end of the buffer.
bool byte_writer::put_known(const value& x, std::size_t end) {
  const auto start = [this](tag t) { u8(static_cast<std::uint8_t>(t)); };
  switch (x.type()) {
  case value::kind::null:
    start(tag::null);
    break;
  case value::kind::boolean:
    start(*x.as_bool() ? tag::yes : tag::no);
    break;
  case value::kind::integer:
    start(tag::integer);
    varint(zigzag(*x.as_integer()));
    break;
  case value::kind::real:
    start(tag::real);
    u64(std::bit_cast<std::uint64_t>(*x.as_real()));
    break;
  case value::kind::string:
    start(tag::string);
    string(*x.as_string());
    break;
  case value::kind::bytes:
    start(tag::bytes);
    bytes(*x.as_bytes());
    break;
  case value::kind::actor:
    start(tag::actor);
    actor(x.as_actor());
    break;
  case value::kind::list:
    start(tag::list);
    varint(x.as_list().size());
    for (const auto& element : x.as_list())
      if (out_.size() > end || !put_known(element, end))
        return false;
    break;
  case value::kind::map:
    start(tag::map);
    varint(x.as_map().size());
    for (const auto& pair : x.as_map()) {
      string(*pair.key.as_string());
      if (out_.size() > end || !put_known(pair.mapped, end))
        return false;
    }
    break;
  }
  return true;
}

result<void> encode(const value& x, std::vector<std::byte>& out, handle_table& handles) {
  return byte_writer{out, handles}.put(x);
}

// -- reading --------------------------------------------------------------------------------------------------------------

byte_reader::byte_reader(std::span<const std::byte> data, std::span<const member> handles,
                         const decode_limits& limits) noexcept
    : data_(data),
      handles_(handles),
      depth_limit_(std::min(limits.depth, value::nesting_limit)),
      elements_left_(limits.elements) {
  if (data.size() > limits.bytes)
    fail(errc::limit_exceeded, limits.bytes, "the input is longer than the limit; send it in parts");
}

void byte_reader::fail(errc code, std::size_t position, const char* reason) noexcept {
  if (failed())
    return;
  code_ = code;
  reason_ = reason;
  failed_at_ = position;
}

result<void> byte_reader::status() const {
  if (failed())
    return error::at(code_, failed_at_, std::string{reason_} + " (at byte " + std::to_string(failed_at_) + ")");
  return success();
}

std::span<const std::byte> byte_reader::take(std::size_t size) noexcept {
  if (!failed() && size > remaining())
    fail(errc::malformed, position_, "the input ends too early");
  if (failed())
    return {};
  const auto taken = data_.subspan(position_, size);
  position_ += size;
  return taken;
}

bool byte_reader::skip(std::span<const std::byte> expected) noexcept {
  if (failed() || expected.size() > remaining())
    return false;
  const auto next = data_.subspan(position_, expected.size());
  if (!std::equal(expected.begin(), expected.end(), next.begin()))
    return false;
  position_ += expected.size();
  return true;
}

std::uint8_t byte_reader::u8() noexcept {
  const auto octet = take(1);
  return octet.empty() ? 0 : std::to_integer<std::uint8_t>(octet.front());
}

std::uint64_t byte_reader::u64() noexcept {
  const auto octets = take(8);
  if (octets.empty())
    return 0;
  return boost::endian::load_big_u64(reinterpret_cast<const unsigned char*>(octets.data()));
}

std::uint64_t byte_reader::varint() noexcept {
  const auto start = position_;
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto octet = u8();
    number |= std::uint64_t{octet & 0x7fU} << shift;
    if (octet >= 0x80)
      continue;
    if (shift == 63 && octet > 1)
      break;
    if (shift > 0 && octet == 0)
      fail(errc::malformed, start, "a number is spelled longer than necessary");
    return failed() ? 0 : number;
  }
  fail(errc::malformed, start, "a number does not fit 64 bits");
  return 0;
}

std::span<const std::byte> byte_reader::bytes() noexcept {
  const auto start = position_;
  const auto size = varint();
  if (size > remaining())
    fail(errc::malformed, start, "a length exceeds the rest of the input");
  return take(failed() ? 0 : static_cast<std::size_t>(size));
}

std::string_view byte_reader::string() noexcept {
  const auto data = bytes();
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

member byte_reader::actor() noexcept {
  const auto start = position_;
  const auto index = varint();
  if (failed())
    return {};
  if (index >= handles_.size()) {
    fail(errc::malformed, start, "an actor refers to a handle beyond the end of the table");
    return {};
  }
  if (!handles_[index])
    fail(errc::malformed, start, "a handle of the table is null");
  return handles_[index];
}

std::size_t byte_reader::count(std::size_t least) noexcept {
  assert(least > 0);
  const auto start = position_;
  const auto number = varint();
  if (number > remaining() / least)
    fail(errc::malformed, start, "a count exceeds the rest of the input");
  return failed() ? 0 : static_cast<std::size_t>(number);
}

void byte_reader::expect_end() noexcept {
  if (remaining() != 0)
    fail(errc::malformed, position_, "bytes follow the end of the message");
}

// Elements are charged when a list or map announces them, not when they arrive: otherwise nested lists that each announce as
// many elements as bytes are left would together reserve many times the memory that can follow.
bool byte_reader::charge(std::size_t elements) noexcept {
  if (elements > elements_left_)
    fail(errc::limit_exceeded, position_, "the input has more elements than the limit; send it in parts");
  else
    elements_left_ -= elements;
  return !failed();
}

value byte_reader::get() {
  return charge(1) ? get(depth_limit_) : value{};
}

value byte_reader::get(std::size_t depth) {
  const auto start = position_;
  switch (static_cast<tag>(u8())) {
  case tag::null:
    return {};
  case tag::no:
    return false;
  case tag::yes:
    return true;
  case tag::integer:
    return unzigzag(varint());
  case tag::real:
    return get_real();
  case tag::string:
    return string();
  case tag::bytes:
    return value::bytes(bytes());
  case tag::actor:
    return actor();
  case tag::list:
    return get_list(depth);
  case tag::map:
    return get_map(depth);
  }
  fail(errc::malformed, start, "a value of an unknown kind");
  return {};
}

value byte_reader::get_real() noexcept {
  const auto start = position_;
  const auto number = std::bit_cast<double>(u64());
  if (std::isnan(number) || (number == 0.0 && std::signbit(number))) {
    fail(errc::malformed, start, "NaN and -0.0 are not valid values");
    return {};
  }
  return number;
}

value byte_reader::get_list(std::size_t depth) {
  if (depth == 0)
    fail(errc::limit_exceeded, position_ - 1, "the value nests too deep");
  const auto size = count(1);
  if (!charge(size))
    return {};
  std::vector<value> elements(size);
  for (auto& x : elements) {
    x = get(depth - 1);
    if (failed())
      return {};
  }
  return value::list(std::move(elements));
}

value byte_reader::get_map(std::size_t depth) {
  if (depth == 0)
    fail(errc::limit_exceeded, position_ - 1, "the value nests too deep");
  const auto size = count(2);
  if (!charge(2 * size))
    return {};
  boost::container::small_vector<map_entry, 8> entries(size);
  std::optional<std::string_view> previous;
  for (auto& x : entries) {
    const auto start = position_;
    const auto key = string();
    if (previous && *previous >= key)
      fail(errc::malformed, start, "the keys of a map are not in ascending order");
    previous = key;
    x = {key, get(depth - 1)};
    if (failed())
      return {};
  }
  return value::map(std::span<map_entry>{entries});
}

result<value> decode(std::span<const std::byte> data, std::span<const member> handles, const decode_limits& limits) {
  byte_reader in{data, handles, limits};
  auto x = in.get();
  in.expect_end();
  if (auto status = in.status(); !status)
    return status.error();
  return x;
}

} // namespace registry::inline v0_2
