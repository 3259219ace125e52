#pragma once

#include <registry/error/error.hpp>
#include <registry/member/member.hpp>
#include <registry/value/map_view.hpp>

#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

struct map_entry;

namespace internal {
class key_list;
class equal_parts;
} // namespace internal

/// The integer types that convert to a value: all but `bool` and the character types, which are no numbers.
template <class T>
concept value_integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                        !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// A dynamic, immutable datum: keys and metadata of the registry. 16 bytes; a copy costs at most one reference count, and
/// strings and bytes of up to 14 bytes, numbers, booleans and null cost none. Safe to share between threads. A map takes 16
/// bytes per pair and 24 more; its keys lie in a list that maps of the same keys may share (see `map_view::keys`).
///
/// Equality comes in two kinds, as in Erlang: `a == b` and `a < b` compare numbers by value (`1 == 1.0`), `identical(a, b)`
/// is strict (`1` and `1.0` are different keys). Strictly equal values have equal canonical bytes and equal hashes.
///
/// Two handles of one actor (a proxy and its replacement) are identical, and which of them a copy keeps is unspecified.
///
/// Exceptions: constructors and builders throw where it says so, and `std::length_error` for a string, list or map of 2^32
/// elements or more and for lists and maps nested deeper than `nesting_limit`. No other function throws, or exhausts the
/// stack.
class value {
public:
  /// The kinds: `null`, `boolean`, `integer` (signed, 64 bits), `real` (a double that is not NaN), `string`, `bytes`,
  /// `actor`, `list` and `map` (from strings, to any values). `operator<=>` orders values differently.
  enum class kind : std::uint8_t { null, boolean, integer, real, string, bytes, actor, list, map };

  /// The nesting that the encoding, JSON and the registry accept. A scalar has depth 0, `list()` 1, `list(list())` 2.
  static constexpr std::size_t max_depth = 64;
  /// The nesting that any value may have, as an intermediate result.
  static constexpr std::size_t nesting_limit = 1024;

  ///@{
  /// Null.
  value() noexcept = default;
  value(std::nullptr_t) noexcept {} // NOLINT(google-explicit-constructor)
  ///@}
  /// A boolean; a template, so that no pointer converts.
  template <std::same_as<bool> Bool>
  value(Bool x) noexcept : value(kind::boolean, static_cast<std::uint64_t>(x)) {} // NOLINT(google-explicit-constructor)
  /// Any integer that fits 64 signed bits; larger unsigned ones are refused with `std::out_of_range`.
  template <value_integer Integer>
  value(Integer x) : value(kind::integer, checked(x)) {} // NOLINT(google-explicit-constructor)
  /// A real. Throws `std::invalid_argument` for NaN, which equals nothing and so can be no value; use `real` where a NaN
  /// may come in. -0.0 becomes 0.0. Infinities are values, but JSON cannot express them.
  value(double x); // NOLINT(google-explicit-constructor)
  ///@{
  /// Text. Must be valid UTF-8 to survive JSON and the text notation; other bytes are kept as they are.
  value(std::string_view text) : value(kind::string, text.data(), text.size()) {} // NOLINT(google-explicit-constructor)
  value(const char* text) : value(std::string_view{text}) {}                      // NOLINT(google-explicit-constructor)
  value(const std::string& text) : value(std::string_view{text}) {}               // NOLINT(google-explicit-constructor)
  ///@}
  /// An actor handle; null for a null handle.
  value(const member& actor) noexcept; // NOLINT(google-explicit-constructor)
  ///@{
  /// A character is no number; write text, or cast it to an integer.
  value(char) = delete;
  value(wchar_t) = delete;
  value(char8_t) = delete;
  value(char16_t) = delete;
  value(char32_t) = delete;
  ///@}

  /// A real, or `errc::invalid_argument` for NaN.
  static result<value> real(double x);
  /// Raw bytes, a kind of their own.
  static value bytes(std::span<const std::byte> data);
  ///@{
  /// A list; the vector's elements are moved. O(n).
  static value list(std::span<const value> elements);
  static value list(std::vector<value> elements);
  ///@}
  /// A map. Of several pairs with the same key the last one wins. O(n log n), O(n) if the pairs are sorted.
  static value map(std::vector<std::pair<std::string, value>> pairs);
  /// A map of keys that are values already, without allocating for them; moves the entries out of the span. Throws
  /// `std::invalid_argument` if a key is no string.
  static value map(std::span<map_entry> entries);

