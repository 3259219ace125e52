#include <registry/caf/internal/broadcast.hpp>
#include <registry/caf/internal/job.hpp>
#include <registry/caf/internal/wake_collector.hpp>
#include <registry/compat/actor.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/mailbox_element.hpp>

#include <algorithm>
#include <atomic>
#include <vector>

namespace registry::inline v0_2::internal {

namespace {

#if REGISTRY_CAF_0_17
caf::actor_system& system_of(const member& who) {
  return *who->home_system;
}
void enqueue(const member& to, const caf::message& content, executor& here) {
  to->enqueue(nullptr, caf::make_message_id(), content, &here);
}
#else
caf::actor_system& system_of(const member& who) {
  return caf::actor_cast<caf::actor>(who)->home_system();
}
void enqueue(const member& to, const caf::message& content, executor& here) {
  to->enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), content), &here);
}
#endif

/// The actors that a broadcast has woken, to be run by several workers of the scheduler at a time.
///
/// One thread, the sender's, adds; any number take. The job given to the scheduler is the list itself, once for each
/// participating worker.
class woken_actors final : public job {
public:
  woken_actors(caf::actor_system& system, std::size_t capacity)
      : system_(system), max_runners_(workers_of(system)), jobs_(capacity) {}
  /// Only a stopped system leaves any.
  ~woken_actors() override {
    for (auto i = taken_.load(); i < published_.load(); ++i)
      abandon(jobs_[i]);
  }

  // -- the sender ---------------------------------------------------------------------------------------------------------
  void add(caf::resumable* job) {
    if (added_ == jobs_.size()) // one that forwards to several others
      return schedule(system_, job);
    jobs_[added_++] = job;
    if (added_ % runner_share == 0) {
      published_.store(added_);
      add_runner();
    }
  }
  /// After the last one. Each of the remaining actors gets another runner, as the present ones may be in actors that block.
  void finish() {
    published_.store(added_);
    for (auto left = added_ - taken_.load(); left > 0 && add_runner(); --left) {
    }
  }

  // -- workers ------------------------------------------------------------------------------------------------------------
  resume_result resume(executor* here, std::size_t max_throughput) override {
    for (std::size_t turns = 0; turns < turns_at_once; ++turns) {
      auto* job = take();
      if (job == nullptr)
        return done;
      internal::run(*here, job, max_throughput);
    }
    return resume_later; // other actors that wait for a worker must not wait for all of these
  }

private:
  /// The number of actors that justify another worker.
  static constexpr std::size_t runner_share = 16;
  static constexpr std::size_t turns_at_once = 64;

  bool add_runner() {
    if (runners_.load() >= max_runners_)
      return false;
    runners_.fetch_add(1);
    retain();
    schedule(system_, this);
    return true;
  }

  /// The next actor, or null: then this runner has ended. A runner checks once more after announcing its end, and a
  /// publisher checks the runners after publishing: so no actor is overlooked by both.
  caf::resumable* take() {
    for (;;) {
      for (auto next = taken_.load(); next < published_.load();) {
        if (taken_.compare_exchange_weak(next, next + 1))
          return jobs_[next];
      }
      runners_.fetch_sub(1);
      if (taken_.load() >= published_.load())
        return nullptr;
      runners_.fetch_add(1);
    }
  }

  caf::actor_system& system_;
  const std::size_t max_runners_;
  std::vector<caf::resumable*> jobs_;
  std::size_t added_ = 0; ///< used by the sender only
  alignas(64) std::atomic<std::size_t> published_{0};
  std::atomic<std::size_t> runners_{0};
  alignas(64) std::atomic<std::size_t> taken_{0};
};

class collector final : public wake_collector {
public:
  collector(caf::actor_system& system, woken_actors& woken) : wake_collector(system), woken_(woken) {}

private:
  void add(caf::resumable* woken) override { woken_.add(woken); }

  woken_actors& woken_;
};

/// Measured to pay off for 100 actors where waking a worker is expensive; with fewer there is little to share.
constexpr std::size_t worth_a_list = 64;

} // namespace

void broadcast(std::span<const member> to, const caf::message& content) {
  if (to.size() < worth_a_list) {
    for (const auto& who : to)
      compat::deliver(who, content);
    return;
  }
  const auto first = std::find_if(to.begin(), to.end(), [](const member& who) { return who != nullptr; });
  if (first == to.end())
    return;
  auto& system = system_of(*first);
  const caf::intrusive_ptr<woken_actors> woken(new woken_actors(system, to.size()), false);
  collector here(system, *woken);
  for (const auto& who : to) {
    if (who != nullptr)
      enqueue(who, content, here);
  }
  woken->finish();
}

} // namespace registry::inline v0_2::internal
