#include <corpus/support/handshake.hpp>
#include <corpus/support/text.hpp>

#include <registry/link/internal/handshake.hpp>
#include <registry/link/internal/message.hpp>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace registry::corpus {

namespace {

using bytes = std::span<const std::byte>;

constexpr std::uint8_t newest_version_known = 1;

template <class T>
T checked(const result<T>& read) {
  if (!read)
    throw std::runtime_error("a message of a handshake cannot be read: " + to_string(read.error()));
  return read.value();
}

void expect_same(const std::vector<std::byte>& written, bytes recorded) {
  if (!std::ranges::equal(written, recorded))
    throw std::runtime_error("a message of a handshake would be written otherwise");
}

std::string hello_text(bytes body, bytes whole, message_type type) {
  const auto x = checked(decode_hello(body, type, newest_version_known));
  expect_same(encode(type, x), whole);
  return std::string{type == message_type::dialler_hello ? "dialler_hello" : "acceptor_hello"} + "\n    versions " +
         std::to_string(x.oldest_version) + " to " + std::to_string(x.newest_version) + ", cluster " + text_of(x.cluster) +
         "\n    incarnation " + to_string(x.self) + " at " + to_string(x.advertised) + ", node " + text_of(x.node_id) +
         "\n    dial " + std::to_string(x.dial) + ", nonce " + hex(x.fresh) + "\n";
}

std::string proof_text(bytes body, bytes whole, message_type type) {
  const auto x = checked(decode_proof(body, type));
  expect_same(encode(type, x), whole);
  return std::string{type == message_type::dialler_proof ? "dialler_proof " : "acceptor_proof "} + hex(x) + "\n";
}

std::string ready_text(bytes body, bytes whole) {
  if (!decode_ready(body))
    throw std::runtime_error("what ends a handshake cannot be read");
  expect_same(encode_ready(), whole);
  return "ready\n";
}

std::string refusal_text(bytes body, bytes whole) {
  const auto why = checked(decode_refusal(body));
  expect_same(encode_refusal(why), whole);
  return "refusal " + std::string{to_string(why)} + "\n";
}

std::string text_of_message(bytes body, bytes whole) {
  const auto type = type_of(body);
  switch (type) {
  case message_type::dialler_hello:
  case message_type::acceptor_hello:
    return hello_text(body, whole, type);
  case message_type::dialler_proof:
  case message_type::acceptor_proof:
    return proof_text(body, whole, type);
  case message_type::ready:
    return ready_text(body, whole);
  case message_type::refusal:
    return refusal_text(body, whole);
  }
  throw std::runtime_error("a message of a handshake has an unknown type");
}

/// The body of the message at a place, nothing if the stream ends there.
bytes body_at(bytes stream, std::size_t offset) {
  if (offset == stream.size())
    return {};
  if (stream.size() - offset < length_size)
    throw std::runtime_error("a handshake ends within a message");
  const auto size = decode_length(stream.subspan(offset, length_size));
  if (size == 0 || size > stream.size() - offset - length_size)
    throw std::runtime_error("a handshake ends within a message, or what is there is none");
  return stream.subspan(offset + length_size, size);
}

bool ends_a_side(message_type type) {
  return type == message_type::acceptor_proof || type == message_type::ready || type == message_type::refusal;
}

/// The description that one end gave of itself, and its objection, if any.
struct end_of_handshake {
  handshake_identity self;
  nonce fresh{};
  std::uint64_t dial = 0;
  std::optional<dial_failure> objection;
};

end_of_handshake end_of(bytes stream, message_type type, const std::string& secret) {
  end_of_handshake out;
  for (const auto& part : read_handshake(stream)) {
    const auto body = body_at(stream, part.offset);
    if (type_of(body) == type) {
      const auto x = checked(decode_hello(body, type, newest_version_known));
      out.self = {x.self, x.cluster, secret, x.node_id, x.advertised, x.oldest_version, x.newest_version};
      out.fresh = x.fresh;
      out.dial = x.dial;
    } else if (type_of(body) == message_type::refusal) {
      out.objection = checked(decode_refusal(body));
    }
  }
  return out;
}

replayed_handshake replay(handshake own, bytes other) {
  replayed_handshake out;
  const auto say = [&] {
    const auto next = own.take_output();
    out.said.insert(out.said.end(), next.begin(), next.end());
  };
  say();
  while (own.wanted() > 0 && own.wanted() <= other.size()) {
    const auto size = own.wanted();
    own.receive(other.first(size));
    other = other.subspan(size);
    say();
  }
  out.succeeded = own.succeeded();
  if (own.failure())
    out.failure = to_string(own.failure()->why);
  return out;
}

} // namespace

std::vector<handshake_part> read_handshake(bytes stream) {
  std::vector<handshake_part> out;
  for (std::size_t offset = 0; offset < stream.size();) {
    const auto body = body_at(stream, offset);
    const auto size = length_size + body.size();
    out.push_back({offset, size, text_of_message(body, stream.subspan(offset, size))});
    if (ends_a_side(type_of(body)))
      break;
    offset += size;
  }
  return out;
}

replayed_handshake replay_dialler(bytes dialler, bytes acceptor, const std::string& secret) {
  const auto own = end_of(dialler, message_type::dialler_hello, secret);
  return replay(handshake::dialler(own.self, own.fresh, own.dial, [&](auto&, auto) { return own.objection; }), acceptor);
}

replayed_handshake replay_acceptor(bytes dialler, bytes acceptor, const std::string& secret) {
  const auto own = end_of(acceptor, message_type::acceptor_hello, secret);
  return replay(handshake::acceptor(own.self, own.fresh, [&](auto&, auto) { return own.objection; }), dialler);
}

} // namespace registry::corpus
