// Handshakes with a stranger, and between two nodes whose connection somebody else changes.

#include <fuzz/target.hpp>

#include <registry/hash/detail/splitmix64.hpp>
#include <registry/link/internal/handshake.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace registry::fuzz::handshake_target {

namespace {

using bytes = std::vector<std::byte>;

handshake_identity identity(std::uint64_t number) {
  return {{number, number}, "a cluster", "a secret", "node " + std::to_string(number), {"here", 4700}, 1, 2};
}

nonce fresh(std::uint8_t first) {
  nonce out{};
  out.front() = std::byte{first};
  return out;
}

/// The messages of a stream, with their lengths, each of which must be one.
std::vector<bytes> messages_in(input stream) {
  std::vector<bytes> out;
  while (!stream.empty()) {
    expect(stream.size() >= length_size, "an end sends part of a length");
    const auto size = decode_length(stream.first(length_size)) + length_size;
    expect(size > length_size && size <= stream.size(), "an end sends something that is no message");
    out.emplace_back(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size));
    stream = stream.subspan(size);
  }
  return out;
}

/// One end, which takes bytes as they come.
class end {
public:
  end(bool dialler, const handshake_identity& self)
      : logic_(dialler ? handshake::dialler(self, fresh(1), 7, no_objection)
                       : handshake::acceptor(self, fresh(2), no_objection)) {
    take_output();
  }

  void receive(input piece) {
    waiting_.insert(waiting_.end(), piece.begin(), piece.end());
    for (auto size = logic_.wanted(); size > 0 && size <= waiting_.size(); size = logic_.wanted()) {
      expect(size <= longest_body, "it wants more than a message");
      const bytes next(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(size));
      waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(size));
      logic_.receive(next);
      take_output();
    }
    check();
  }

  [[nodiscard]] bool ended() const { return logic_.wanted() == 0; }
  [[nodiscard]] bool succeeded() const { return logic_.succeeded(); }
  [[nodiscard]] const bytes& said() const { return said_; }
  [[nodiscard]] const handshake& logic() const { return logic_; }

private:
  static std::optional<dial_failure> no_objection(const link_info&, std::string_view) { return std::nullopt; }

  void take_output() {
    const auto next = logic_.take_output();
    said_.insert(said_.end(), next.begin(), next.end());
  }

  void check() const {
    expect(ended() == (logic_.succeeded() || logic_.failure().has_value()), "it has ended without an outcome");
    expect(!logic_.succeeded() || (logic_.peer() && logic_.is_proven()), "it has succeeded with a stranger");
    if (logic_.failure()) {
      const auto& detail = logic_.failure()->detail;
      expect(!detail.empty() && std::ranges::all_of(detail, [](char c) { return c >= ' ' && c <= '~'; }),
             "the failure is not safe to log");
    }
    if (logic_.peer())
      expect(is_host(logic_.info().peer_address.host), "the peer has an address that is none");
  }

  handshake logic_;
  bytes waiting_;
  bytes said_;
};

/// Whether a message, without its length, is this body.
bool has_body(const bytes& message, input body) {
  return std::ranges::equal(std::span{message}.subspan(length_size), body);
}

void check_decoders(input body) {
  using enum message_type;
  for (const auto type : {dialler_hello, acceptor_hello}) {
    if (const auto read = decode_hello(body, type, 255))
      expect(has_body(encode(type, read.value()), body), "a hello is not canonical");
  }
  for (const auto type : {dialler_proof, acceptor_proof}) {
    if (const auto read = decode_proof(body, type))
      expect(has_body(encode(type, read.value()), body), "a proof is not canonical");
  }
  if (decode_ready(body))
    expect(has_body(encode_ready(), body), "the last word is not canonical");
  if (const auto why = decode_refusal(body))
    expect(has_body(encode_refusal(why.value()), body), "a refusal is not canonical");
}

/// A stranger who says this, at once and in pieces.
void meet_stranger(script in) {
  const bool dialler = in.coin();
  std::uint64_t random = in.byte();
  const auto self = identity(1);
  const auto stream = in.rest();
  end whole{dialler, self};
  whole.receive(stream);
  expect(!whole.succeeded(), "a stranger knows the secret");
  expect(messages_in(whole.said()).size() <= 3, "it says too much");
  end pieces{dialler, self};
  for (auto left = stream; !left.empty();) {
    const auto size = std::min<std::size_t>(left.size(), 1 + detail::splitmix64(random) % 64);
    pieces.receive(left.first(size));
    left = left.subspan(size);
  }
  expect(pieces.said() == whole.said() && pieces.ended() == whole.ended(), "the pieces make a difference");
  if (stream.size() > length_size)
    check_decoders(stream.subspan(length_size));
}

/// What becomes of a message under way.
bytes altered(bytes message, script& in) {
  switch (in.below(8)) {
  case 1: {
    const auto at = (std::size_t{in.byte()} << 8 | in.byte()) % message.size();
    message[at] ^= std::byte{in.byte()};
    break;
  }
  case 2: {
    const auto body = in.bytes();
    message.resize(length_size);
    message.insert(message.end(), body.begin(), body.end());
    break;
  }
  case 3: {
    const auto more = in.bytes();
    message.insert(message.end(), more.begin(), more.end());
    break;
  }
  case 4:
    message.resize(
        std::max<std::size_t>(length_size + 1, message.size() - std::min<std::size_t>(message.size(), in.byte())));
    break;
  default:
    return message;
  }
  const auto size = message.size() - length_size;
  message[0] = static_cast<std::byte>(size >> 8);
  message[1] = static_cast<std::byte>(size & 0xff);
  return message;
}

struct direction {
  end& from;
  end& to;
  std::size_t relayed = 0; ///< messages
  bool changed = false;

  bool relay(script& in) {
    const auto all = messages_in(from.said());
    if (relayed == all.size())
      return false;
    const auto& message = all[relayed++];
    const auto arrived = altered(message, in);
    changed = changed || arrived != message;
    to.receive(arrived);
    return true;
  }
};

void meet_through_relay(script in) {
  const auto a = identity(1);
  auto b = identity(2);
  const auto difference = in.below(8);
  switch (difference) {
  case 1:
    b.secret = "another secret";
    break;
  case 2:
    b.cluster = text_of(in.bytes());
    break;
  case 3:
    b.node_id = a.node_id;
    break;
  case 4:
    b.oldest_version = b.newest_version = 3;
    break;
  default:
    break;
  }
  const bool same = difference != 1 && difference != 3 && difference != 4 && a.cluster == b.cluster;
  end dialler{true, a};
  end acceptor{false, b};
  direction there{dialler, acceptor};
  direction back{acceptor, dialler};
  while (there.relay(in) || back.relay(in)) {
  }
  expect(!acceptor.succeeded() || (same && !there.changed), "the acceptor believes a changed message");
  expect(!dialler.succeeded() || (same && !back.changed), "the dialler believes a changed message");
  if (same && !there.changed && !back.changed)
    expect(dialler.succeeded() && acceptor.succeeded(), "a handshake fails for no reason");
  if (dialler.succeeded() && acceptor.succeeded())
    expect(dialler.logic().version() == acceptor.logic().version() &&
               dialler.logic().info().dial == acceptor.logic().info().dial,
           "the ends do not agree");
}

void run(input data) {
  script in{data};
  if (in.coin())
    meet_stranger(in);
  else
    meet_through_relay(in);
}

const registration it{"handshake", run};

} // namespace

} // namespace registry::fuzz::handshake_target
