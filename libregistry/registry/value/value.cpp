#include <registry/value/value.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>

#include <boost/endian/conversion.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace registry {

namespace {

// Each kind hashes with a seed of its own, so that 1, 1.0, true and "" fall apart. Part of the protocol: never change.
std::uint64_t hash_bytes(value::kind type, const void* data, std::size_t size) noexcept {
  return XXH3_64bits_withSeed(data, size, 0x5265676973747279U + static_cast<std::uint64_t>(type));
}

std::uint64_t hash_words(value::kind type, std::uint64_t a, std::uint64_t b) noexcept {
  const std::array<std::uint64_t, 2> words{boost::endian::native_to_little(a), boost::endian::native_to_little(b)};
  return hash_bytes(type, words.data(), sizeof words);
}

std::string_view key_of(const map_entry& x) noexcept {
  return *x.key.as_string();
}

bool key_less(const map_entry& a, const map_entry& b) noexcept {
  return key_of(a) < key_of(b);
}

// Of neighbours with the same key only the last stays; there is at least one entry.
std::span<map_entry> keep_last(std::span<map_entry> sorted) noexcept {
  auto kept = sorted.begin();
  for (auto next = kept + 1; next != sorted.end(); ++next) {
    if (key_of(*kept) != key_of(*next))
      ++kept;
    if (kept != next)
      *kept = std::move(*next);
  }
  return {sorted.begin(), kept + 1};
}

} // namespace

value::value(double x) : value(kind::real, std::bit_cast<std::uint64_t>(x == 0.0 ? 0.0 : x)) {
  if (std::isnan(x))
    throw std::invalid_argument("NaN is no value: it does not equal itself");
}

value::value(const member& actor) noexcept {
  if (!actor)
    return;
  intrusive_ptr_add_ref(actor.get());
  storage_.tag = static_cast<std::uint8_t>(kind::actor) | heap_flag;
  set_word(std::bit_cast<std::uint64_t>(actor.get()));
}

value::value(kind type, node* block) noexcept {
  storage_.tag = static_cast<std::uint8_t>(type) | heap_flag;
  set_word(std::bit_cast<std::uint64_t>(block));
}

value::value(kind type, const char* data, std::size_t size) {
  if (size <= inline_size) {
    storage_.tag = static_cast<std::uint8_t>(type);
    storage_.length = static_cast<std::uint8_t>(size);
    std::copy_n(data, size, storage_.text.data());
    return;
  }
  auto* block = allocate(size, 1, 0);
  std::memcpy(block->content(), data, size);
  *this = value{type, block};
}

void value::throw_out_of_range() {
  throw std::out_of_range("the integer does not fit 64 signed bits");
}

value::node* value::allocate(std::size_t size, std::size_t element_size, std::size_t depth) {
  if (size > std::numeric_limits<std::uint32_t>::max())
    throw std::length_error("a value holds less than 2^32 elements");
  if (depth > nesting_limit)
    throw std::length_error("lists and maps nest deeper than value::nesting_limit");
  static_assert(sizeof(node) % alignof(map_entry) == 0);
  auto* memory = ::operator new(sizeof(node) + size * element_size);
  return new (memory) node{{1}, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(depth), {0}};
}

void value::destroy() noexcept {
  auto* dead = block();
  if (type() == kind::list)
    std::destroy_n(static_cast<value*>(dead->content()), dead->size);
  else if (type() == kind::map)
    std::destroy_n(static_cast<map_entry*>(dead->content()), dead->size);
  std::destroy_at(dead);
  ::operator delete(dead);
}

result<value> value::real(double x) {
  if (std::isnan(x))
    return error{errc::invalid_argument, "NaN is no value: it does not equal itself"};
  return value{x};
}

value value::bytes(std::span<const std::byte> data) {
  return {kind::bytes, reinterpret_cast<const char*>(data.data()), data.size()};
}

value value::list(std::span<const value> elements) {
  if (elements.empty())
    return {kind::list, std::uint64_t{0}};
  std::size_t deepest = 0;
  for (const auto& x : elements)
    deepest = std::max(deepest, x.depth());
  auto* block = allocate(elements.size(), sizeof(value), deepest + 1);
  std::uninitialized_copy(elements.begin(), elements.end(), static_cast<value*>(block->content()));
  return {kind::list, block};
}

