#pragma once

#include <registry/value/value.hpp>

#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <map>
#include <stdexcept>
#include <type_traits>

namespace registry::inline v0_2 {

/// @file
/// Conversion between an application's types and values, without hand-written code:
///
///     struct role { std::string name; std::optional<int> shard; };
///     BOOST_DESCRIBE_STRUCT(role, (), (name, shard))
///
///     value v = to_value(role{"primary", 3});     // {"name": "primary", "shard": 3}
///     result<role> r = from_value<role>(v);
///
/// | type | value |
/// | --- | --- |
/// | `bool`, integers, `double`, `std::string`, `value` | the same; an integer is no real and a real no integer |
/// | `std::vector<std::byte>` | bytes |
/// | `member` | actor; null for a null handle |
/// | `std::optional<T>` | `T`, or null for nothing |
/// | `std::vector<T>`, `std::map<std::string, T>` | list, map |
/// | an enum with `BOOST_DESCRIBE_ENUM` | string: the name of the enumerator |
/// | a struct with `BOOST_DESCRIBE_STRUCT`, its public bases included | map of its public members |
///
/// An optional member that holds nothing is left out of the map: so a struct used as a key stays the same key when it gains
/// an optional member. Reading ignores fields that the struct does not have; a missing one is an error unless it is
/// optional.

namespace internal {

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_text_map = false;
template <class T>
inline constexpr bool is_text_map<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
concept scalar_convertible = std::same_as<T, value> || std::same_as<T, bool> || value_integer<T> ||
                             std::same_as<T, double> || std::same_as<T, std::string> || std::same_as<T, member>;

template <class T>
concept described_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <class T>
concept described_struct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <class T>
constexpr bool is_convertible() {
  if constexpr (scalar_convertible<T> || described_enum<T> || described_struct<T> || std::same_as<T, std::byte>)
    return !std::same_as<T, std::byte>;
  else if constexpr (is_optional<T>) {
    // Null must mean one thing: a value and a member can be null themselves.
    using inner = typename T::value_type;
    return is_convertible<inner>() && !is_optional<inner> && !std::same_as<inner, value> && !std::same_as<inner, member>;
  } else if constexpr (is_vector<T>)
    return std::same_as<typename T::value_type, std::byte> || is_convertible<typename T::value_type>();
  else if constexpr (is_text_map<T>)
    return is_convertible<typename T::mapped_type>();
  else
    return false;
}

/// The cause of a failed conversion, and its place in the value.
struct conversion_failure {
  std::string path;
  std::string message;

  bool expected(std::string_view what, const value& found);
  bool out_of_range(std::string_view lowest, std::string_view highest, const value& found);
  bool unknown_name(std::string_view names, const value& found);
  bool missing();
  /// Adds the step that led to the failure in front of the path. All functions return false.
  bool inside(std::string_view name);
  bool inside(std::size_t index);
  [[nodiscard]] error to_error() &&;
};

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

} // namespace internal

/// The types that convert to values and back: those of the table at the top of this file. The members of a struct are
/// checked when it is converted.
template <class T>
concept convertible_value = internal::is_convertible<T>();

/// The value of an object: equal objects give identical values. O(n) in its parts, O(n log n) for a struct or map of n
/// fields. Throws as the constructors of `value` do (an unsigned integer beyond 2^63 - 1, a NaN, nesting beyond
/// `value::nesting_limit`), and `std::invalid_argument` for a number that is no enumerator of its enum.
template <convertible_value T>
value to_value(const T& x);

/// The value of an object, with `errc::invalid_argument` in place of exceptions.
template <convertible_value T>
result<value> try_to_value(const T& x);

/// The object of a value. Errors: `malformed`, whose message names the place:
/// `role.shard: expected an integer, got a string`.
template <convertible_value T>
result<T> from_value(const value& x);

// -- implementation -------------------------------------------------------------------------------------------------------

namespace internal {

template <class T>
value enum_to_value(T x) {
  const char* name = boost::describe::enum_to_string(x, nullptr);
  if (name == nullptr)
    throw std::invalid_argument("an enum holds a number that is none of its enumerators");
  return name;
}

template <class T>
value struct_to_value(const T& x) {
  std::vector<map_entry> entries;
  entries.reserve(boost::mp11::mp_size<members_of<T>>::value);
  boost::mp11::mp_for_each<members_of<T>>([&](auto descriptor) {
    const auto& field = x.*descriptor.pointer;
    using field_type = std::remove_cvref_t<decltype(field)>;
    static_assert(convertible_value<field_type>, "a member of this struct has a type that is not convertible_value");
    if constexpr (is_optional<field_type>)
      if (!field)
        return;
    entries.push_back({value{descriptor.name}, to_value<field_type>(field)});
  });
  return value::map(std::span<map_entry>{entries});
}

template <class T>
value vector_to_value(const std::vector<T>& xs) {
  if constexpr (std::same_as<T, std::byte>) {
    return value::bytes(xs);
  } else {
    std::vector<value> elements;
    elements.reserve(xs.size());
    for (const T& x : xs)
      elements.push_back(to_value<T>(x));
    return value::list(std::move(elements));
  }
}

template <class T>
value text_map_to_value(const std::map<std::string, T>& xs) {
  std::vector<map_entry> entries;
  entries.reserve(xs.size());
  for (const auto& [key, mapped] : xs)
    entries.push_back({value{key}, to_value<T>(mapped)});
  return value::map(std::span<map_entry>{entries});
}

// Each overload of `read` leaves `out` unspecified when it fails.

inline bool read(const value& x, value& out, conversion_failure&) {
  out = x;
  return true;
}

bool read(const value& x, bool& out, conversion_failure& failure);
bool read(const value& x, double& out, conversion_failure& failure);
bool read(const value& x, std::string& out, conversion_failure& failure);
bool read(const value& x, member& out, conversion_failure& failure);
bool read(const value& x, std::vector<std::byte>& out, conversion_failure& failure);

template <value_integer T>
bool read(const value& x, T& out, conversion_failure& failure) {
  const auto number = x.as_integer();
  if (!number)
    return failure.expected("an integer", x);
  if (!std::in_range<T>(*number))
    return failure.out_of_range(std::to_string(std::numeric_limits<T>::min()), std::to_string(std::numeric_limits<T>::max()),
                                x);
  out = static_cast<T>(*number);
  return true;
}

template <described_enum T>
bool read(const value& x, T& out, conversion_failure& failure) {
  const auto name = x.as_string();
  std::string names;
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto descriptor) {
    names += names.empty() ? "" : ", ";
    names += descriptor.name;
    if (name && *name == descriptor.name) {
      out = descriptor.value;
      found = true;
    }
  });
  return found || failure.unknown_name(names, x);
}

