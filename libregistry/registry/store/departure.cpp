#include <registry/store/store.hpp>

#include <registry/error/out_of_memory.hpp>

#include <algorithm>
#include <utility>

// How many local entries leave, step by step.

namespace registry {

namespace {

/// A key a member holds, with some of its positions in ascending order.
struct held_key {
  value key;
  std::vector<std::uint64_t> positions;
};

/// Of holdings in order.
std::vector<held_key> by_key(std::vector<holding> held) {
  std::vector<held_key> out;
  std::size_t same_hash = 0; // the first key whose hash is that of the last
  for (auto& x : held) {
    if (!out.empty() && out.back().key.hash() != x.key.hash())
      same_hash = out.size();
    const auto found = std::find_if(out.begin() + static_cast<std::ptrdiff_t>(same_hash), out.end(),
                                    [&](const held_key& known) { return identical(known.key, x.key); });
    if (found != out.end())
      found->positions.push_back(x.position);
    else
      out.push_back({std::move(x.key), {x.position}});
  }
  return out;
}

} // namespace

void store::step(departure& x) {
  without_failing("a member leaves", [&] { take(x); });
}

void store::take(departure& x) {
  if (!x.end)
    x.end = next_position_;
  const bool from_the_beginning = x.next == holding_order{};
  auto [held, next] = table_.some_held_by(x.who, x.next, step_entries);
  const auto count = held.size();
  auto keys = by_key(std::move(held));
  std::size_t leaving = 0;
  for (auto& [key, positions] : keys) {
    const auto entries = table_.find(key);
    std::erase_if(positions, [&](std::uint64_t position) {
      const auto* one = entries.at_position(position);
      return position >= *x.end || one == nullptr || !one->is_local();
    });
    std::reverse(positions.begin(), positions.end());
    if (!positions.empty())
      remove(key, entries, positions, x.why);
    leaving += positions.size();
  }
  if (leaving == count && from_the_beginning && count > 0) {
    // The usual case: what is here goes as a whole.
    if (next) {
      table_.remove_first_holdings(x.who, count);
    } else {
      table_.remove_holdings(x.who);
      log_.touch(x.who);
    }
  } else {
    for (const auto& [key, positions] : keys) {
      for (const auto position : positions)
        forget(x.who, key, position);
    }
    x.next = next.value_or(holding_order{});
  }
  table_.reclaim();
  x.removed += leaving;
  x.complete = !next;
}

std::size_t store::leave_all(const member& who, reason why) {
  departure x{who, why};
  while (!x.complete)
    step(x);
  return x.removed;
}

void store::step(vacation& x) {
  without_failing("a key is left", [&] { take(x); });
}

void store::take(vacation& x) {
  if (!x.end)
    x.end = next_position_;
  const auto entries = table_.find(x.key);
  std::vector<std::uint64_t> positions;
  std::size_t seen = 0; // those of other nodes, too
  const bool large = x.next != 0 || entries.size() > step_entries_of_key;
  const auto most = large ? step_entries_of_large_key : step_entries_of_key;
  x.complete = true;
  for (auto held = entries.from(x.next); held != entries.end() && held->position < *x.end; ++held) {
    if (positions.size() == most || ++seen > 16 * step_entries_of_key) {
      x.next = held->position;
      x.complete = false;
      break;
    }
    if (held->is_local())
      positions.push_back(held->position);
  }
  if (!positions.empty())
    remove(x.key, entries, positions, x.why);
  for (const auto position : positions)
    forget(entries.at_position(position)->who, x.key, position);
  table_.reclaim();
  x.removed += positions.size();
}

std::size_t store::leave_key(const value& key, reason why) {
  vacation x{key, why};
  while (!x.complete)
    step(x);
  return x.removed;
}

} // namespace registry
