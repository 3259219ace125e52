#include <registry/internal/deferral.hpp>
#include <registry/replica/internal/outbound.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2::internal {

bool outbound::start(const hello_message& request) {
  if (request.token < token_ || (request.token == token_ && serving_))
    return false;
  stop();
  token_ = request.token;
  answer_ = context_.next_answer++;
  serving_ = true;
  last_progress_ = context_.now;
  const auto& [epoch, commit] = request.have;
  if (epoch != context_.epoch || commit > std::max(context_.changes.commit(), context_.latest_cut))
    return true;
  cursor_ = context_.changes.after(commit);
  if (cursor_) {
    reached_ = acknowledged_commit_ = commit;
    digest_due_ = true; // shows at once whether continuing was right
    ++context_.statistics.resumes;
  }
  return true;
}

void outbound::stop() noexcept {
  serving_ = false;
  cursor_.reset();
  discard_snapshot();
  digest_due_ = false;
  unread_ += sent_ - acknowledged_;
  sent_ = acknowledged_ = 0;
  milestones_.clear();
  acknowledged_commit_ = 0;
}

void outbound::disconnect() noexcept {
  stop();
  unread_ = 0;
}

bool outbound::is_blocked() const noexcept {
  return unread_ + sent_ - acknowledged_ >= context_.options.window;
}

/// The view may be the last owner of entries that have left meanwhile.
void outbound::discard_snapshot() noexcept {
  if (snapshot_)
    deferral::keep(std::move(*snapshot_));
  snapshot_.reset();
}

void outbound::decline(const hello_message& request) noexcept {
  stop();
  token_ = std::max(token_, request.token);
}

void outbound::acknowledged(const acknowledge_message& what) noexcept {
  if (!serving_ || what.token != token_) {
    ++context_.statistics.stale;
    return;
  }
  const auto received = std::min(what.received, sent_);
  if (received <= acknowledged_)
    return;
  acknowledged_ = received;
  unread_ = 0;
  last_progress_ = context_.now;
  for (; !milestones_.empty() && milestones_.front().sent <= acknowledged_; milestones_.pop_front())
    acknowledged_commit_ = milestones_.front().commit;
}

void outbound::tick() {
  if (!snapshot_ || !is_blocked() || *cursor_ >= context_.changes.begin())
    return;
  if (context_.now - last_progress_ < context_.options.stall_after)
    return;
  discard_snapshot();
  cursor_.reset();
  ++context_.statistics.snapshots_given_up;
  context_.host.note(peer_, "it reads nothing, so sending it all entries is given up, and begins anew when it reads again");
}

std::optional<frame> outbound::next() {
  // The first frame goes in any case: its acknowledgement tells that what was under way before has arrived.
  if (!serving_ || (sent_ != 0 && is_blocked()))
    return std::nullopt;
  std::optional<frame> made;
  completes_ = 0;
  if (snapshot_) {
    made = continue_snapshot();
  } else if (!cursor_ || *cursor_ < context_.changes.begin()) {
    if (cursor_) {
      ++context_.statistics.overflows;
      context_.host.note(peer_,
                         "it reads more slowly than entries change (journal_bytes of replica_options), and gets all of them "
                         "instead of the changes");
    }
    made = begin_snapshot();
  } else if (*cursor_ < context_.changes.end()) {
    made = next_delta();
  } else {
    made = next_digest();
  }
  if (made) {
    if (sent_ == acknowledged_)
      last_progress_ = context_.now;
    sent_ += made->cost();
    if (completes_ != 0)
      milestones_.push_back({sent_, completes_});
  }
  return made;
}

frame outbound::begin_snapshot() {
  ++context_.statistics.snapshots_sent;
  snapshot_.emplace(context_.cut());
  chunks_ = 0;
  reached_ = snapshot_->source().commit;
  // The cut may be ahead of the journal: then the next delta repeats part of it, and the peer skips that.
  cursor_ = context_.changes.after(reached_).value_or(context_.changes.end());
  return encode_frame(context_.scope, snapshot_begin_message{header(), reached_, snapshot_->source().digest.count});
}

frame outbound::continue_snapshot() {
  if (!snapshot_->finished())
    return encode_chunk(context_.scope, header(), chunks_++, snapshot_->next(context_.options.frame_size));
  const auto digest = snapshot_->source().digest;
  completes_ = snapshot_->source().commit;
  discard_snapshot();
  return encode_frame(context_.scope, snapshot_end_message{header(), digest});
}

frame outbound::next_delta() {
  const auto& delta = context_.changes[(*cursor_)++];
  reached_ = completes_ = std::max(reached_, delta.last);
  ++context_.statistics.deltas_sent;
  return encode_delta(context_.scope, header(), delta);
}

std::optional<frame> outbound::next_digest() {
  // After a snapshot the peer may be ahead of the journal, whose digest would be older.
  if (!digest_due_ || context_.changes.commit() < reached_)
    return std::nullopt;
  digest_due_ = false;
  completes_ = context_.changes.commit();
  return encode_frame(context_.scope, digest_message{header(), context_.changes.commit(), context_.changes.digest()});
}

} // namespace registry::inline v0_2::internal
