#include <registry/wire/internal/codec.hpp>

#include <limits>
#include <string>
#include <utility>

namespace registry::inline v0_2 {

namespace {

/// A byte from 0 to `last`.
std::uint8_t read_choice(byte_reader& in, std::uint8_t last, const char* complaint) {
  const auto x = in.u8();
  if (x > last)
    in.refuse(complaint);
  return x > last ? std::uint8_t{0} : x;
}

void read(byte_reader& in, stream_token& x) {
  x.epoch = in.varint();
  x.number = in.varint();
}

void read(byte_reader& in, stream_place& x) {
  x.epoch = in.varint();
  x.commit = in.varint();
}

void read(byte_reader& in, content_header& x) {
  read(in, x.token);
  x.epoch = in.varint();
  x.answer = in.varint();
  if (x.epoch == 0)
    in.refuse("the content has no epoch");
}

void read(byte_reader& in, content_digest& x) {
  x.count = in.u64();
  x.high = in.u64();
  x.low = in.u64();
}

void read(byte_reader& in, hello_message& x) {
  read(in, x.token);
  if (x.token.epoch == 0)
    in.refuse("the request has no epoch");
  x.mode = static_cast<key_mode>(read_choice(in, 1, "an unknown key mode"));
  x.answer = read_choice(in, 1, "a truth value that is neither 0 nor 1") == 1;
  read(in, x.have);
}

void read(byte_reader& in, goodbye_message& x) {
  x.epoch = in.varint();
}

void read(byte_reader& in, refused_message& x) {
  read(in, x.token);
  x.why = static_cast<refusal>(read_choice(in, 2, "an unknown refusal"));
}

void read(byte_reader& in, acknowledge_message& x) {
  read(in, x.token);
  x.received = in.varint();
}

void read(byte_reader& in, snapshot_begin_message& x) {
  read(in, x.header);
  x.commit = in.varint();
  x.entries = in.varint();
}

/// Reads values, many of which equal the previous one and then share its memory.
class repeated_value {
public:
  value read(byte_reader& in) {
    if (!bytes_.empty() && in.skip(bytes_)) // no encoding is a prefix of another
      return latest_;
    const auto start = in.position();
    latest_ = in.get();
    bytes_ = in.since(start);
    return latest_;
  }

private:
  value latest_;
  std::span<const std::byte> bytes_;
};

std::uint64_t read_number(byte_reader& in) {
  const auto number = in.varint();
  if (number == 0)
    in.refuse("an entry without a number");
  return number;
}

void read(byte_reader& in, remote_group& x, repeated_value& data) {
  x.key = in.get();
  const auto size = in.count(3);
  if (size == 0)
    in.refuse("a key without entries");
  x.entries.resize(size);
  for (auto& one : x.entries) {
    one.number = read_number(in);
    one.who = in.actor();
    one.data = data.read(in);
    if (in.failed())
      return;
  }
}

void read(byte_reader& in, snapshot_chunk_message& x) {
  read(in, x.header);
  x.index = in.varint();
  x.content.resize(in.count(5));
  repeated_value data;
  for (auto& part : x.content) {
    read(in, part, data);
    if (in.failed())
      return;
  }
}

void read(byte_reader& in, snapshot_end_message& x) {
  read(in, x.header);
  read(in, x.digest);
}

void read(byte_reader& in, remote_change& x, std::uint64_t previous, repeated_value& data) {
  const auto distance = in.varint();
  if (distance == 0 || distance > std::numeric_limits<std::uint64_t>::max() - previous)
    in.refuse("commits that do not ascend");
  x.commit = previous + distance;
  x.what = static_cast<verb>(read_choice(in, static_cast<std::uint8_t>(verb::update), "an unknown verb"));
  x.why = static_cast<reason>(read_choice(in, static_cast<std::uint8_t>(reason::resync), "an unknown reason"));
  x.key = in.get();
  const auto size = in.count(x.what == verb::join ? 3 : x.what == verb::update ? 2 : 1);
  if (size == 0)
    in.refuse("a change without entries");
  x.entries.resize(size);
  for (auto& one : x.entries) {
    one.number = read_number(in);
    if (x.what == verb::join)
      one.who = in.actor();
    if (x.what != verb::leave)
      one.data = data.read(in);
    if (in.failed())
      return;
  }
}

void read(byte_reader& in, delta_message& x) {
  read(in, x.header);
  x.previous = in.varint();
  const auto size = in.count(6);
  if (size == 0)
    in.refuse("a delta without changes");
  x.changes.resize(size);
  auto previous = x.previous;
  repeated_value data;
  for (auto& change : x.changes) {
    read(in, change, previous, data);
    if (in.failed())
      return;
    previous = change.commit;
  }
}

void read(byte_reader& in, digest_message& x) {
  read(in, x.header);
  x.commit = in.varint();
  read(in, x.digest);
}

template <class Message>
message read_as(byte_reader& in) {
  Message x;
  read(in, x);
  return x;
}

template <class... Messages>
message read_type(byte_reader& in, std::uint8_t type, std::variant<Messages...>*) {
  using reader = message (*)(byte_reader&);
  static constexpr reader readers[] = {read_as<Messages>...};
  if (type < std::size(readers))
    return readers[type](in);
  in.refuse("a message of an unknown type; is the peer of another version?");
  return {};
}

/// Everything before the fields; returns the type.
std::uint8_t read_beginning(byte_reader& in, std::string_view& scope) {
  if (in.u8() != wire_version)
    in.refuse("a frame of another protocol version; upgrade the older node");
  const auto type = in.u8();
  scope = in.string();
  if (scope.size() > longest_scope_name)
    in.refuse("the name of the scope is too long");
  return type;
}

} // namespace

result<std::string_view> scope_of(const frame& in) {
  byte_reader reader{in.bytes, in.handles};
  std::string_view scope;
  read_beginning(reader, scope);
  if (auto status = reader.status(); !status)
    return status.error();
  return scope;
}

result<envelope> decode_frame(const frame& in, const decode_limits& limits) {
  byte_reader reader{in.bytes, in.handles, limits};
  std::string_view scope;
  const auto type = read_beginning(reader, scope);
  envelope out{std::string{scope}, {}};
  if (!reader.failed())
    out.what = read_type(reader, type, static_cast<message*>(nullptr));
  reader.expect_end();
  if (auto status = reader.status(); !status)
    return status.error();
  return out;
}

} // namespace registry::inline v0_2
