#pragma once

#include <registry/replica/internal/context.hpp>
#include <registry/wire/internal/message.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace registry::internal {

/// What one peer sends: the place reached in its stream, the snapshot being collected, and what is to be asked or
/// acknowledged.
class inbound {
public:
  inbound(replica_context& context, const incarnation& peer) noexcept : context_(context), peer_(peer) {}

  /// Asks for the stream under a new token, from the place reached or, if that is of no use, from the beginning. `answer`: the
  /// peer should ask, too.
  void ask(bool answer, bool from_the_beginning = false);
  /// The peer may not have heard the present request: asks again. Nothing that is under way is lost.
  void ask_again();
  /// Asks no more, until `ask`.
  void stop();
  /// Forgets what the peer has sent; its entries leave with this reason.
  void purge(reason why);

  [[nodiscard]] const stream_token& token() const noexcept { return token_; }
  /// The number of what is held; 0 for nothing.
  [[nodiscard]] std::uint32_t origin() const noexcept { return origin_; }
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  /// The latest stream of the peer that is known of.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return std::max(place_epoch_, heard_of_.first); }
  /// The peer says that it has nothing for us now: the scope is not open there, or in another key mode.
  void note_absence() noexcept { absent_ = true; }
  void note_presence() noexcept { absent_ = false; }
  [[nodiscard]] bool absent() const noexcept { return absent_; }

  result<void> receive(const snapshot_begin_message& what, std::size_t cost);
  result<void> receive(snapshot_chunk_message&& what, std::size_t cost);
  result<void> receive(const snapshot_end_message& what, std::size_t cost);
  result<void> receive(const delta_message& what, std::size_t cost);
  result<void> receive(const digest_message& what, std::size_t cost);

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

  bool accept(const content_header& header, std::size_t cost);
  void new_token();
  void begin_answer(std::uint64_t epoch, std::uint64_t number);
  void repair();
  void refuse();
  void discard_snapshot() noexcept;
  void install(staging&& arrived);

  replica_context& context_;
  const incarnation peer_;

  stream_token token_;
  bool asking_ = false;
  bool heard_ = false;                                     // content has come for the present token
  std::pair<std::uint64_t, std::uint64_t> heard_of_{0, 0}; // the latest answer to it: epoch and number
  bool hello_due_ = false;
  bool answer_ = false;
  std::optional<stream_token> refuse_due_;

  std::uint32_t origin_ = 0;
  std::uint64_t place_epoch_ = 0; // the stream of what is held
  std::uint64_t place_commit_ = 0;
  bool absent_ = false;
  bool complete_ = false; // what is held is what the peer had at the place
  std::optional<staging> staging_;

  std::uint64_t received_ = 0;
  std::uint64_t acknowledged_ = 0;
  bool acknowledge_due_ = false;

  std::chrono::nanoseconds ask_at_{0}; // when an unanswered or postponed request is made
  unsigned unanswered_ = 0;
  unsigned repairs_ = 0; // since a digest was right
};

} // namespace registry::internal