value value::list(std::vector<value> elements) {
  if (elements.empty())
    return {kind::list, std::uint64_t{0}};
  std::size_t deepest = 0;
  for (const auto& x : elements)
    deepest = std::max(deepest, x.depth());
  auto* block = allocate(elements.size(), sizeof(value), deepest + 1);
  std::uninitialized_move(elements.begin(), elements.end(), static_cast<value*>(block->content()));
  return {kind::list, block};
}

value value::map(std::vector<std::pair<std::string, value>> pairs) {
  std::vector<map_entry> entries;
  entries.reserve(pairs.size());
  for (auto& [key, mapped] : pairs)
    entries.push_back({key, std::move(mapped)});
  return map(std::span<map_entry>{entries});
}

value value::map(std::span<map_entry> entries) {
  for (const auto& x : entries)
    if (x.key.type() != kind::string)
      throw std::invalid_argument("the key of a map must be a string");
  if (entries.empty())
    return {kind::map, std::uint64_t{0}};
  if (!std::is_sorted(entries.begin(), entries.end(), key_less))
    std::stable_sort(entries.begin(), entries.end(), key_less);
  entries = keep_last(entries);
  std::size_t deepest = 0;
  for (const auto& x : entries)
    deepest = std::max(deepest, x.mapped.depth());
  auto* block = allocate(entries.size(), sizeof(map_entry), deepest + 1);
  std::uninitialized_move(entries.begin(), entries.end(), static_cast<map_entry*>(block->content()));
  return {kind::map, block};
}

std::optional<std::span<const std::byte>> value::as_bytes() const noexcept {
  if (type() != kind::bytes)
    return std::nullopt;
  auto content = characters();
  return std::as_bytes(std::span{content.data(), content.size()});
}

member value::as_actor() const noexcept {
  return is_actor() ? member{actor_block()} : member{};
}

const value* value::find(std::string_view key) const noexcept {
  auto pairs = as_map();
  auto i = std::partition_point(pairs.begin(), pairs.end(), [key](const map_entry& x) { return key_of(x) < key; });
  return i != pairs.end() && key_of(*i) == key ? &i->mapped : nullptr;
}

std::size_t value::depth() const noexcept {
  if (type() != kind::list && type() != kind::map)
    return 0;
  return on_heap() ? block()->depth : 1;
}

bool value::same_content(const value& a, const value& b) noexcept {
  if (a.is_actor()) {
    const auto& x = *a.actor_block();
    const auto& y = *b.actor_block();
    return x.id() == y.id() && x.node() == y.node();
  }
  const auto& x = *a.block();
  const auto& y = *b.block();
  if (x.size != y.size || x.depth != y.depth)
    return false;
  const auto hash_x = x.hash.load(std::memory_order_relaxed);
  const auto hash_y = y.hash.load(std::memory_order_relaxed);
  if (hash_x != 0 && hash_y != 0 && hash_x != hash_y)
    return false;
  if (a.type() == kind::list)
    return std::ranges::equal(a.as_list(), b.as_list(), [](const auto& l, const auto& r) { return identical(l, r); });
  if (a.type() == kind::map)
    return std::ranges::equal(a.as_map(), b.as_map(), [](const auto& l, const auto& r) {
      return identical(l.key, r.key) && identical(l.mapped, r.mapped);
    });
  return a.characters() == b.characters();
}

std::uint64_t value::hash() const noexcept {
  if (!on_heap() || is_actor())
    return compute_hash();
  auto cached = block()->hash.load(std::memory_order_relaxed);
  if (cached == 0) {
    cached = compute_hash();
    block()->hash.store(cached, std::memory_order_relaxed);
  }
  return cached;
}

std::uint64_t value::hash_of(std::string_view text) noexcept {
  return hash_bytes(kind::string, text.data(), text.size());
}

std::uint64_t value::compute_hash() const noexcept {
  switch (type()) {
  case kind::string:
  case kind::bytes: {
    auto content = characters();
    return hash_bytes(type(), content.data(), content.size());
  }
  case kind::actor:
    return hash_words(kind::actor, hash_member(as_actor()), 0);
  case kind::list: {
    auto sum = hash_words(kind::list, as_list().size(), 0);
    for (const auto& x : as_list())
      sum = hash_words(kind::list, sum, x.hash());
    return sum;
  }
  case kind::map: {
    auto sum = hash_words(kind::map, as_map().size(), 0);
    for (const auto& x : as_map())
      sum = hash_words(kind::map, hash_words(kind::map, sum, x.key.hash()), x.mapped.hash());
    return sum;
  }
  default:
    return hash_words(type(), word(), 0);
  }
}

} // namespace registry
