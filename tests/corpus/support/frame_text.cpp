#include <corpus/support/frame_text.hpp>
#include <corpus/support/text.hpp>

#include <registry/membership/internal/heartbeat.hpp>
#include <registry/wire/internal/codec.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <variant>

namespace registry::corpus {

namespace {

std::string number(std::uint64_t x) {
  return std::to_string(x);
}

std::string part_text(const stream_token& x) {
  return number(x.epoch) + "." + number(x.number);
}

std::string part_text(const content_header& x) {
  return " for " + part_text(x.token) + ", epoch " + number(x.epoch) + ", answer " + number(x.answer);
}

std::string part_text(const content_digest& x) {
  std::array<std::byte, 16> bits{};
  for (std::size_t i = 0; i < bits.size(); ++i)
    bits[i] = static_cast<std::byte>((i < 8 ? x.high : x.low) >> (56 - 8 * (i % 8)));
  return number(x.count) + " entries, digest " + hex(bits);
}

std::string part_text(verb x) {
  switch (x) {
  case verb::join:
    return "join";
  case verb::leave:
    return "leave";
  case verb::update:
    return "update";
  }
  throw std::runtime_error("an unknown verb");
}

std::string part_text(reason x) {
  switch (x) {
  case reason::explicit_request:
    return "as asked for";
  case reason::down:
    return "down";
  case reason::node_down:
    return "node down";
  case reason::drained:
    return "drained";
  case reason::resync:
    return "resync";
  }
  throw std::runtime_error("an unknown reason");
}

std::string part_text(refusal x) {
  switch (x) {
  case refusal::key_mode:
    return "key mode";
  case refusal::too_large:
    return "too large";
  case refusal::not_open:
    return "not open";
  }
  throw std::runtime_error("an unknown refusal");
}

std::string part_text(const hello_message& x) {
  return "hello " + part_text(x.token) + ", " + (x.mode == key_mode::unique ? "unique" : "duplicate") + " keys, has " +
         number(x.have.epoch) + "/" + number(x.have.commit) + (x.answer ? ", wants an answer" : "") + "\n";
}

std::string part_text(const goodbye_message& x) {
  return "goodbye, epoch " + number(x.epoch) + "\n";
}

std::string part_text(const refused_message& x) {
  return "refused " + part_text(x.token) + ": " + part_text(x.why) + "\n";
}

std::string part_text(const acknowledge_message& x) {
  return "acknowledge " + part_text(x.token) + ", received " + number(x.received) + "\n";
}

std::string part_text(const snapshot_begin_message& x) {
  return "snapshot_begin" + part_text(x.header) + ": commit " + number(x.commit) + ", " + number(x.entries) + " entries\n";
}

std::string part_text(const snapshot_chunk_message& x) {
  auto out = "snapshot_chunk" + part_text(x.header) + ": part " + number(x.index) + "\n";
  for (const auto& part : x.content) {
    out += "    key " + text_of(part.key) + "\n";
    for (const auto& one : part.entries)
      out += "      #" + number(one.number) + " " + text_of(one.who) + " " + text_of(one.data) + "\n";
  }
  return out;
}

std::string part_text(const snapshot_end_message& x) {
  return "snapshot_end" + part_text(x.header) + ": " + part_text(x.digest) + "\n";
}

std::string part_text(const delta_message& x) {
  auto out = "delta" + part_text(x.header) + ": after commit " + number(x.previous) + "\n";
  for (const auto& change : x.changes) {
    out += "    commit " + number(change.commit) + ": " + part_text(change.what) + ", " + part_text(change.why) + ", key " +
           text_of(change.key) + "\n";
    for (const auto& one : change.entries) {
      out += "      #" + number(one.number);
      if (change.what == verb::join)
        out += " " + text_of(one.who);
      if (change.what != verb::leave)
        out += " " + text_of(one.data);
      out += "\n";
    }
  }
  return out;
}

std::string part_text(const digest_message& x) {
  return "digest" + part_text(x.header) + ": commit " + number(x.commit) + ", " + part_text(x.digest) + "\n";
}

} // namespace

std::string text_of(const frame& x) {
  const auto read = decode_frame(x);
  if (!read)
    throw std::runtime_error("a frame cannot be read: " + to_string(read.error()));
  const auto again = encode_frame(read.value().scope, read.value().what);
  if (again.bytes != x.bytes ||
      !std::equal(again.handles.begin(), again.handles.end(), x.handles.begin(), x.handles.end(), same_member))
    throw std::runtime_error("a frame would be written otherwise");
  return std::visit([](const auto& what) { return part_text(what); }, read.value().what) + "    of scope " +
         text_of(read.value().scope) + "\n";
}

std::string heartbeat_text(std::span<const std::byte> bytes) {
  const auto read = decode_heartbeat(bytes);
  if (!read)
    throw std::runtime_error("a heartbeat cannot be read: " + to_string(read.error()));
  if (!std::ranges::equal(encode(read.value()), bytes))
    throw std::runtime_error("a heartbeat would be written otherwise");
  std::string out = read.value().leaving ? "leaving\n" : "alive\n";
  for (const auto& x : read.value().nodes)
    out += "    " + to_string(x.who) + " at " + to_string(x.where) + "\n";
  return out;
}

} // namespace registry::corpus
