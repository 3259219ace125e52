#include <registry/value/internal/equal_parts.hpp>
#include <registry/value/internal/key_list.hpp>
#include <registry/value/value.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>

namespace registry::inline v0_2 {

namespace {

std::string_view key_of(const map_entry& x) noexcept {
  return *x.key.as_string();
}

// Of adjacent entries with the same key only the last stays; there is at least one entry.
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

// The entries in ascending order of keys, of equal keys the last one; there is at least one entry.
std::span<map_entry> in_order(std::span<map_entry> entries) {
  for (const auto& x : entries)
    if (x.key.type() != value::kind::string)
      throw std::invalid_argument("the key of a map must be a string");
  const auto less = [](const map_entry& a, const map_entry& b) { return key_of(a) < key_of(b); };
  const auto not_less = [less](const map_entry& a, const map_entry& b) { return !less(a, b); };
  if (std::adjacent_find(entries.begin(), entries.end(), not_less) == entries.end())
    return entries;
  std::stable_sort(entries.begin(), entries.end(), less);
  return keep_last(entries);
}

} // namespace

value::value(double x) : value(kind::real, std::bit_cast<std::uint64_t>(x == 0.0 ? 0.0 : x)) {
  if (std::isnan(x))
    throw std::invalid_argument("NaN is not a valid value: it does not equal itself");
}

value::value(const member& actor) noexcept {
  if (!actor)
    return;
  intrusive_ptr_add_ref(actor.get());
  storage_.tag = static_cast<std::uint8_t>(kind::actor) | heap_flag;
  set_word(std::bit_cast<std::uint64_t>(actor.get()));
}

value::value(kind type, node* block, std::size_t size, std::size_t depth) noexcept {
  const auto short_depth = static_cast<std::uint16_t>(depth);
  const auto short_size = static_cast<std::uint32_t>(size);
  storage_.tag = static_cast<std::uint8_t>(type) | heap_flag;
  std::memcpy(storage_.text.data(), &short_depth, sizeof short_depth);
  std::memcpy(storage_.text.data() + 2, &short_size, sizeof short_size);
  set_word(std::bit_cast<std::uint64_t>(block));
}

value::value(kind type, const char* data, std::size_t size) {
  if (size <= inline_size) {
    storage_.tag = static_cast<std::uint8_t>(type);
    storage_.length = static_cast<std::uint8_t>(size);
    std::copy_n(data, size, storage_.text.data());
    return;
  }
  check_limits(size, 0);
  auto* block = allocate<node, char>(size);
  std::memcpy(static_cast<void*>(block + 1), data, size);
  *this = value{type, block, size, 0};
}

void value::throw_out_of_range() {
  throw std::out_of_range("the integer does not fit 64 signed bits");
}

void value::check_limits(std::size_t size, std::size_t depth) {
  if (size > std::numeric_limits<std::uint32_t>::max())
    throw std::length_error("a value holds less than 2^32 elements");
  if (depth > nesting_limit)
    throw std::length_error("lists and maps nest deeper than value::nesting_limit");
  static_assert(nesting_limit <= std::numeric_limits<std::uint16_t>::max());
}

template <class Node, class Element>
Node* value::allocate(std::size_t size) {
  static_assert(sizeof(Node) % alignof(Element) == 0);
  auto* block = new (::operator new(sizeof(Node) + size * sizeof(Element))) Node{};
  block->references.store(1, std::memory_order_relaxed);
  return block;
}

void value::destroy() noexcept {
  auto* dead = block();
  if (type() == kind::list)
    std::destroy_n(reinterpret_cast<value*>(dead + 1), block_size());
  if (type() == kind::map) {
    std::destroy_n(reinterpret_cast<value*>(map_block() + 1), block_size());
    internal::key_list::release(map_block()->keys);
  }
  ::operator delete(dead);
}

result<value> value::real(double x) {
  if (std::isnan(x))
    return error{errc::invalid_argument, "NaN is not a valid value: it does not equal itself"};
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
  check_limits(elements.size(), deepest + 1);
  auto* block = allocate<node, value>(elements.size());
  std::uninitialized_copy(elements.begin(), elements.end(), reinterpret_cast<value*>(block + 1));
  return {kind::list, block, elements.size(), deepest + 1};
}

value value::list(std::vector<value> elements) {
  if (elements.empty())
    return {kind::list, std::uint64_t{0}};
  std::size_t deepest = 0;
  for (const auto& x : elements)
    deepest = std::max(deepest, x.depth());
  check_limits(elements.size(), deepest + 1);
  auto* block = allocate<node, value>(elements.size());
  std::uninitialized_move(elements.begin(), elements.end(), reinterpret_cast<value*>(block + 1));
  return {kind::list, block, elements.size(), deepest + 1};
}

value value::map(std::vector<std::pair<std::string, value>> pairs) {
  std::vector<map_entry> entries;
  entries.reserve(pairs.size());
  for (auto& [key, mapped] : pairs)
    entries.push_back({key, std::move(mapped)});
  return map(std::span<map_entry>{entries});
}

value value::map(std::span<map_entry> entries) {
  if (entries.empty())
    return {kind::map, std::uint64_t{0}};
  // Keys taken from a list are known to be strings, sorted and distinct.
  auto keys = internal::key_list::recall(entries);
  if (!keys) {
    entries = in_order(entries);
    keys = internal::key_list::of(entries);
  }
  std::size_t deepest = 0;
  for (const auto& x : entries)
    deepest = std::max(deepest, x.mapped.depth());
  check_limits(entries.size(), deepest + 1);
  auto* block = allocate<map_node, value>(entries.size());
  block->keys = keys.detach();
  auto* mapped = reinterpret_cast<value*>(block + 1);
  for (auto& x : entries)
    std::construct_at(mapped++, std::move(x.mapped));
  return {kind::map, block, entries.size(), deepest + 1};
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
  const auto pairs = as_map();
  const auto keys = pairs.keys();
  const auto i = std::partition_point(keys.begin(), keys.end(), [key](const value& x) { return *x.as_string() < key; });
  return i != keys.end() && *i->as_string() == key ? &pairs.mapped()[static_cast<std::size_t>(i - keys.begin())] : nullptr;
}

std::size_t value::depth() const noexcept {
  if (type() != kind::list && type() != kind::map)
    return 0;
  return on_heap() ? block_depth() : 1;
}

/// Whether two blocks cache different values of the same hash.
bool value::differ_in_hash(const node& a, const node& b) noexcept {
  const auto hash_a = a.hash.load(std::memory_order_relaxed);
  const auto hash_b = b.hash.load(std::memory_order_relaxed);
  if (hash_a == 0 || hash_b == 0 || hash_a == hash_b)
    return false;
  const auto which_a = a.references.load(std::memory_order_relaxed);
  const auto which_b = b.references.load(std::memory_order_relaxed);
  return ((which_a ^ which_b) & hash_marks) == 0;
}

bool value::same_content(const value& a, const value& b) noexcept {
  if (a.type() == kind::string) // most keys that are not alike at a glance
    return !differ_in_hash(*a.block(), *b.block()) && a.characters() == b.characters();
  internal::equal_parts known;
  return same_content(a, b, known);
}

/// Of two values on the heap with equal tags and sizes.
bool value::same_content(const value& a, const value& b, internal::equal_parts& known) noexcept {
  if (a.is_actor()) {
    const auto& x = *a.actor_block();
    const auto& y = *b.actor_block();
    return x.id() == y.id() && x.node() == y.node();
  }
  const auto& left = *a.block();
  const auto& right = *b.block();
  if (differ_in_hash(left, right))
    return false;
  if (a.type() != kind::list && a.type() != kind::map)
    return a.characters() == b.characters();
  if (known.met(&left, &right))
    return true;
  if (a.type() == kind::list)
    return same_parts(a.as_list(), b.as_list(), known);
  const auto x = a.as_map();
  const auto y = b.as_map();
  return (x.keys().data() == y.keys().data() || same_parts(x.keys(), y.keys(), known)) &&
         same_parts(x.mapped(), y.mapped(), known);
}

bool value::same_parts(std::span<const value> a, std::span<const value> b, internal::equal_parts& known) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const value& x, const value& y) {
    return same_storage(x, y) || (x.on_heap() && x.tag_word() == y.tag_word() && same_content(x, y, known));
  });
}

} // namespace registry::inline v0_2
