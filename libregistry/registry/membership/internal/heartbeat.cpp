#include <registry/membership/internal/heartbeat.hpp>

#include <registry/value/codec.hpp>

#include <cassert>
#include <string>
#include <utility>

namespace registry::inline v0_2 {

namespace {

// version | flags | count | count * (incarnation: 2 * u64, host: string, port: varint) | whatever a later version appends
constexpr std::uint8_t this_version = 1;
constexpr std::uint8_t leaving_flag = 1;
constexpr std::size_t least_node_size = 16 + 2 + 1;

known_node read_node(byte_reader& in) {
  known_node out;
  out.who.high = in.u64();
  out.who.low = in.u64();
  if (!out.who)
    in.refuse("an incarnation is zero");
  const auto host = in.string();
  if (!is_host(host))
    in.refuse("something that cannot be a host");
  const auto port = in.varint();
  if (port == 0 || port > 0xffff)
    in.refuse("a port is out of range");
  if (!in.failed())
    out.where = {std::string{host}, static_cast<std::uint16_t>(port)};
  return out;
}

} // namespace

std::vector<std::byte> encode(const heartbeat& x) {
  assert(x.nodes.size() <= heartbeat::max_nodes);
  std::vector<std::byte> out;
  handle_table none;
  byte_writer to(out, none);
  to.u8(this_version);
  to.u8(x.leaving ? leaving_flag : 0);
  to.varint(x.nodes.size());
  for (const auto& node : x.nodes) {
    to.u64(node.who.high);
    to.u64(node.who.low);
    to.string(node.where.host);
    to.varint(node.where.port);
  }
  return out;
}

result<heartbeat> decode_heartbeat(std::span<const std::byte> data) {
  byte_reader in(data, {});
  heartbeat out;
  const auto version = in.u8();
  if (version == 0)
    in.refuse("a heartbeat of version 0");
  const auto flags = in.u8();
  if (version == this_version && (flags & ~leaving_flag) != 0)
    in.refuse("an unknown flag");
  out.leaving = (flags & leaving_flag) != 0;
  const auto count = in.count(least_node_size);
  if (count > heartbeat::max_nodes)
    in.refuse("more nodes than a heartbeat may name");
  for (std::size_t i = 0; i < count && !in.failed(); ++i)
    out.nodes.push_back(read_node(in));
  if (version == this_version)
    in.expect_end();
  if (in.failed())
    return in.status().error();
  return out;
}

} // namespace registry::inline v0_2
