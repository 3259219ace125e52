#include <registry/wire/codec.hpp>

#include <cassert>
#include <limits>
#include <utility>

namespace registry {

namespace {

// -- writing --------------------------------------------------------------------------------------------------------------

void write(byte_writer& out, const value& x) {
  [[maybe_unused]] const auto written = out.put(x);
  assert(written && "values are checked when they are joined");
}

void write(byte_writer& out, const stream_token& x) {
  out.varint(x.epoch);
  out.varint(x.number);
}

void write(byte_writer& out, const stream_place& x) {
  out.varint(x.epoch);
  out.varint(x.commit);
}

void write(byte_writer& out, const content_header& x) {
  write(out, x.token);
  out.varint(x.epoch);
  out.varint(x.answer);
}

void write(byte_writer& out, const content_digest& x) {
  out.u64(x.count);
  out.u64(x.high);
  out.u64(x.low);
}

void write(byte_writer& out, const hello_message& x) {
  write(out, x.token);
  out.u8(static_cast<std::uint8_t>(x.mode));
  out.u8(x.answer ? 1 : 0);
  write(out, x.have);
}

void write(byte_writer& out, const goodbye_message& x) {
  out.varint(x.epoch);
}

void write(byte_writer& out, const refused_message& x) {
  write(out, x.token);
  out.u8(static_cast<std::uint8_t>(x.why));
}

void write(byte_writer& out, const acknowledge_message& x) {
  write(out, x.token);
  out.varint(x.received);
}

void write(byte_writer& out, const snapshot_begin_message& x) {
  write(out, x.header);
  out.varint(x.commit);
  out.varint(x.entries);
}

template <class Entry>
void write_entry(byte_writer& out, const Entry& x) {
  out.varint(x.number);
  out.actor(x.who);
  write(out, x.data);
}

void write(byte_writer& out, const remote_group& x) {
  write(out, x.key);
  out.varint(x.entries.size());
  for (const auto& one : x.entries)
    write_entry(out, one);
}

void write(byte_writer& out, const snapshot_chunk_message& x) {
  write(out, x.header);
  out.varint(x.index);
  out.varint(x.content.size());
  for (const auto& part : x.content)
    write(out, part);
}

void write(byte_writer& out, const snapshot_end_message& x) {
  write(out, x.header);
  write(out, x.digest);
}

// Commits are written as distances, entries without what their verb does not need.
void write(byte_writer& out, const remote_change& x, std::uint64_t previous) {
  out.varint(x.commit - previous);
  out.u8(static_cast<std::uint8_t>(x.what));
  out.u8(static_cast<std::uint8_t>(x.why));
  write(out, x.key);
  out.varint(x.entries.size());
  for (const auto& one : x.entries) {
    out.varint(one.number);
    if (x.what == verb::join)
      out.actor(one.who);
    if (x.what != verb::leave)
      write(out, one.data);
  }
}

void write(byte_writer& out, const delta_message& x) {
  write(out, x.header);
  out.varint(x.previous);
  out.varint(x.changes.size());
  auto previous = x.previous;
  for (const auto& change : x.changes)
    write(out, change, std::exchange(previous, change.commit));
}

void write(byte_writer& out, const digest_message& x) {
  write(out, x.header);
  out.varint(x.commit);
  write(out, x.digest);
}

void begin(byte_writer& out, std::string_view scope, std::size_t type) {
  assert(scope.size() <= longest_scope_name);
  out.u8(wire_version);
  out.u8(static_cast<std::uint8_t>(type));
  out.string(scope);
}

// -- reading --------------------------------------------------------------------------------------------------------------

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
    in.refuse("content belongs to no epoch");
}

void read(byte_reader& in, content_digest& x) {
  x.count = in.u64();
  x.high = in.u64();
  x.low = in.u64();
}

void read(byte_reader& in, hello_message& x) {
  read(in, x.token);
  if (x.token.epoch == 0)
    in.refuse("a request of no epoch");
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

/// Reads values of which many are the same as the one before, which then share their memory.
class repeated_value {
public:
  value read(byte_reader& in) {
    if (!bytes_.empty() && in.skip(bytes_)) // no encoding begins with another one
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

frame encode_frame(std::string_view scope, const message& what) {
  frame made;
  handle_table handles;
  byte_writer out{made.bytes, handles};
  begin(out, scope, what.index());
  std::visit([&](const auto& x) { write(out, x); }, what);
  made.handles = handles.take();
  return made;
}

void change_encoder::add(const remote_change& change) {
  byte_writer out{made_.body.bytes, handles_};
  write(out, change, std::exchange(made_.last, change.commit));
  ++made_.count;
}

encoded_changes change_encoder::take() {
  made_.body.handles = handles_.take();
  return std::exchange(made_, {made_.last, made_.last, 0, {}});
}

frame encode_delta(std::string_view scope, const content_header& header, const encoded_changes& changes) {
  frame made;
  made.bytes.reserve(scope.size() + 64 + changes.body.bytes.size());
  handle_table handles;
  byte_writer out{made.bytes, handles};
  begin(out, scope, message{delta_message{}}.index());
  write(out, header);
  out.varint(changes.previous);
  out.varint(changes.count);
  made.bytes.insert(made.bytes.end(), changes.body.bytes.begin(), changes.body.bytes.end());
  made.handles = changes.body.handles;
  return made;
}

void group_encoder::add(const value& key, std::span<const entry* const> entries) {
  byte_writer out{made_.body.bytes, handles_};
  write(out, key);
  out.varint(entries.size());
  for (const auto* one : entries)
    write_entry(out, *one);
  ++made_.count;
}

encoded_groups group_encoder::take() {
  made_.body.handles = handles_.take();
  return std::exchange(made_, {});
}

frame encode_chunk(std::string_view scope, const content_header& header, std::uint64_t index, encoded_groups content) {
  frame made;
  made.bytes.reserve(scope.size() + 64 + content.body.bytes.size());
  handle_table handles;
  byte_writer out{made.bytes, handles};
  begin(out, scope, message{snapshot_chunk_message{}}.index());
  write(out, header);
  out.varint(index);
  out.varint(content.count);
  made.bytes.insert(made.bytes.end(), content.body.bytes.begin(), content.body.bytes.end());
  made.handles = std::move(content.body.handles);
  return made;
}

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

} // namespace registry
