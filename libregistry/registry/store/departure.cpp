#include <registry/store/store.hpp>

#include <registry/error/internal/out_of_memory.hpp>

#include <algorithm>
#include <utility>

// How local entries leave, step by step.

namespace registry::inline v0_2 {

namespace {

/// A key of a member, with some of its positions in ascending order.
struct held_key {
  value key;
  std::vector<std::uint64_t> positions;
};

/// Of entries in order.
std::vector<held_key> by_key(std::span<const member_entry> held) {
  std::vector<held_key> out;
  std::size_t same_hash = 0; // the first key with the hash of the last
  for (const auto& x : held) {
    if (!out.empty() && identical(out.back().key, x.key)) {
      out.back().positions.push_back(x.position);
      continue;
    }
    if (!out.empty() && out.back().key.hash() != x.key.hash())
      same_hash = out.size();
    const auto found = std::find_if(out.begin() + static_cast<std::ptrdiff_t>(same_hash), out.end(),
                                    [&](const held_key& known) { return identical(known.key, x.key); });
    if (found != out.end())
      found->positions.push_back(x.position);
    else
      out.push_back({x.key, {x.position}});
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
  const bool from_the_beginning = x.next == member_entry_order{};
  const auto [held, next] = table_.some_held_by(x.who, x.next, member_step);
  auto keys = by_key(held);
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
  if (leaving == held.size() && from_the_beginning && !held.empty()) {
    // The usual case: the whole remaining group goes.
    if (next) {
      table_.remove_first_member_entries(x.who, held);
    } else {
      table_.remove_member_entries(x.who);
      log_.touch(x.who);
    }
  } else {
    for (const auto& [key, positions] : keys) {
      for (const auto position : positions)
        forget(x.who, key, position);
    }
    x.next = next.value_or(member_entry_order{});
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
  if (x.held.empty())
    remove_entries(x);
  else
    forget_entries(x);
  table_.reclaim();
}

/// Produces one event. The records in the member index are scattered, so many of them take separate steps.
void store::remove_entries(vacation& x) {
  const auto entries = table_.find(x.key);
  std::vector<std::uint64_t> positions;
  std::size_t seen = 0; // includes those of other nodes
  const bool large = x.next != 0 || entries.size() > options_.steps.of_key;
  const auto most = large ? options_.steps.of_large_key : options_.steps.of_key;
  const auto first = std::exchange(x.next, *x.end);
  for (auto held = entries.from(first); held != entries.end() && held->position < *x.end; ++held) {
    if (positions.size() == most || ++seen > 16 * options_.steps.of_key) {
      x.next = held->position;
      break;
    }
    if (held->is_local())
      positions.push_back(held->position);
  }
  if (!positions.empty())
    remove(x.key, entries, positions, x.why);
  x.removed += positions.size();
  x.gone = entries;
  x.held = std::move(positions);
  if (x.held.size() <= options_.steps.wanted)
    forget_entries(x);
}

void store::forget_entries(vacation& x) {
  for (std::size_t i = 0; i < options_.steps.wanted && !x.held.empty(); ++i, x.held.pop_back())
    forget(x.gone.at_position(x.held.back())->who, x.key, x.held.back());
  if (!x.held.empty())
    return;
  table_.retire(std::exchange(x.gone, {}));
  x.complete = x.next == *x.end;
}

std::size_t store::leave_key(const value& key, reason why) {
  vacation x{key, why};
  while (!x.complete)
    step(x);
  return x.removed;
}

} // namespace registry::inline v0_2
