#include <registry/value/internal/key_list.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <new>

namespace registry::inline v0_2::internal {

namespace {

// Larger lists are not worth remembering: such maps are rarely alike, and the keys are a small part of the cost of making
// one.
constexpr std::size_t most_keys = 32;
constexpr std::size_t most_text = 512;

struct place {
  const value* keys = nullptr;
  std::uint32_t hash = 0;
  std::uint32_t credit = 0; ///< references beyond the one that keeps the list alive
};

bool is_worth_remembering(std::span<const map_entry> entries) noexcept {
  std::size_t text = 0;
  for (const auto& x : entries)
    text += x.key.as_string()->size();
  return entries.size() <= most_keys && text <= most_text;
}

} // namespace

/// The head of the block; the keys follow it.
struct key_list::block_head {
  std::atomic<std::uint64_t> references;
  std::uint32_t size;
  std::uint32_t hash; ///< by which a thread that remembers the list finds it; 0 if not to be remembered
};

bool key_list::has_keys_of(const value* keys, std::span<const map_entry> entries) noexcept {
  return head_of(keys).size == entries.size() &&
         std::equal(entries.begin(), entries.end(), keys,
                    [](const map_entry& x, const value& key) { return identical(x.key, key); });
}

/// The lists that one thread remembers: a hash table of sets with four places each, the youngest first.
class key_list::memory {
public:
  /// A reference, out of credit, to the list with the keys of these entries; null if none is remembered.
  const value* take(std::uint32_t hash, std::span<const map_entry> entries) noexcept {
    for (auto& x : set_of(hash))
      if (x.hash == hash && has_keys_of(x.keys, entries))
        return take_from(x);
    return nullptr;
  }

  /// One more reference to a list, out of credit. Returns whether the list is remembered.
  bool take(const value* keys) noexcept {
    auto* known = find(keys);
    return known != nullptr && take_from(*known) != nullptr;
  }

  /// Turns a reference into credit. Returns whether the list is remembered.
  bool give_back(const value* keys) noexcept {
    auto* known = find(keys);
    if (known == nullptr)
      return false;
    if (++known->credit == most_credit) {
      drop(keys, most_credit - credit_line);
      known->credit = credit_line;
    }
    return true;
  }

  /// Remembers a list in place of the oldest one of its set, unless the thread is ending; then takes over a reference.
  bool keep(const value* keys) noexcept {
    if (has_ended_)
      return false;
    [[maybe_unused]] static thread_local const keeper forgets_at_end;
    const auto hash = head_of(keys).hash;
    auto& set = set_of(hash);
    forget(set.back());
    std::move_backward(set.begin(), set.end() - 1, set.end());
    set.front() = {keys, hash, 0};
    return true;
  }

private:
  using set = std::array<place, 4>;
  static constexpr std::size_t set_count = 16;
  static constexpr std::uint32_t credit_line = 64;
  /// A thread that drops lists made by others would otherwise collect references without end.
  static constexpr std::uint32_t most_credit = 1024;

  struct keeper {
    ~keeper();
  };

  set& set_of(std::uint32_t hash) noexcept { return sets_[hash / 2 % set_count]; }

  place* find(const value* keys) noexcept {
    for (auto& x : set_of(head_of(keys).hash))
      if (x.keys == keys)
        return &x;
    return nullptr;
  }

  static const value* take_from(place& from) noexcept {
    if (from.credit == 0) {
      head_of(from.keys).references.fetch_add(credit_line, std::memory_order_relaxed);
      from.credit = credit_line;
    }
    --from.credit;
    return from.keys;
  }

  static void forget(place& old) noexcept {
    if (old.keys != nullptr)
      drop(old.keys, old.credit + std::uint64_t{1});
    old = {};
  }

  void end() noexcept {
    has_ended_ = true;
    for (auto& set : sets_)
      std::for_each(set.begin(), set.end(), forget);
  }

  std::array<set, set_count> sets_{};
  bool has_ended_ = false;

public:
  /// Trivially destructible, so that it can be read while the thread ends.
  static constinit thread_local memory mine;
};

constinit thread_local key_list::memory key_list::memory::mine{};

key_list::memory::keeper::~keeper() {
  mine.end();
}

key_list::block_head& key_list::head_of(const value* keys) noexcept {
  return reinterpret_cast<block_head*>(const_cast<value*>(keys))[-1];
}

void key_list::drop(const value* keys, std::uint64_t references) noexcept {
  auto& head = head_of(keys);
  if (head.references.fetch_sub(references, std::memory_order_acq_rel) != references)
    return;
  std::destroy_n(const_cast<value*>(keys), head.size);
  ::operator delete(&head);
}

key_list key_list::share(const map_view& map) noexcept {
  const auto* keys = map.keys().data();
  if (keys != nullptr && !memory::mine.take(keys))
    head_of(keys).references.fetch_add(1, std::memory_order_relaxed);
  return key_list{keys};
}

// A list that other threads share is going to be dropped again: collecting its references is better than contending for the
// count, which lies beside the keys that the others read.
void key_list::release(const value* keys) noexcept {
  auto& mine = memory::mine;
  if (mine.give_back(keys))
    return;
  const auto& head = head_of(keys);
  const bool shared = head.references.load(std::memory_order_relaxed) != 1;
  if (!shared || head.hash == 0 || !mine.keep(keys))
    drop(keys, 1);
}

// Only the ends of a long key count: that is enough to distinguish the keys of a program.
std::uint64_t key_list::fingerprint(const value& key) noexcept {
  if (!key.on_heap())
    return key.tag_word() ^ std::rotl(key.word(), 23);
  if (key.type() != value::kind::string)
    return 0;
  const auto text = key.characters();
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::memcpy(&first, text.data(), sizeof first);
  std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
  return first ^ std::rotl(last, 23) ^ text.size();
}

std::uint32_t key_list::hash_of(std::span<const map_entry> entries) noexcept {
  std::uint64_t hash = entries.size();
  for (const auto& x : entries) {
    hash = (hash ^ fingerprint(x.key)) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
  }
  return static_cast<std::uint32_t>(hash) | 1; // not 0, which stands for no hash
}

key_list key_list::recall(std::span<const map_entry> entries) noexcept {
  if (entries.empty() || entries.size() > most_keys)
    return {};
  return key_list{memory::mine.take(hash_of(entries), entries)};
}

key_list key_list::of(std::span<map_entry> entries) {
  if (auto known = recall(entries))
    return known;
  const auto hash = is_worth_remembering(entries) ? hash_of(entries) : 0;
  auto* head = new (::operator new(sizeof(block_head) + entries.size() * sizeof(value)))
      block_head{{1}, static_cast<std::uint32_t>(entries.size()), hash};
  auto* keys = reinterpret_cast<value*>(head + 1);
  for (std::size_t i = 0; i < entries.size(); ++i)
    std::construct_at(keys + i, std::move(entries[i].key));
  if (hash != 0 && memory::mine.keep(keys))
    head->references.fetch_add(1, std::memory_order_relaxed);
  return key_list{keys};
}

} // namespace registry::inline v0_2::internal
