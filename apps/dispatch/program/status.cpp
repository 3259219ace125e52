#include <dispatch/program/status.hpp>
#include <dispatch/queue.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace dispatch {

namespace {

struct row {
  worker_card card;
  bool drains = false;
};

using rows = std::map<std::string, std::vector<row>>;

/// The queue a key is about and whether those under it drain.
std::pair<std::string, bool> meaning_of(const registry::value& key) {
  if (const auto name = key.as_string())
    return {std::string{*name}, false};
  const auto parts = key.as_list();
  const bool is_ours = parts.size() == 2 && parts[1].as_string();
  return {is_ours ? std::string{*parts[1].as_string()} : registry::to_string(key), true};
}

rows rows_of(const registry::table_snapshot& queues) {
  rows out;
  queues.for_each([&](const registry::value& key, const registry::group& entries) {
    const auto [queue, drains] = meaning_of(key);
    for (const auto& held : entries) {
      if (auto card = read_card(held.data))
        out[queue].push_back({std::move(card).value(), drains});
    }
  });
  for (auto& [queue, workers] : out)
    std::ranges::sort(workers, {}, [](const row& x) { return std::tie(x.drains, x.card.name); });
  return out;
}

std::string waiting_text(std::int64_t count) {
  return count > 0 ? fmt::format("{} waiting", count) : std::string{};
}

} // namespace

std::string status_table(const registry::table_snapshot& queues) {
  std::string out;
  for (const auto& [queue, workers] : rows_of(queues)) {
    std::int64_t under_way = 0;
    std::int64_t waiting = 0;
    std::int64_t capacity = 0;
    std::string lines;
    for (const auto& [card, drains] : workers) {
      under_way += card.under_way();
      waiting += card.waiting();
      capacity += drains ? 0 : card.capacity;
      lines += fmt::format("  {:<32} {:>6} of {:<6} {}{}\n", card.name, card.under_way(), card.capacity,
                           waiting_text(card.waiting()), drains ? "  drains" : "");
    }
    const auto more = waiting > 0 ? ", " + waiting_text(waiting) : "";
    out +=
        fmt::format("{}: {} workers, {} jobs, room for {}{}\n{}", queue, workers.size(), under_way, capacity, more, lines);
  }
  return out;
}

} // namespace dispatch
