#include <registry/link/internal/frame_record.hpp>

#include <registry/value/codec.hpp>

namespace registry::inline v0_2 {

namespace {

// More nodes than a cluster has.
constexpr std::size_t most_nodes = 10'000;
constexpr std::size_t longest_node = 64;

} // namespace

std::vector<std::byte> encode(const frame_record& about, std::span<const std::byte> frame) {
  constexpr std::size_t guess = 6; // bytes of an actor
  std::vector<std::byte> out;
  out.reserve(frame.size() + about.actors.size() * guess + longest_node);
  handle_table none;
  byte_writer to{out, none};
  to.varint(about.nodes.size());
  for (const auto& x : about.nodes)
    to.bytes(x);
  to.varint(about.actors.size());
  for (const auto& x : about.actors) {
    to.varint(x.node);
    to.varint(x.id);
  }
  out.insert(out.end(), frame.begin(), frame.end());
  return out;
}

result<decoded_frame_record> decode_frame_record(std::span<const std::byte> content, std::size_t most_actors) {
  constexpr std::size_t least = 2; // bytes of an actor
  decode_limits limits;
  limits.bytes = content.size();
  byte_reader in{content, {}, limits};
  decoded_frame_record out;
  auto nodes = in.count(1);
  if (nodes > most_nodes)
    in.refuse("too many nodes");
  for (; nodes > 0 && !in.failed(); --nodes) {
    const auto x = in.bytes();
    if (x.empty() || x.size() > longest_node)
      in.refuse("the name of a node is too short or too long");
    out.about.nodes.emplace_back(x.begin(), x.end());
  }
  auto actors = in.count(least);
  if (actors > most_actors)
    return error(errc::limit_exceeded, "a frame has too many actors");
  for (; actors > 0 && !in.failed(); --actors) {
    const auto node = in.varint();
    const auto id = in.varint();
    if (node >= frame_record::first_third + out.about.nodes.size())
      in.refuse("an actor is on a node that is not listed");
    out.about.actors.push_back({static_cast<std::uint32_t>(node), id});
  }
  if (in.failed())
    return in.status().error();
  out.frame = content.subspan(in.position());
  return out;
}

} // namespace registry::inline v0_2