  ///@{
  /// A copy shares the content: at most one atomic increment. A value that was moved from is null.
  value(const value& other) noexcept : storage_(other.storage_) { retain(); }
  value(value&& other) noexcept : storage_(std::exchange(other.storage_, storage{})) {}
  // The new content may be a part of the old, so the old content goes last.
  value& operator=(const value& other) noexcept {
    value taken{other};
    std::swap(storage_, taken.storage_);
    return *this;
  }
  value& operator=(value&& other) noexcept {
    value taken{std::move(other)};
    std::swap(storage_, taken.storage_);
    return *this;
  }
  ///@}
  ~value() { release(); }

  ///@{
  /// The kind. O(1). Null is also the value of a null actor handle.
  [[nodiscard]] kind type() const noexcept { return static_cast<kind>(storage_.tag & kind_mask); }
  [[nodiscard]] bool is_null() const noexcept { return type() == kind::null; }
  ///@}
  ///@{
  /// The content; nothing, an empty span or a null handle for a value of another kind. No accessor converts. O(1). Views
  /// live as long as this object, since short strings and bytes are stored inside of it.
  [[nodiscard]] std::optional<bool> as_bool() const noexcept;
  [[nodiscard]] std::optional<std::int64_t> as_integer() const noexcept;
  [[nodiscard]] std::optional<double> as_real() const noexcept;
  [[nodiscard]] std::optional<std::string_view> as_string() const noexcept;
  [[nodiscard]] std::optional<std::span<const std::byte>> as_bytes() const noexcept;
  [[nodiscard]] member as_actor() const noexcept;
  [[nodiscard]] std::span<const value> as_list() const noexcept;
  ///@}
  /// The pairs in ascending byte order of their keys.
  [[nodiscard]] map_view as_map() const noexcept;
  /// The value under a key of a map, or nullptr. O(log n).
  [[nodiscard]] const value* find(std::string_view key) const noexcept;
  /// The nesting of lists and maps in this value, see `max_depth`. O(1).
  [[nodiscard]] std::size_t depth() const noexcept;

  /// A hint that the content will be read in a moment. Any thread; no effect but speed.
  void prefetch() const noexcept {
    if (!on_heap())
      return;
    __builtin_prefetch(block());
    __builtin_prefetch(reinterpret_cast<const std::byte*>(block()) + 48);
  }

  /// A 64-bit hash for containers (XXH3): equal for strictly equal values in this process, keyed with its `hash_secret`
  /// against chosen collisions. Linear in the distinct parts; a list, map or long string remembers one of its two hashes.
  [[nodiscard]] std::uint64_t hash() const noexcept;
  /// A hash that nodes can agree on: equal for strictly equal values on every node and in every run (actors: on nodes of the
  /// same CAF version). An attacker can choose values that collide.
  [[nodiscard]] std::uint64_t stable_hash() const noexcept;
  ///@{
  /// The hashes of the string value with this text, without building it.
  static std::uint64_t hash_of(std::string_view text) noexcept;
  static std::uint64_t stable_hash_of(std::string_view text) noexcept;
  ///@}

  ///@{
  /// Strict equality (`=:=`): same kind, same content. Linear in the distinct parts.
  friend bool identical(const value& a, const value& b) noexcept {
    if (same_storage(a, b))
      return true;
    return a.on_heap() && a.tag_word() == b.tag_word() && same_content(a, b);
  }
  friend bool identical(const value& a, std::string_view text) noexcept {
    return a.type() == kind::string && a.characters() == text;
  }
  friend bool identical(const value& a, const char* text) noexcept { return identical(a, std::string_view{text}); }
  ///@}
  /// Equality by value: numbers of both kinds compare, also inside lists and maps. Exact: no integer is rounded.
  friend bool operator==(const value& a, const value& b) noexcept;
  /// Prints what `to_string` returns.
  friend std::ostream& operator<<(std::ostream& out, const value& x);
  /// The total order: number < false < null < true < actor < map < list < string < bytes. Maps by size, then keys, then
  /// values; lists element by element. Weak because 1 and 1.0 are equivalent.
  friend std::weak_ordering operator<=>(const value& a, const value& b) noexcept;

private:
  friend class internal::key_list;

  static constexpr std::size_t inline_size = 14;
  static constexpr std::uint8_t kind_mask = 0x0f;
  static constexpr std::uint8_t heap_flag = 0x10;

