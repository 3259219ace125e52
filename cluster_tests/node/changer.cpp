#include <node/changer.hpp>
#include <support/waiting.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cluster_tests {

using namespace registry;
using registry::testing::nanoseconds_now;

changer::changer(scope changed, const crowd& members, std::string prefix, std::size_t keys, std::uint64_t seed)
    : scope_(std::move(changed)), members_(members), prefix_(std::move(prefix)), random_(seed), joined_(keys) {}

changer::~changer() {
  static_cast<void>(stop());
}

void changer::change(std::size_t count) {
  made_ = {};
  made_.started = nanoseconds_now();
  for (std::size_t i = 0; i < count; ++i)
    one_change();
}

void changer::one_change() {
  const auto chosen = random_() % joined_.size();
  const value key{prefix_ + std::to_string(chosen)};
  const auto& owner = members_.at(chosen % members_.size());
  const auto begin = nanoseconds_now();
  const auto data = object("n", static_cast<std::int64_t>(random_() >> 1), "at", begin);
  const bool update = random_() % 3 == 0;
  result<void> outcome = success();
  if (!joined_[chosen]) {
    outcome = scope_.join(key, owner, data);
    joined_[chosen] = true;
    ++made_.joins;
  } else if (update) {
    outcome = scope_.update_value(key, owner, data);
    ++made_.updates;
  } else {
    outcome = scope_.leave(key, owner);
    joined_[chosen] = false;
    ++made_.leaves;
  }
  made_.failures += outcome ? 0 : 1;
  made_.longest = std::max(made_.longest, nanoseconds_now() - begin);
}

void changer::start(std::int64_t rate) {
  static_cast<void>(stop());
  stop_ = false;
  made_ = {};
  made_.started = nanoseconds_now();
  thread_ = std::thread{[this, rate] { run(rate); }};
}

void changer::run(std::int64_t rate) {
  const auto begin = std::chrono::steady_clock::now();
  // The changes that are due are made once a millisecond, or without a pause.
  const auto interval = std::chrono::milliseconds{rate == 0 ? 0 : 1};
  const auto is_over = [&] {
    std::unique_lock guard(lock_);
    return stopped_.wait_for(guard, interval, [this] { return stop_; });
  };
  std::int64_t made = 0;
  do {
    const auto elapsed = std::chrono::steady_clock::now() - begin;
    const auto due =
        rate == 0 ? made + 1000 : std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count() * rate / 1'000'000;
    for (; made < due; ++made)
      one_change();
  } while (!is_over());
}

value changer::stop() {
  {
    const std::lock_guard guard(lock_);
    stop_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable())
    thread_.join();
  const auto& [joins, updates, leaves, failures, longest, started] = made_;
  return object("changes", joins + updates + leaves, "joins", joins, "updates", updates, "leaves", leaves, "failures",
                failures, "seconds", static_cast<double>(nanoseconds_now() - started) / 1e9, "longest", longest / 1000);
}

} // namespace cluster_tests