template <class T>
bool read(const value& x, std::optional<T>& out, conversion_failure& failure);
template <class T>
bool read(const value& x, std::vector<T>& out, conversion_failure& failure);
template <class T>
bool read(const value& x, std::map<std::string, T>& out, conversion_failure& failure);
template <described_struct T>
bool read(const value& x, T& out, conversion_failure& failure);

template <class T>
bool read(const value& x, std::optional<T>& out, conversion_failure& failure) {
  if (x.is_null()) {
    out.reset();
    return true;
  }
  out = T{}; // of emplace() GCC 14 thinks that it may destroy what is not there
  return read(x, *out, failure);
}

template <class T>
bool read(const value& x, std::vector<T>& out, conversion_failure& failure) {
  if (x.type() != value::kind::list)
    return failure.expected("a list", x);
  out.clear();
  for (const auto& element : x.as_list()) {
    T converted{};
    if (!read(element, converted, failure))
      return failure.inside(out.size());
    out.push_back(std::move(converted));
  }
  return true;
}

template <class T>
bool read(const value& x, std::map<std::string, T>& out, conversion_failure& failure) {
  if (x.type() != value::kind::map)
    return failure.expected("a map", x);
  out.clear();
  for (const auto& pair : x.as_map()) {
    const auto key = *pair.key.as_string();
    T converted{};
    if (!read(pair.mapped, converted, failure))
      return failure.inside(key);
    out.emplace(key, std::move(converted));
  }
  return true;
}

template <class T>
bool read_field(const value& x, const char* name, T& out, conversion_failure& failure) {
  if (const auto* field = x.find(name))
    return read(*field, out, failure) || failure.inside(name);
  if constexpr (is_optional<T>) {
    out.reset();
    return true;
  } else {
    failure.missing();
    return failure.inside(name);
  }
}

template <described_struct T>
bool read(const value& x, T& out, conversion_failure& failure) {
  if (x.type() != value::kind::map)
    return failure.expected("a map", x);
  bool good = true;
  boost::mp11::mp_for_each<members_of<T>>([&](auto descriptor) {
    auto& field = out.*descriptor.pointer;
    static_assert(convertible_value<std::remove_cvref_t<decltype(field)>>,
                  "a member of this struct has a type that is not convertible_value");
    good = good && read_field(x, descriptor.name, field, failure);
  });
  return good;
}

} // namespace internal

template <convertible_value T>
value to_value(const T& x) {
  if constexpr (internal::scalar_convertible<T>)
    return value{x};
  else if constexpr (internal::described_enum<T>)
    return internal::enum_to_value(x);
  else if constexpr (internal::is_optional<T>)
    return x ? to_value<typename T::value_type>(*x) : value{};
  else if constexpr (internal::is_vector<T>)
    return internal::vector_to_value(x);
  else if constexpr (internal::is_text_map<T>)
    return internal::text_map_to_value(x);
  else
    return internal::struct_to_value(x);
}

template <convertible_value T>
result<value> try_to_value(const T& x) {
  try {
    return to_value<T>(x);
  } catch (const std::logic_error& e) {
    return error{errc::invalid_argument, e.what()};
  }
}

template <convertible_value T>
result<T> from_value(const value& x) {
  T out{};
  internal::conversion_failure failure;
  if (!internal::read(x, out, failure))
    return std::move(failure).to_error();
  return out;
}

} // namespace registry::inline v0_2