  // The tag is the kind, plus the flag if the last eight bytes are a counted pointer. Scalars keep their number there;
  // strings and bytes of up to 14 bytes, and the empty list and map, live inside. Unused bytes are zero, so that two
  // values without the flag are identical exactly if their storage is. With a pointer to a block go its depth and size, in
  // bytes 2 to 3 and 4 to 7: to ask for them touches no other memory, and the block is smaller.
  struct alignas(8) storage {
    std::uint8_t tag = 0;
    std::uint8_t length = 0;
    std::array<char, inline_size> text{};
  };

  // Header of a heap block: characters or the elements of a list follow it. The two upper bits of the count say which hash
  // the block remembers, if it does: one of them is set once and for ever, and only such a hash is stored after that.
  struct node {
    std::atomic<std::uint64_t> references;
    std::atomic<std::uint64_t> hash; // 0 = not computed yet
  };
  static constexpr std::uint64_t keyed_mark = std::uint64_t{1} << 63;
  static constexpr std::uint64_t stable_mark = std::uint64_t{1} << 62;
  static constexpr std::uint64_t hash_marks = keyed_mark | stable_mark;
  // Of a map: the mapped values follow it.
  struct map_node : node {
    const value* keys; // one reference to a `key_list`
  };

  value(kind type, std::uint64_t number) noexcept : storage_{static_cast<std::uint8_t>(type), 0, {}} { set_word(number); }
  value(kind type, node* block, std::size_t size, std::size_t depth) noexcept;
  value(kind type, const char* data, std::size_t size);

  static std::uint64_t checked(std::integral auto x) {
    if (std::cmp_greater(x, INT64_MAX))
      throw_out_of_range();
    return static_cast<std::uint64_t>(x);
  }
  [[noreturn]] static void throw_out_of_range();
  static void check_limits(std::size_t size, std::size_t depth);
  template <class Node, class Element>
  static Node* allocate(std::size_t size);
  static bool differ_in_hash(const node& a, const node& b) noexcept;
  static bool same_content(const value& a, const value& b) noexcept;
  static bool same_content(const value& a, const value& b, internal::equal_parts& known) noexcept;
  static bool same_parts(std::span<const value> a, std::span<const value> b, internal::equal_parts& known) noexcept;
  void destroy() noexcept;
  template <class Algorithm>
  class hashing;

  [[nodiscard]] bool on_heap() const noexcept { return (storage_.tag & heap_flag) != 0; }
  [[nodiscard]] bool is_actor() const noexcept { return type() == kind::actor; }
  // Copied word by word: GCC 12 takes a std::bit_cast of the whole storage through the stack, which costs more than the rest
  // of a comparison.
  [[nodiscard]] std::uint64_t tag_word() const noexcept {
    std::uint64_t x;
    std::memcpy(&x, &storage_, sizeof x);
    return x;
  }
  [[nodiscard]] std::uint64_t word() const noexcept {
    std::uint64_t x;
    std::memcpy(&x, storage_.text.data() + 6, sizeof x);
    return x;
  }
  static bool same_storage(const value& a, const value& b) noexcept {
    return a.tag_word() == b.tag_word() && a.word() == b.word();
  }
  void set_word(std::uint64_t x) noexcept { std::memcpy(storage_.text.data() + 6, &x, sizeof x); }
  [[nodiscard]] node* block() const noexcept { return std::bit_cast<node*>(word()); }
  [[nodiscard]] map_node* map_block() const noexcept { return static_cast<map_node*>(block()); }
  // Of a heap block that is no actor.
  [[nodiscard]] std::uint32_t block_size() const noexcept {
    std::uint32_t x;
    std::memcpy(&x, storage_.text.data() + 2, sizeof x);
    return x;
  }
  [[nodiscard]] std::uint16_t block_depth() const noexcept {
    std::uint16_t x;
    std::memcpy(&x, storage_.text.data(), sizeof x);
    return x;
  }
  [[nodiscard]] caf::actor_control_block* actor_block() const noexcept {
    return std::bit_cast<caf::actor_control_block*>(word());
  }
  /// The content of a string or of bytes.
  [[nodiscard]] std::string_view characters() const noexcept {
    if (!on_heap())
      return {storage_.text.data(), storage_.length};
    return {reinterpret_cast<const char*>(block() + 1), block_size()};
  }

