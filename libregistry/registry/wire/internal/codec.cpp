#include <registry/wire/internal/codec.hpp>

#include <cassert>
#include <utility>

namespace registry::inline v0_2 {

namespace {

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

// Commits are written as differences, entries without the fields their verb does not need.
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

} // namespace registry::inline v0_2
