#include <simulation/cluster.hpp>

#include <algorithm>

namespace registry::simulation {

namespace {

using std::chrono::milliseconds;

constexpr instant patience = std::chrono::minutes{10};
constexpr instant look_interval = milliseconds{5};

} // namespace

/// Lets time pass until the condition holds; returns the time that passed.
instant cluster::wait_until(const std::function<bool()>& condition) {
  const auto start = world_.time.now();
  while (!condition()) {
    if (world_.time.now() - start > patience)
      throw violation("a calm cluster does not come to rest");
    world_.time.run_until(world_.time.now() + look_interval);
  }
  return world_.time.now() - start;
}

growth cluster::measure() {
  growth out;
  out.slowest_delay = milliseconds{5};
  network_.slowest(out.slowest_delay);
  for (std::size_t i = 0; i < places_.size(); ++i)
    restart(i);
  const auto linked = [](const place& x, std::size_t peers) { return x.running->members().present().size() == peers; };
  out.until_linked = wait_until([&] {
    return std::all_of(places_.begin(), places_.end(), [&](const place& x) { return linked(x, places_.size() - 1); });
  });
  // Hellos and their answers are still under way.
  world_.time.run_until(world_.time.now() + std::chrono::seconds{3});
  const auto frames = frames_;
  const auto bytes = frame_bytes_;
  for (const auto& x : places_)
    x.running->join_one();
  out.until_seen = wait_until([&] {
    return std::all_of(places_.begin(), places_.end(),
                       [&](const place& x) { return x.running->entry_count() == places_.size(); });
  });
  // So that acknowledgements count.
  world_.time.run_until(world_.time.now() + std::chrono::seconds{2});
  out.messages_per_join = static_cast<double>(frames_ - frames) / static_cast<double>(places_.size());
  out.bytes_per_join = static_cast<double>(frame_bytes_ - bytes) / static_cast<double>(places_.size());
  return out;
}

} // namespace registry::simulation
