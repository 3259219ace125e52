#pragma once

#include <registry/error/error.hpp>
#include <registry/member/member.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace registry {

struct map_entry;

/// A dynamic, immutable datum: keys and metadata of the registry. 16 bytes; a copy costs at most one reference count, and
/// strings of up to 14 bytes, numbers, booleans and null cost none. Safe to share between threads.
///
/// Equality comes in two kinds, as in Erlang: `a == b` and `a < b` compare numbers by value (`1 == 1.0`), `identical(a, b)`
/// is strict (`1` and `1.0` are different keys). Strictly equal values have equal canonical bytes and equal hashes.
class value {
public:
  /// The kinds, in no particular order; the order of values is given by `operator<=>`.
  enum class kind : std::uint8_t { null, boolean, integer, real, string, bytes, actor, list, map };

  /// null
  value() noexcept;
  value(std::nullptr_t) noexcept; // NOLINT(google-explicit-constructor)
  template <std::same_as<bool> Bool>
  value(Bool x) noexcept; // NOLINT(google-explicit-constructor)
  /// Any integer that fits 64 signed bits; larger unsigned ones are refused with `std::out_of_range`.
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>)
  value(Integer x); // NOLINT(google-explicit-constructor)
  /// A number. Throws `std::invalid_argument` for NaN, which equals nothing and so can be no value; use `real` where a NaN
  /// may come in. -0.0 becomes 0.0.
  value(double x); // NOLINT(google-explicit-constructor)
  /// Text. Must be valid UTF-8 to survive JSON and the text notation; other bytes are kept as they are.
  value(std::string_view text);          // NOLINT(google-explicit-constructor)
  value(const char* text);               // NOLINT(google-explicit-constructor)
  value(const std::string& text);        // NOLINT(google-explicit-constructor)
  /// An actor handle; null for a null handle.
  value(const member& actor);            // NOLINT(google-explicit-constructor)

  /// A number, or `errc::invalid_argument` for NaN.
  static result<value> real(double x);
  /// Raw bytes, a kind of their own.
  static value bytes(std::span<const std::byte> data);
  static value list(std::span<const value> elements);
  static value list(std::vector<value> elements);
  /// A map. Of several pairs with the same key the last one wins.
  static value map(std::vector<std::pair<std::string, value>> pairs);

  value(const value& other) noexcept;
  value(value&& other) noexcept;
  value& operator=(const value& other) noexcept;
  value& operator=(value&& other) noexcept;
  ~value();

  [[nodiscard]] kind type() const noexcept;
  [[nodiscard]] bool is_null() const noexcept { return type() == kind::null; }

  // The accessors return nothing (or an empty span) when the value is of another kind; none converts.
  [[nodiscard]] std::optional<bool> as_bool() const noexcept;
  [[nodiscard]] std::optional<std::int64_t> as_integer() const noexcept;
  [[nodiscard]] std::optional<double> as_real() const noexcept;
  /// The view lives as long as this object (short strings are stored inside of it).
  [[nodiscard]] std::optional<std::string_view> as_string() const noexcept;
  [[nodiscard]] std::optional<std::span<const std::byte>> as_bytes() const noexcept;
  /// Null when the value is no actor.
  [[nodiscard]] member as_actor() const noexcept;
  [[nodiscard]] std::span<const value> as_list() const noexcept;
  /// The pairs in ascending byte order of their keys.
  [[nodiscard]] std::span<const map_entry> as_map() const noexcept;
  /// The value under a key of a map, or nullptr. O(log n).
  [[nodiscard]] const value* find(std::string_view key) const noexcept;

  /// The stable 64-bit hash: equal for strictly equal values, on every node and in every run.
  [[nodiscard]] std::uint64_t hash() const noexcept;
  /// The hash of the string value with this text, without building it.
  static std::uint64_t hash_of(std::string_view text) noexcept;

  /// Strict equality (`=:=`): same kind, same content.
  friend bool identical(const value& a, const value& b) noexcept;
  friend bool identical(const value& a, std::string_view text) noexcept;
  /// Equality by value: numbers of both kinds compare, also inside lists and maps.
  friend bool operator==(const value& a, const value& b) noexcept;
  /// The total order: number < false < null < true < actor < map < list < string < bytes. Maps by size, then keys, then
  /// values; lists element by element. Weak because 1 and 1.0 are equivalent.
  friend std::weak_ordering operator<=>(const value& a, const value& b) noexcept;

private:
  // (layout is the implementer's: 16 bytes, tag + length + 14 inline characters, or tag + pointer / number)
};

/// A pair of a map.
struct map_entry {
  value key; ///< always a string
  value mapped;
};

/// A list from anything a value can be made of: `list(1, "two", list())`. Unlike an initializer list it can stand inside a
/// `co_await` expression.
template <class... Ts>
value list(Ts&&... elements);

/// A map from alternating keys and values: `object("nick", "ann", "age", 42)`.
template <class... Ts>
value object(Ts&&... keys_and_values);

/// Function objects for containers keyed strictly.
struct strict_hash {
  std::size_t operator()(const value& x) const noexcept { return static_cast<std::size_t>(x.hash()); }
};
struct strict_equal {
  bool operator()(const value& a, const value& b) const noexcept { return identical(a, b); }
};

/// The value as text in the notation of patterns (JSON plus bytes and actors), for logs and error messages.
std::string to_string(const value& x);

} // namespace registry
