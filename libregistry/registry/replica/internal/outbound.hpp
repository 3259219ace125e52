#pragma once

#include <registry/replica/internal/context.hpp>
#include <registry/wire/internal/message.hpp>

#include <deque>
#include <optional>

namespace registry::inline v0_2::internal {

/// The sending side for one peer: its place in the journal, the snapshot being sent, and the amount in transit.
class outbound {
public:
  outbound(replica_context& context, const incarnation& peer) noexcept : context_(context), peer_(peer) {}

  /// Serves a request, unless it is older than one already known or being served. Returns whether it does.
  bool start(const hello_message& request);
  /// Stops serving until the next request; the same one may come again. What is under way goes on to count in the window.
  void stop() noexcept;
  /// The same when the link is over.
  void disconnect() noexcept;
  /// Notes a request that is not served.
  void decline(const hello_message& request) noexcept;
  [[nodiscard]] const stream_token& token() const noexcept { return token_; }

  void acknowledged(const acknowledge_message& what) noexcept;
  /// The commit up to which the peer has acknowledged everything; 0 if unknown.
  [[nodiscard]] std::uint64_t acknowledged_commit() const noexcept { return acknowledged_commit_; }
  /// The first delta that is still to be sent, if any; else the next one to come.
  [[nodiscard]] std::uint64_t needed() const noexcept { return cursor_.value_or(context_.changes.end()); }
  /// Whether a part of a snapshot or of the journal is still to be sent.
  [[nodiscard]] bool has_more() const noexcept {
    return serving_ && (snapshot_ || !cursor_ || *cursor_ < context_.changes.end());
  }
  /// To be sent after everything else.
  void request_digest() noexcept { digest_due_ = true; }
  /// Drops a pending snapshot of a peer that does not read.
  void tick();
  /// The next frame that may be sent now.
  [[nodiscard]] std::optional<frame> next();

private:
  [[nodiscard]] content_header header() const noexcept { return {token_, context_.epoch, answer_}; }
  [[nodiscard]] bool is_blocked() const noexcept;
  void discard_snapshot() noexcept;
  frame begin_snapshot();
  frame continue_snapshot();
  frame next_delta();
  std::optional<frame> next_digest();

  replica_context& context_;
  const incarnation peer_;
  stream_token token_;
  std::uint64_t answer_ = 0;
  bool serving_ = false;
  /// The delta to send next; nothing if only a snapshot helps.
  std::optional<std::uint64_t> cursor_;
  /// The minimum the peer has once it has received everything sent.
  std::uint64_t reached_ = 0;
  std::optional<snapshot_walk> snapshot_;
  std::uint64_t chunks_ = 0;
  bool digest_due_ = false;
  std::uint64_t sent_ = 0;
  std::uint64_t acknowledged_ = 0;
  /// Of answers before this one over the same link, and perhaps still under way. A link keeps the order: once something of this
  /// answer is acknowledged, all of it has been read.
  std::uint64_t unread_ = 0;
  /// What the peer has once it has received the last frame; 0 if unknown.
  std::uint64_t completes_ = 0;
  /// The commit that the peer has reached once it has received this many bytes.
  struct milestone {
    std::uint64_t sent;
    std::uint64_t commit;
  };
  std::deque<milestone> milestones_; // at most as many as the window has frames
  std::uint64_t acknowledged_commit_ = 0;
  std::chrono::nanoseconds last_progress_{0};
};

} // namespace registry::inline v0_2::internal
