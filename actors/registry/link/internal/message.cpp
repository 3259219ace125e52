#include <registry/link/internal/message.hpp>

#include <registry/value/codec.hpp>

#include <algorithm>
#include <cassert>

namespace registry::inline v0_2 {

namespace {

constexpr std::uint64_t magic = 0x7265676973747279; // "registry"

// These numbers travel: add at the end.
static_assert(static_cast<int>(dial_failure::refused) == 0 && static_cast<int>(dial_failure::unreachable) == 1);
static_assert(static_cast<int>(dial_failure::duplicate_link) == 2 && static_cast<int>(dial_failure::self) == 3);
static_assert(static_cast<int>(dial_failure::wrong_secret) == 4 && static_cast<int>(dial_failure::wrong_version) == 5);
static_assert(static_cast<int>(dial_failure::wrong_cluster) == 6 && static_cast<int>(dial_failure::duplicate_node_id) == 7);
static_assert(static_cast<int>(dial_failure::broken_handshake) == 8);
static_assert(static_cast<int>(dial_failure::wrong_certificate) == 9);

template <class Write>
std::vector<std::byte> encode_message(message_type type, Write write) {
  std::vector<std::byte> out(length_size);
  handle_table none;
  byte_writer to(out, none);
  to.u8(static_cast<std::uint8_t>(type));
  write(to);
  const auto size = out.size() - length_size;
  assert(size <= longest_body);
  out[0] = static_cast<std::byte>(size >> 8);
  out[1] = static_cast<std::byte>(size & 0xff);
  return out;
}

void expect_type(byte_reader& in, message_type type) {
  if (in.u8() != static_cast<std::uint8_t>(type))
    in.refuse("an unexpected message");
}

std::array<std::byte, 32> read_32_bytes(byte_reader& in) {
  std::array<std::byte, 32> out{};
  const auto data = in.bytes();
  if (data.size() == out.size())
    std::copy(data.begin(), data.end(), out.begin());
  else
    in.refuse("a nonce or proof of another size");
  return out;
}

std::string read_name(byte_reader& in) {
  const auto text = in.string();
  if (text.size() > handshake_identity::max_name)
    in.refuse("a name is too long");
  return std::string{text};
}

std::string read_node_name(byte_reader& in) {
  const auto text = in.string();
  if (!text.empty() && !is_node_name(text))
    in.refuse("a name of a node that is none");
  return std::string{text};
}

node_address read_address(byte_reader& in) {
  const auto host = in.string();
  const auto port = in.varint();
  if (!is_host(host) || port == 0 || port > 0xffff)
    in.refuse("an invalid address");
  return {std::string{host}, static_cast<std::uint16_t>(port)};
}

void read_versions(byte_reader& in, hello& x) {
  if (in.u64() != magic)
    in.refuse("not a handshake of this protocol");
  x.oldest_version = in.u8();
  x.newest_version = in.u8();
  if (x.oldest_version == 0 || x.oldest_version > x.newest_version)
    in.refuse("an invalid range of versions");
}

} // namespace

hello make_hello(const handshake_identity& who, std::uint64_t dial, const nonce& fresh) {
  hello out{who.oldest_version, who.newest_version, who.cluster, who.self, who.advertised, who.node_id, dial, fresh};
  if (who.newest_version >= version_with_name)
    out.name = who.node_name;
  return out;
}

std::vector<std::byte> encode(message_type type, const hello& x) {
  return encode_message(type, [&](byte_writer& to) {
    to.u64(magic);
    to.u8(x.oldest_version);
    to.u8(x.newest_version);
    to.string(x.cluster);
    to.u64(x.self.high);
    to.u64(x.self.low);
    to.string(x.advertised.host);
    to.varint(x.advertised.port);
    to.string(x.node_id);
    to.varint(x.dial);
    to.bytes(x.fresh);
    if (x.newest_version >= version_with_name)
      to.string(x.name);
  });
}

std::vector<std::byte> encode(message_type type, const digest_256& proof) {
  return encode_message(type, [&](byte_writer& to) { to.bytes(proof); });
}

std::vector<std::byte> encode_ready() {
  return encode_message(message_type::ready, [](byte_writer&) {});
}

std::vector<std::byte> encode_refusal(dial_failure why) {
  return encode_message(message_type::refusal, [&](byte_writer& to) { to.u8(static_cast<std::uint8_t>(why)); });
}

std::size_t decode_length(std::span<const std::byte> data) noexcept {
  assert(data.size() == length_size);
  const auto size = std::to_integer<std::size_t>(data[0]) << 8 | std::to_integer<std::size_t>(data[1]);
  return size <= longest_body ? size : 0;
}

result<hello> decode_hello(std::span<const std::byte> body, message_type type, std::uint8_t newest_known) {
  byte_reader in(body, {});
  hello x;
  expect_type(in, type);
  read_versions(in, x);
  x.cluster = read_name(in);
  x.self.high = in.u64();
  x.self.low = in.u64();
  if (!x.self)
    in.refuse("an incarnation is zero");
  x.advertised = read_address(in);
  x.node_id = read_name(in);
  x.dial = in.varint();
  x.fresh = read_32_bytes(in);
  if (x.newest_version >= version_with_name)
    x.name = read_node_name(in);
  if (x.newest_version <= newest_known)
    in.expect_end();
  if (in.failed())
    return in.status().error();
  return x;
}

result<digest_256> decode_proof(std::span<const std::byte> body, message_type type) {
  byte_reader in(body, {});
  expect_type(in, type);
  const auto x = read_32_bytes(in);
  in.expect_end();
  if (in.failed())
    return in.status().error();
  return x;
}

result<void> decode_ready(std::span<const std::byte> body) {
  byte_reader in(body, {});
  expect_type(in, message_type::ready);
  in.expect_end();
  return in.status();
}

result<dial_failure> decode_refusal(std::span<const std::byte> body) {
  byte_reader in(body, {});
  expect_type(in, message_type::refusal);
  const auto why = in.u8();
  const auto out = static_cast<dial_failure>(why);
  if (out == dial_failure::refused || why >= static_cast<std::uint8_t>(dial_failure::broken_handshake))
    in.refuse("an invalid reason");
  in.expect_end();
  if (in.failed())
    return in.status().error();
  return out;
}

message_type type_of(std::span<const std::byte> body) noexcept {
  assert(!body.empty());
  return static_cast<message_type>(body.front());
}

} // namespace registry::inline v0_2
