// How a job board keeps one lane to each worker that there is.

#include <dispatch/submitter/job_board.hpp>

#include <registry/actor/handle.hpp>

#include <spdlog/spdlog.h>

#include <iterator>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace dispatch {

void job_board::look_at_workers() {
  // In this order: who moves from one key to the other in between is seen under the second.
  const auto ready = queues_.lookup(std::string_view{order_.queue});
  const auto leaving = queues_.lookup(draining(order_.queue));
  std::set<registry::member> present;
  for (const auto& held : ready) {
    open_lane(held, false);
    present.insert(held.who);
  }
  for (const auto& held : leaving) {
    open_lane(held, true);
    present.insert(held.who);
  }
  std::vector<std::unique_ptr<lane>> gone;
  for (auto at = lanes_.begin(); at != lanes_.end();) {
    const bool stays = present.contains(at->first);
    if (!stays)
      gone.push_back(std::move(at->second));
    at = stays ? std::next(at) : lanes_.erase(at);
  }
  for (const auto& way : gone)
    abandon_lane(*way);
  report_progress();
  signal();
}

void job_board::open_lane(const registry::entry& held, bool drains) {
  auto found = lanes_.find(held.who);
  // After a reconnection the new handle compares equal to the old one, which is dead.
  if (found != lanes_.end() && !registry::is_alive(found->first) && registry::is_alive(held.who)) {
    const auto old = std::move(found->second);
    lanes_.erase(found);
    abandon_lane(*old);
    found = lanes_.end();
  }
  if (found == lanes_.end()) {
    auto says = read_card(held.data);
    const bool readable = says.has_value();
    auto card = readable ? std::move(says).value() : worker_card{};
    if (readable && card.protocol.value_or(1) < 2) {
      if (!std::exchange(warned_of_old_workers_, true))
        spdlog::warn("the worker {} is of an older version and gets no jobs: update it", card.name);
      return;
    }
    found = lanes_.emplace(held.who, std::make_unique<lane>(held.who, std::move(card))).first;
    // Some keys are the new worker's.
    if (order_.how == strategy::rendezvous)
      take_back_all_unsent();
  }
  if (drains)
    close_lane(*found->second);
}

void job_board::close_lane(lane& way) {
  if (!std::exchange(way.closed, true))
    take_back_unsent(way);
}

void job_board::abandon_lane(lane& way) {
  close_lane(way);
  for (auto* const one : std::set<task_state*>{way.jobs})
    lose_worker(*one);
}

void job_board::take_back_unsent(lane& from) {
  for (auto* const one : std::exchange(from.unsent, {})) {
    one->where = nullptr;
    from.jobs.erase(one);
    waiting_.try_push(one);
  }
  signal();
}

void job_board::take_back_all_unsent() {
  for (const auto& [who, way] : lanes_)
    take_back_unsent(*way);
}

bool job_board::has_workers() const {
  return !lanes_.empty();
}

void job_board::report_progress() const {
  progress_report now{lanes_.size(), by_ticket_.size()};
  self_.send(observer_, now);
}

} // namespace dispatch
