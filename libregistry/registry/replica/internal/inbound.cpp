#include <registry/internal/deferral.hpp>
#include <registry/replica/internal/inbound.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2::internal {

namespace {

/// Doubles with every failed attempt, up to 32 times the interval.
std::chrono::nanoseconds patience(std::chrono::nanoseconds interval, unsigned attempts) {
  return interval * (1 << std::min(attempts, 5U));
}

error out_of_order() {
  return error(errc::malformed, "a snapshot's parts come out of order; close the link to this peer");
}

} // namespace

// -- asking ---------------------------------------------------------------------------------------------------------------

void inbound::new_token() {
  token_ = {context_.epoch, context_.next_token++};
  heard_ = false;
  violation_.reset();
  begin_answer(0, 0);
}

/// Content of an earlier answer no longer counts.
void inbound::begin_answer(std::uint64_t epoch, std::uint64_t number) {
  heard_of_ = {epoch, number};
  discard_snapshot();
  received_ = acknowledged_ = 0;
  acknowledge_due_ = false;
}

void inbound::ask(bool answer, bool from_the_beginning) {
  new_token();
  if (from_the_beginning)
    complete_ = false;
  asking_ = hello_due_ = true;
  answer_ = answer;
  ask_at_ = context_.now + patience(context_.options.retry_interval, unanswered_);
}

void inbound::ask_again() {
  unanswered_ = 0;
  if (heard_ || !asking_)
    return ask(false);
  hello_due_ = true;
}

void inbound::stop() {
  new_token();
  asking_ = hello_due_ = false;
}

void inbound::purge(reason why) {
  drop_work();
  forget(why);
}

void inbound::forget(reason why) {
  if (origin_ != 0) {
    const auto entries = context_.host.digest(origin_).count;
    context_.begin(context_.host.purge(origin_, why), entries, nullptr);
    context_.owners.erase(origin_);
  }
  origin_ = 0;
  place_epoch_ = place_commit_ = 0;
  complete_ = false;
  discard_snapshot();
}

/// What has been installed by half is of no use.
void inbound::drop_work() noexcept {
  context_.drop_work_of(*this);
  installing_.reset();
  deferral::keep(std::exchange(waiting_, {}));
  waiting_cost_ = 0;
}

/// The buffer may hold handles to actors of this node.
void inbound::discard_snapshot() noexcept {
  if (staging_)
    deferral::keep(std::move(*staging_));
  staging_.reset();
}

/// Something is missing or wrong: starts from the beginning, at once unless that was tried just now.
void inbound::repair(std::string_view why) {
  context_.host.note(peer_, why);
  complete_ = false;
  if (repairs_ == 0) {
    ask(false);
  } else {
    new_token();
    ask_at_ = context_.now + patience(context_.options.retry_interval, repairs_ - 1);
  }
  ++repairs_;
}

void inbound::refuse() {
  refuse_due_ = token_;
  stop();
  context_.host.warn(peer_, "the peer has more entries in scope \"" + context_.scope +
                                "\" than this node accepts, so its entries are left out; "
                                "raise snapshot_entries or snapshot_bytes of replica_options");
}

void inbound::tick() {
  if (asking_ && !heard_ && !hello_due_ && context_.now >= ask_at_) {
    ++unanswered_;
    ask(false);
  }
  acknowledge_due_ = received_ > acknowledged_;
}

std::vector<message> inbound::take_messages() {
  std::vector<message> out;
  if (refuse_due_)
    out.emplace_back(refused_message{*std::exchange(refuse_due_, {}), refusal::too_large});
  if (std::exchange(hello_due_, false)) {
    const auto have = complete_ ? stream_place{place_epoch_, place_commit_} : stream_place{};
    out.emplace_back(hello_message{token_, context_.mode, std::exchange(answer_, false), have});
  }
  if (std::exchange(acknowledge_due_, false)) {
    acknowledged_ = received_;
    out.emplace_back(acknowledge_message{token_, received_});
  }
  return out;
}

// -- content --------------------------------------------------------------------------------------------------------------

/// Whether this belongs to the current request.
bool inbound::accept(const content_header& header, std::size_t cost) {
  const std::pair answer{header.epoch, header.answer};
  if (!asking_ || header.token != token_ || answer < heard_of_) {
    ++context_.statistics.stale;
    return false;
  }
  if (answer > heard_of_)
    begin_answer(header.epoch, header.answer);
  heard_ = true;
  absent_ = false;
  unanswered_ = 0;
  received_ += cost;
  acknowledge_due_ = acknowledge_due_ || received_ - acknowledged_ >= context_.options.acknowledge_after;
  return true;
}

result<void> inbound::receive(content_message what, std::size_t cost) {
  if (violation_)
    return *violation_;
  if (!installing_)
    return handle(what, cost);
  waiting_cost_ += cost;
  if (waiting_cost_ > context_.options.snapshot_bytes)
    return error(errc::limit_exceeded, "a peer sends more than it may while a snapshot is installed; close the link to it");
  waiting_.push_back({std::move(what), cost});
  return success();
}

