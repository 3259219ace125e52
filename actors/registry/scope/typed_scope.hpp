#pragma once

#include <registry/scope/scope.hpp>
#include <registry/value/convert.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <utility>
#include <vector>

namespace registry {

/// An entry whose value has been read as a type of the user's.
template <class Value>
struct typed_entry {
  entry_id id;
  member who;
  Value data;
};

/// A scope whose keys and values are types of the user's, checked by the compiler; the conversion (`registry/value/convert.hpp`)
/// needs no hand-written code:
///
///     struct room { std::string name; int floor; };
///     BOOST_DESCRIBE_STRUCT(room, (), (name, floor))
///     typed_scope<room, presence> rooms{node.open_scope("rooms").value()};
///     rooms.join({"lobby", 0}, self, {.nick = "ann"});
///
/// A view of a `scope`, with the same rules, errors, threads and costs; both can be used side by side. Values that cannot be
/// expressed (a real that is NaN) are `errc::invalid_argument`; an entry that somebody else joined with another type is
/// `errc::malformed` when it is read, and the message names the field.
template <convertible_value Key, convertible_value Value>
class typed_scope {
public:
  using entry_type = typed_entry<Value>;

  explicit typed_scope(scope untyped) noexcept : scope_(std::move(untyped)) {}

  /// The scope itself, for all that needs no types: queries, subscriptions, its actor.
  [[nodiscard]] scope& untyped() noexcept { return scope_; }
  [[nodiscard]] const scope& untyped() const noexcept { return scope_; }

  result<void> join(const Key& key, const registrant& who, const Value& data) {
    return with(key, data, [&](const value& k, const value& d) { return scope_.join(k, who, d); });
  }
  result<void> join(const Key& key, const std::vector<member>& members, const Value& data) {
    return with(key, data, [&](const value& k, const value& d) { return scope_.join(k, members, d); });
  }
  result<bool> register_name(const Key& key, const registrant& who, const Value& data) {
    return with(key, data, [&](const value& k, const value& d) { return scope_.register_name(k, who, d); });
  }
  result<void> leave(const Key& key, const registrant& who) {
    return with(key, [&](const value& k) { return scope_.leave(k, who); });
  }
  result<void> update_value(const Key& key, const registrant& who, const Value& data) {
    return with(key, data, [&](const value& k, const value& d) { return scope_.update_value(k, who, d); });
  }
  /// Atomic, as `scope::update_value` with a function. If an entry cannot be read or written back nothing changes, and its error
  /// is returned.
  template <std::invocable<const Value&> Change>
  result<void> update_value(const Key& key, const registrant& who, Change change) {
    return with(key, [&](const value& k) {
      return scope_.update_value(k, who, [&](const value& old) -> result<value> {
        auto read = from_value<Value>(old);
        return read ? try_to_value<Value>(change(read.value())) : result<value>(read.error());
      });
    });
  }

  [[nodiscard]] result<std::vector<entry_type>> lookup(const Key& key) const {
    return with(key, [&](const value& k) { return read(scope_.lookup(k)); });
  }
  [[nodiscard]] result<std::vector<member>> members(const Key& key) const {
    return with(key, [&](const value& k) { return result<std::vector<member>>(scope_.members(k)); });
  }
  [[nodiscard]] result<std::size_t> count(const Key& key) const {
    return with(key, [&](const value& k) { return result<std::size_t>(scope_.count(k)); });
  }
  [[nodiscard]] result<std::vector<Value>> values(const Key& key, const registrant& who) const {
    return with(key, [&](const value& k) { return read_all<Value>(scope_.values(k, who)); });
  }
  [[nodiscard]] result<std::vector<Key>> keys(const registrant& who) const { return read_all<Key>(scope_.keys(who)); }
  [[nodiscard]] result<std::vector<Key>> groups() const { return read_all<Key>(scope_.groups()); }
  [[nodiscard]] result<member> whereis(const Key& key) const {
    return with(key, [&](const value& k) { return scope_.whereis(k); });
  }
  [[nodiscard]] result<std::vector<entry_type>> await(const Key& key, std::chrono::milliseconds timeout) const {
    return with(key, [&](const value& k) -> result<std::vector<entry_type>> {
      auto arrived = scope_.await(k, timeout);
      if (!arrived)
        return arrived.error();
      return read(arrived.value());
    });
  }

  template <class... Ts>
  result<std::size_t> dispatch(const Key& key, const dispatch_strategy& strategy, Ts&&... content) const {
    return with(key, [&](const value& k) {
      return result<std::size_t>(scope_.dispatch(k, strategy, std::forward<Ts>(content)...));
    });
  }
  template <class... Ts>
  result<member> send(const Key& key, Ts&&... content) const {
    return with(key, [&](const value& k) { return scope_.send(k, std::forward<Ts>(content)...); });
  }

  result<subscription_start> monitor(const Key& key, const registrant& subscriber) {
    return with(key, [&](const value& k) { return scope_.monitor(k, subscriber); });
  }
  /// The entries of a group, for example of a `subscription_start`.
  [[nodiscard]] static result<std::vector<entry_type>> read(const group& entries) {
    std::vector<entry_type> out;
    out.reserve(entries.size());
    for (const auto& held : entries) {
      auto data = from_value<Value>(held.data);
      if (!data)
        return data.error();
      out.push_back({held.id(), held.who, std::move(data).value()});
    }
    return out;
  }

private:
  template <class Operation>
  static auto with(const Key& key, Operation operation) -> decltype(operation(value{})) {
    auto k = try_to_value(key);
    if (!k)
      return k.error();
    return operation(k.value());
  }
  template <class Operation>
  static auto with(const Key& key, const Value& data, Operation operation) -> decltype(operation(value{}, value{})) {
    auto d = try_to_value(data);
    if (!d)
      return d.error();
    return with(key, [&](const value& k) { return operation(k, d.value()); });
  }
  template <class T>
  static result<std::vector<T>> read_all(const std::vector<value>& values) {
    std::vector<T> out;
    out.reserve(values.size());
    for (const auto& one : values) {
      auto read = from_value<T>(one);
      if (!read)
        return read.error();
      out.push_back(std::move(read).value());
    }
    return out;
  }

  scope scope_;
};

} // namespace registry
