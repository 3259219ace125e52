#include <registry/actor/handle.hpp>
#include <registry/caf/internal/actor_thread.hpp>
#include <registry/caf/internal/idle_system.hpp>
#include <registry/node/system_config.hpp>
#include <registry/scope/internal/random.hpp>
#include <registry/testing/stepped_system.hpp>
#include <registry/time/deadline.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/actor_control_block.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace registry::testing {

namespace {

/// Null for what runs and is no actor.
member actor_behind(caf::resumable* job) {
  auto* who = dynamic_cast<caf::abstract_actor*>(job);
  return who != nullptr ? member{who->ctrl()} : nullptr;
}

} // namespace

struct stepped_system::state {
  explicit state(caf::actor_system_config& config) : actors(config) {}

  internal::actor_thread_mark mark;
  internal::idle_system actors;
  /// All that have run, for the end. Only those that are alive matter.
  std::map<caf::actor_id, caf::weak_actor_ptr> known;
};

stepped_system::stepped_system(system_config& config, std::uint32_t seed) : state_(std::make_unique<state>(config)) {
  internal::seed_random(seed);
}

stepped_system::~stepped_system() {
  run();
  for (const auto& [id, known] : state_->known) {
    if (const auto left = caf::actor_cast<member>(known))
      registry::kill(left);
  }
  run();
  state_->actors.drop_timers(); // which hold actors
}

caf::actor_system& stepped_system::get() const noexcept {
  return state_->actors.get();
}

std::vector<member> stepped_system::ready() const {
  std::vector<member> out;
  for (auto* job : state_->actors.ready()) {
    if (auto who = actor_behind(job))
      out.push_back(std::move(who));
  }
  return out;
}

bool stepped_system::step() {
  auto& actors = state_->actors;
  if (actors.ready().empty())
    return false;
  if (const auto who = actor_behind(actors.ready().front()))
    state_->known.try_emplace(who->id(), caf::actor_cast<caf::weak_actor_ptr>(who));
  actors.resume_first();
  return true;
}

bool stepped_system::step(const registrant& who) {
  auto& jobs = state_->actors.ready();
  const auto found = std::find_if(jobs.begin(), jobs.end(), [&](auto* job) { return actor_behind(job) == who.get(); });
  if (who.get() == nullptr || found == jobs.end())
    return false;
  std::rotate(jobs.begin(), found, found + 1);
  return step();
}

std::size_t stepped_system::run(std::size_t limit) {
  std::size_t steps = 0;
  while (steps < limit && step())
    ++steps;
  return steps;
}

std::chrono::steady_clock::time_point stepped_system::now() const noexcept {
  return state_->actors.now();
}

void stepped_system::advance(std::chrono::nanoseconds time) {
  auto& actors = state_->actors;
  const auto end = now() + saturated(time);
  run();
  for (auto due = actors.next_timer(); due && *due <= end; due = actors.next_timer()) {
    actors.move_clock(*due);
    run();
  }
  actors.move_clock(end);
}

} // namespace registry::testing