result<void> inbound::handle(content_message& what, std::size_t cost) {
  return std::visit([&](auto& x) { return handle(x, cost); }, what);
}

result<void> inbound::handle(const snapshot_begin_message& what, std::size_t cost) {
  if (!accept(what.header, cost))
    return success();
  if (what.entries > context_.options.snapshot_entries) {
    refuse();
    return success();
  }
  discard_snapshot();
  staging_.emplace(staging{});
  staging_->epoch = what.header.epoch;
  staging_->commit = what.commit;
  staging_->announced = what.entries;
  return success();
}

result<void> inbound::handle(snapshot_chunk_message& what, std::size_t cost) {
  if (!accept(what.header, cost))
    return success();
  if (!staging_ || staging_->epoch != what.header.epoch || staging_->next_chunk++ != what.index)
    return out_of_order();
  staging_->cost += cost;
  for (auto& part : what.content) {
    for (const auto& one : part.entries)
      staging_->digest.add(one.number, part.key, one.who, one.data);
    staging_->content.push_back(std::move(part));
  }
  if (staging_->digest.count > staging_->announced)
    return error(errc::malformed, "a snapshot has more entries than it announced; close the link to this peer");
  if (staging_->cost > context_.options.snapshot_bytes)
    refuse();
  return success();
}

result<void> inbound::handle(const snapshot_end_message& what, std::size_t cost) {
  if (!accept(what.header, cost))
    return success();
  if (!staging_ || staging_->epoch != what.header.epoch)
    return out_of_order();
  auto arrived = std::move(*staging_);
  discard_snapshot();
  if (arrived.digest == what.digest && arrived.digest.count == arrived.announced) {
    install(std::move(arrived), cost);
  } else {
    deferral::keep(std::move(arrived));
    ++context_.statistics.mismatches;
    repair("its entries arrived incomplete, and are fetched again");
  }
  return success();
}

void inbound::install(staging&& arrived, std::size_t cost) {
  if (origin_ != 0 && place_epoch_ != arrived.epoch)
    forget(reason::resync); // numbers of another stream mean other entries; what waits belongs to the new one
  if (origin_ == 0) {
    origin_ = context_.next_origin++;
    context_.owners.emplace(origin_, peer_);
  }
  const auto entries = arrived.digest.count + context_.host.digest(origin_).count;
  complete_ = false;
  received_ -= cost;
  installing_ = installing{token_, arrived.epoch, arrived.commit, cost};
  if (context_.begin(context_.host.install(origin_, std::move(arrived.content), arrived.digest), entries, this))
    installed();
}

void inbound::installed() {
  const auto done = *std::exchange(installing_, {});
  place_epoch_ = done.epoch;
  place_commit_ = done.commit;
  ++context_.statistics.snapshots_installed;
  // Otherwise a new request is under way, perhaps because the handles are lost.
  if (token_ == done.token) {
    complete_ = true;
    received_ += done.cost;
    acknowledge_due_ = true;
  }
  while (!waiting_.empty() && !installing_ && !violation_) {
    auto [what, cost] = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_cost_ -= cost;
    if (auto handled = handle(what, cost); !handled)
      violation_ = handled.error();
    deferral::keep(std::move(what));
  }
}

result<void> inbound::handle(const delta_message& what, std::size_t cost) {
  if (!accept(what.header, cost))
    return success();
  if (!complete_ || staging_ || what.header.epoch != place_epoch_ || what.previous > place_commit_) {
    ++context_.statistics.gaps;
    repair("changes of it are missing, and all of its entries are fetched again");
    return success();
  }
  const auto news = std::partition_point(what.changes.begin(), what.changes.end(),
                                         [&](const remote_change& x) { return x.commit <= place_commit_; });
  if (news == what.changes.end())
    return success();
  if (!context_.host.apply(origin_, {news, what.changes.end()})) {
    ++context_.statistics.mismatches;
    repair("a change does not fit what is here of its entries, and all of them are fetched again");
    return success();
  }
  place_commit_ = what.changes.back().commit;
  ++context_.statistics.deltas_applied;
  return success();
}

result<void> inbound::handle(const digest_message& what, std::size_t cost) {
  if (!accept(what.header, cost))
    return success();
  acknowledge_due_ = true; // the peer may be waiting for it
  if (!complete_ || staging_ || what.header.epoch != place_epoch_) {
    ++context_.statistics.gaps;
    repair("changes of it are missing, and all of its entries are fetched again");
  } else if (context_.host.digest(origin_) != what.digest) {
    ++context_.statistics.mismatches;
    repair("its entries differ from what is here of them, and are fetched again");
  } else {
    repairs_ = 0;
  }
  return success();
}

} // namespace registry::inline v0_2::internal
