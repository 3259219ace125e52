#include <registry/membership/internal/heartbeat.hpp>

#include <registry/value/codec.hpp>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace registry::inline v0_2 {

namespace {

// version | flags | count | count * (incarnation: 2 * u64, host: string, port: varint)
// from version 2 on: | sent: u64 | echo: u64 | held: varint
// | whatever a later version appends
constexpr std::uint8_t first_version = 1;
constexpr std::uint8_t version_with_clock = 2;
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

std::chrono::nanoseconds in_range(byte_reader& in, std::uint64_t count) {
  if (count > static_cast<std::uint64_t>(clock_stamp::latest.count())) {
    in.refuse("a clock is out of range");
    return {};
  }
  return std::chrono::nanoseconds{static_cast<std::int64_t>(count)};
}

std::uint64_t count_of(std::chrono::nanoseconds x) {
  return static_cast<std::uint64_t>(std::clamp(x, std::chrono::nanoseconds{}, clock_stamp::latest).count());
}

} // namespace

std::vector<std::byte> encode(const heartbeat& x) {
  assert(x.nodes.size() <= heartbeat::max_nodes);
  std::vector<std::byte> out;
  handle_table none;
  byte_writer to(out, none);
  to.u8(first_version);
  to.u8(x.leaving ? leaving_flag : 0);
  to.varint(x.nodes.size());
  for (const auto& node : x.nodes) {
    to.u64(node.who.high);
    to.u64(node.who.low);
    to.string(node.where.host);
    to.varint(node.where.port);
  }
  if (x.clock)
    add_clock(out, *x.clock);
  return out;
}

void add_clock(std::vector<std::byte>& encoded, const clock_stamp& clock) {
  assert(encoded.front() == std::byte{first_version});
  encoded.front() = std::byte{version_with_clock};
  handle_table none;
  byte_writer to(encoded, none);
  to.u64(count_of(clock.sent));
  to.u64(count_of(clock.echo));
  to.varint(count_of(clock.held));
}

result<heartbeat> decode_heartbeat(std::span<const std::byte> data) {
  byte_reader in(data, {});
  heartbeat out;
  const auto version = in.u8();
  if (version == 0)
    in.refuse("a heartbeat of version 0");
  const auto flags = in.u8();
  if (version <= version_with_clock && (flags & ~leaving_flag) != 0)
    in.refuse("an unknown flag");
  out.leaving = (flags & leaving_flag) != 0;
  const auto count = in.count(least_node_size);
  if (count > heartbeat::max_nodes)
    in.refuse("more nodes than a heartbeat may name");
  for (std::size_t i = 0; i < count && !in.failed(); ++i)
    out.nodes.push_back(read_node(in));
  if (version >= version_with_clock) {
    auto& clock = out.clock.emplace();
    clock.sent = in_range(in, in.u64());
    clock.echo = in_range(in, in.u64());
    clock.held = in_range(in, in.varint());
  }
  if (version <= version_with_clock)
    in.expect_end();
  if (in.failed())
    return in.status().error();
  return out;
}

} // namespace registry::inline v0_2