  void retain() const noexcept {
    if (!on_heap())
      return;
    if (is_actor())
      intrusive_ptr_add_ref(actor_block());
    else
      block()->references.fetch_add(1, std::memory_order_relaxed);
  }
  void release() noexcept {
    if (!on_heap())
      return;
    if (is_actor())
      intrusive_ptr_release(actor_block());
    else if ((block()->references.fetch_sub(1, std::memory_order_acq_rel) & ~hash_marks) == 1)
      destroy();
  }

  storage storage_;
};

static_assert(sizeof(value) == 16);

/// A pair to build a map from.
struct map_entry {
  value key;    ///< must be a string
  value mapped; ///< any value
};

inline std::optional<bool> value::as_bool() const noexcept {
  return type() == kind::boolean ? std::optional{word() != 0} : std::nullopt;
}

inline std::optional<std::int64_t> value::as_integer() const noexcept {
  return type() == kind::integer ? std::optional{static_cast<std::int64_t>(word())} : std::nullopt;
}

inline std::optional<double> value::as_real() const noexcept {
  return type() == kind::real ? std::optional{std::bit_cast<double>(word())} : std::nullopt;
}

inline std::optional<std::string_view> value::as_string() const noexcept {
  return type() == kind::string ? std::optional{characters()} : std::nullopt;
}

inline std::span<const value> value::as_list() const noexcept {
  if (type() != kind::list || !on_heap())
    return {};
  return {reinterpret_cast<const value*>(block() + 1), block_size()};
}

inline map_view value::as_map() const noexcept {
  if (type() != kind::map || !on_heap())
    return {};
  return {map_block()->keys, reinterpret_cast<const value*>(map_block() + 1), block_size()};
}

inline map_pair map_iterator::operator*() const noexcept {
  return {keys_[at_], mapped_[at_]};
}

inline std::span<const value> map_view::keys() const noexcept {
  return {keys_, size_};
}

inline std::span<const value> map_view::mapped() const noexcept {
  return {mapped_, size_};
}

/// A list of anything that converts to values: `list(1, "two", list())`. Unlike an initializer list it can stand inside a
/// `co_await` expression.
template <class... Ts>
value list(Ts&&... elements) {
  const std::array<value, sizeof...(Ts)> all{value(std::forward<Ts>(elements))...};
  return value::list(std::span<const value>{all});
}

/// A map from alternating keys and values: `object("nick", "ann", "age", 42)`. Of equal keys the last one wins. Throws
/// `std::invalid_argument` if a key is no string.
template <class... Ts>
value object(Ts&&... keys_and_values) {
  static_assert(sizeof...(Ts) % 2 == 0, "object() takes alternating keys and values");
  std::array<value, sizeof...(Ts)> flat{value(std::forward<Ts>(keys_and_values))...};
  std::array<map_entry, sizeof...(Ts) / 2> entries;
  for (std::size_t i = 0; i < entries.size(); ++i)
    entries[i] = {std::move(flat[2 * i]), std::move(flat[2 * i + 1])};
  return value::map(std::span<map_entry>{entries});
}

/// The hash for containers keyed by value, strictly: `value::hash`. Goes with `strict_equal`.
struct strict_hash {
  using is_avalanching = void; ///< all bits are mixed
  /// Any thread.
  std::size_t operator()(const value& x) const noexcept { return static_cast<std::size_t>(x.hash()); }
};
/// The equality for containers keyed by value, strictly: `identical`. Goes with `strict_hash`.
struct strict_equal {
  /// Any thread.
  bool operator()(const value& a, const value& b) const noexcept { return identical(a, b); }
};

/// The hash for containers keyed by text, as safe from chosen keys: `value::hash_of`. Any thread.
struct text_hash {
  using is_avalanching = void; ///< all bits are mixed
  using is_transparent = void; ///< any kind of text can be looked up
  /// Linear in the text.
  std::size_t operator()(std::string_view x) const noexcept { return static_cast<std::size_t>(value::hash_of(x)); }
};

/// The name of a kind in messages: `"integer"`.
std::string_view to_string(value::kind x) noexcept;

/// The value as text in the notation of patterns, for logs and error messages: JSON, plus bytes as `b"00ff"`, infinities as
/// `inf` and `-inf`, and actors as `<actor 7@…node…>`. Bytes of a string that are no UTF-8 appear as `\xff`. In place of all
/// elements of lists and maps beyond `longest_text` bytes stands `…`.
std::string to_string(const value& x);

/// The bytes after which `to_string` cuts off lists and maps.
inline constexpr std::size_t longest_text = std::size_t{1} << 20;

} // namespace registry::inline v0_2
