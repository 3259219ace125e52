#include <registry/link/internal/handshake.hpp>

#include <algorithm>
#include <array>
#include <cassert>

namespace registry::inline v0_2 {

namespace {

/// Text from a stranger, made safe for a line of a log.
std::string in_quotes(std::string_view text) {
  std::string out{"\""};
  for (const auto c : text)
    out.push_back(c >= ' ' && c <= '~' && c != '"' ? c : '?');
  return out.append("\"");
}

std::string range(std::uint8_t oldest, std::uint8_t newest) {
  return std::to_string(oldest) + " to " + std::to_string(newest);
}

} // namespace

handshake::handshake(role own, const handshake_identity& self, const nonce& fresh, std::uint64_t dial, judge objection)
    : role_(own), self_(&self), dial_(dial), objection_(std::move(objection)) {
  const auto type = own == role::dialler ? message_type::dialler_hello : message_type::acceptor_hello;
  own_hello_ = encode(type, make_hello(self, dial, fresh));
}

handshake handshake::dialler(const handshake_identity& self, const nonce& fresh, std::uint64_t dial, judge objection,
                             bool use_other) {
  handshake made{role::dialler, self, fresh, dial, std::move(objection)};
  made.use_other_ = use_other;
  made.send(made.own_hello_);
  return made;
}

handshake handshake::acceptor(const handshake_identity& self, const nonce& fresh, judge objection) {
  return {role::acceptor, self, fresh, 0, std::move(objection)};
}

std::size_t handshake::wanted() const noexcept {
  if (stage_ == stage::succeeded || stage_ == stage::failed)
    return 0;
  return body_size_ == 0 ? length_size : body_size_;
}

void handshake::receive(std::span<const std::byte> data) {
  assert(!data.empty() && data.size() == wanted());
  if (body_size_ == 0) {
    body_size_ = decode_length(data);
    if (body_size_ == 0)
      fail(dial_failure::broken_handshake, "it sent something other than a handshake message");
    return;
  }
  body_size_ = 0;
  take_message(data);
}

void handshake::take_message(std::span<const std::byte> body) {
  if (stage_ == stage::hello)
    return take_hello(body);
  if (type_of(body) == message_type::refusal)
    return take_refusal(body);
  if (stage_ == stage::proof)
    return take_proof(body);
  take_last_word(body);
}

void handshake::take_hello(std::span<const std::byte> body) {
  const auto expected = role_ == role::dialler ? message_type::acceptor_hello : message_type::dialler_hello;
  auto read = decode_hello(body, expected, self_->newest_version);
  if (!read)
    return fail(dial_failure::broken_handshake, std::string{read.error().message()});
  peer_ = std::move(read).value();
  // As it was sent: with its length.
  peer_hello_.push_back(static_cast<std::byte>(body.size() >> 8));
  peer_hello_.push_back(static_cast<std::byte>(body.size() & 0xff));
  peer_hello_.insert(peer_hello_.end(), body.begin(), body.end());
  if (role_ == role::acceptor)
    send(own_hello_); // also to ends it refuses, so that they can determine the difference
  if (!compare())
    return;
  stage_ = stage::proof;
  if (role_ == role::dialler)
    send_proof();
}

bool handshake::compare() {
  if (refuses_plain_) {
    send(encode_refusal(dial_failure::wrong_version)); // all that version 1 knows
    fail(dial_failure::wrong_encryption, "this node accepts encrypted links only, and was dialled in plain");
    return false;
  }
  if (std::max(self_->oldest_version, peer_->oldest_version) > version()) {
    refuse(dial_failure::wrong_version, "this node speaks versions " + range(self_->oldest_version, self_->newest_version) +
                                            ", the other " + range(peer_->oldest_version, peer_->newest_version));
    return false;
  }
  if (self_->cluster != peer_->cluster) {
    // A stranger that dials must not choose what our log says.
    const auto theirs = role_ == role::dialler ? in_quotes(peer_->cluster) : std::string{"another one"};
    refuse(dial_failure::wrong_cluster, "this node belongs to " + in_quotes(self_->cluster) + ", the other to " + theirs);
    return false;
  }
  return true;
}

void handshake::take_proof(std::span<const std::byte> body) {
  const auto expected = role_ == role::dialler ? message_type::acceptor_proof : message_type::dialler_proof;
  const auto read = decode_proof(body, expected);
  if (!read)
    return fail(dial_failure::broken_handshake, std::string{read.error().message()});
  bool failed = false;
  const bool right = is_right(read.value(), failed);
  if (failed)
    return fail(dial_failure::unreachable, "this node cannot compute a proof");
  if (!right)
    return refuse(dial_failure::wrong_secret, "its proof was made with another secret");
  proven_ = true;
  agree();
}

/// An acceptor takes either of its secrets, and answers with the same.
bool handshake::is_right(std::span<const std::byte> proof, bool& failed) {
  for (const bool has_next : {true, false}) {
    const auto right = prove(role_ == role::dialler ? role::acceptor : role::dialler);
    failed = !right;
    if (failed || same_bytes(proof, *right))
      return !failed;
    if (role_ == role::dialler || self_->other_secret.empty() || !has_next)
      break;
    use_other_ = true;
  }
  return false;
}

void handshake::agree() {
  const bool is_self = peer_->self == self_->self;
  if (is_self && role_ == role::dialler)
    return refuse(dial_failure::self, "this node dialled itself");
  if (!is_self) {
    if (peer_->node_id == self_->node_id)
      return refuse(dial_failure::duplicate_node_id, "both nodes have the id " + in_quotes(self_->node_id));
    const auto objection = objection_(info(), peer_->node_id);
    assert(objection != dial_failure::refused);
    if (objection)
      return refuse(*objection, "this node objects");
  }
  if (role_ == role::acceptor) {
    stage_ = stage::last_word;
    return send_proof();
  }
  send(encode_ready());
  stage_ = stage::succeeded;
}

void handshake::take_last_word(std::span<const std::byte> body) {
  if (auto read = decode_ready(body); !read)
    return fail(dial_failure::broken_handshake, std::string{read.error().message()});
  if (peer_->self == self_->self)
    return fail(dial_failure::broken_handshake, "it claims the incarnation of this node");
  stage_ = stage::succeeded;
}

void handshake::take_refusal(std::span<const std::byte> body) {
  const auto why = decode_refusal(body);
  // A node never considers a stranger to be itself on the stranger's word, and an acceptor does not say so.
  if (!why || (why.value() == dial_failure::self && stage_ != stage::last_word))
    return fail(dial_failure::broken_handshake, "it sent an invalid refusal");
  // This end has compared the versions.
  if (why.value() == dial_failure::wrong_version)
    return fail(dial_failure::wrong_encryption, "the other end accepts encrypted links only, and was dialled in plain");
  fail(why.value(), why.value() == dial_failure::unreachable ? "it is leaving the cluster" : "the other end says so");
}

// The names of the roles have the same length, and hellos begin with theirs: no two handshakes use the same bytes.
std::optional<digest_256> handshake::prove(role whose) const {
  const std::string_view label = whose == role::dialler ? "registry dialler" : "registry accepts";
  const auto& first = role_ == role::dialler ? own_hello_ : peer_hello_;
  const auto& second = role_ == role::dialler ? peer_hello_ : own_hello_;
  const auto bytes = std::as_bytes(std::span{label});
  std::vector<std::byte> all(bytes.begin(), bytes.end());
  all.insert(all.end(), first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  return hmac_sha_256(use_other_ ? self_->other_secret : self_->secret, all);
}

void handshake::send_proof() {
  const auto proof = prove(role_);
  if (!proof)
    return fail(dial_failure::unreachable, "this node cannot compute a proof");
  send(encode(role_ == role::dialler ? message_type::dialler_proof : message_type::acceptor_proof, *proof));
}

link_info handshake::info() const {
  assert(peer_);
  const bool ours = role_ == role::dialler;
  return {peer_->self, peer_->advertised, ours ? self_->self : peer_->self, ours ? dial_ : peer_->dial,
          version() >= version_with_name ? peer_->name : std::string{}};
}

std::uint8_t handshake::version() const noexcept {
  return std::min(self_->newest_version, peer_ ? peer_->newest_version : self_->newest_version);
}

void handshake::send(std::vector<std::byte> message) {
  output_.insert(output_.end(), message.begin(), message.end());
}

void handshake::refuse(dial_failure why, std::string detail) {
  send(encode_refusal(why));
  fail(why, std::move(detail));
}

void handshake::fail(dial_failure why, std::string detail) {
  stage_ = stage::failed;
  failure_ = handshake_failure{why, std::move(detail)};
}

} // namespace registry::inline v0_2
