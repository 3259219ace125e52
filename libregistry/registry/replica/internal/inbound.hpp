#pragma once

#include <registry/replica/internal/context.hpp>
#include <registry/wire/internal/message.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace registry::inline v0_2::internal {

/// The receiving side for one peer: the place reached in its stream, the snapshot being collected or installed, and the requests
/// and acknowledgements that are due.
class inbound {
public:
  inbound(replica_context& context, const incarnation& peer) noexcept : context_(context), peer_(peer) {}

  /// Requests the stream under a new token, from the place reached or, if that is useless, from the beginning. `answer`: the
  /// peer should send a request, too.
  void ask(bool answer, bool from_the_beginning = false);
  /// The peer may not have received the present request: repeats it. Nothing in transit is lost.
  void ask_again();
  /// Sends no more requests, until `ask`.
  void stop();
  /// Forgets the content from the peer; its entries leave with this reason.
  void purge(reason why);

  [[nodiscard]] const stream_token& token() const noexcept { return token_; }
  /// The number of the stream whose content is held; 0 for none.
  [[nodiscard]] std::uint32_t origin() const noexcept { return origin_; }
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  /// The latest known stream of the peer.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return std::max(place_epoch_, heard_of_.first); }
  /// The peer says that it has nothing for this node now: the scope is not open there, or has another key mode.
  void note_absence() noexcept { absent_ = true; }
  void note_presence() noexcept { absent_ = false; }
  [[nodiscard]] bool absent() const noexcept { return absent_; }

  /// Whether the content here has got to a place in the stream of the peer, or is not expected to.
  [[nodiscard]] bool has_reached(const stream_place& place) const noexcept {
    return !asking_ || absent_ || place.commit == 0 || stream_place{place_epoch_, place_commit_} >= place;
  }

  using content_message =
      std::variant<snapshot_begin_message, snapshot_chunk_message, snapshot_end_message, delta_message, digest_message>;
  /// Handles content, now or, while a snapshot is being installed, after that. Then an error is that of an earlier message.
  result<void> receive(content_message what, std::size_t cost);
  /// The snapshot is installed.
  void installed();

  void tick();
  /// The messages that are due.
  [[nodiscard]] std::vector<message> take_messages();

private:
  /// A snapshot that has not arrived completely.
  struct staging {
    std::uint64_t epoch = 0;
    std::uint64_t commit = 0;
    std::uint64_t announced = 0;
    std::uint64_t next_chunk = 0;
    std::size_t cost = 0;
    content_digest digest;
    std::vector<remote_group> content;
  };

  /// A snapshot that has arrived, and is being installed.
  struct installing {
    stream_token token;
    std::uint64_t epoch = 0;
    std::uint64_t commit = 0;
    std::size_t cost = 0; // of its last message, which is acknowledged when all is visible
  };
  struct waiting_message {
    content_message what;
    std::size_t cost = 0;
  };

  result<void> handle(const snapshot_begin_message& what, std::size_t cost);
  result<void> handle(snapshot_chunk_message& what, std::size_t cost);
  result<void> handle(const snapshot_end_message& what, std::size_t cost);
  result<void> handle(const delta_message& what, std::size_t cost);
  result<void> handle(const digest_message& what, std::size_t cost);
  result<void> handle(content_message& what, std::size_t cost);
  bool accept(const content_header& header, std::size_t cost);
  void drop_work() noexcept;
  void forget(reason why);
  void new_token();
  void begin_answer(std::uint64_t epoch, std::uint64_t number);
  void repair(std::string_view why);
  void refuse();
  void discard_snapshot() noexcept;
  void install(staging&& arrived, std::size_t cost);

  replica_context& context_;
  const incarnation peer_;

  stream_token token_;
  bool asking_ = false;
  bool heard_ = false;                                     // content has arrived for the present token
  std::pair<std::uint64_t, std::uint64_t> heard_of_{0, 0}; // the latest answer to it: epoch and number
  bool hello_due_ = false;
  bool answer_ = false;
  std::optional<stream_token> refuse_due_;

  std::uint32_t origin_ = 0;
  std::uint64_t place_epoch_ = 0; // the stream whose content is held
  std::uint64_t place_commit_ = 0;
  bool absent_ = false;
  bool complete_ = false; // the content equals that of the peer at this place
  std::optional<staging> staging_;
  std::optional<installing> installing_;
  std::deque<waiting_message> waiting_; // for the end of that
  std::size_t waiting_cost_ = 0;
  std::optional<error> violation_; // found in one of them

  std::uint64_t received_ = 0;
  std::uint64_t acknowledged_ = 0;
  bool acknowledge_due_ = false;

  std::chrono::nanoseconds ask_at_{0}; // when an unanswered or postponed request is sent
  unsigned unanswered_ = 0;
  unsigned repairs_ = 0; // since the last correct digest
};

} // namespace registry::inline v0_2::internal
