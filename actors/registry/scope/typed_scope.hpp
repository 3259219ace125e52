#pragma once

#include <registry/entry/event.hpp>
#include <registry/scope/scope.hpp>
#include <registry/value/convert.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <string_view>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

/// An entry whose value has been read as a type of the application.
template <class Value>
struct typed_entry {
  entry_id id; ///< see `entry::id`
  member who;  ///< the registrant; may be on another node
  Value data;  ///< the metadata, converted

  /// Whether the entry was joined on this node.
  [[nodiscard]] bool is_local() const noexcept { return id.origin == 0; }
};

/// An event whose key and values have been read as types of the application; see `event`.
template <class Key, class Value>
struct typed_event {
  /// One entry of the event; see `event_entry`.
  struct entry {
    entry_id id; ///< the identity of the entry, the same in all events of its life
    member who;  ///< the registrant, also after it has terminated
    /// The value after the event; for `leave` the value the entry had.
    Value data;
    /// `update` only: the value before.
    std::optional<Value> previous;
  };

  std::uint64_t commit = 0;              ///< the commit number, see `event::commit`
  verb what = verb::join;                ///< the kind of change
  reason why = reason::explicit_request; ///< its cause
  Key key;                               ///< the key whose entries changed
  std::vector<entry> entries;            ///< the entries concerned, in the order of `event::entries`
};

/// A scope whose keys and values are types of the application, checked by the compiler. The conversion
/// (`registry/value/convert.hpp`) needs no hand-written code:
///
///     struct room { std::string name; int floor; };
///     BOOST_DESCRIBE_STRUCT(room, (), (name, floor))
///     typed_scope<room, presence> rooms{node.open_scope("rooms").value()};
///     rooms.join({"lobby", 0}, self, {.nick = "ann"});
///     rooms.match({"lobby", 0}, [](const presence& x) { return x.nick != "bob"; });
///
/// A view of a `scope`, with the same rules, errors, threads and costs; both can be used side by side. Objects that no value
/// can express (a real that is NaN) are `errc::invalid_argument`; an entry that was joined with another type is
/// `errc::malformed` when it is read, and the message names the field.
template <convertible_value Key, convertible_value Value>
class typed_scope {
public:
  using entry_type = typed_entry<Value>;      ///< the result of lookups and queries
  using event_type = typed_event<Key, Value>; ///< the result of `read` for an event

  /// A view of an open scope; nothing is checked or converted yet.
  explicit typed_scope(scope untyped) noexcept : scope_(std::move(untyped)) {}

  /// The scope itself: its actor, its metadata, its `select`, and whatever else needs no types.
  [[nodiscard]] const scope& untyped() const noexcept { return scope_; }

  // -- Changes ------------------------------------------------------------------------------------------------------------

  ///@{
  /// As the function of the same name of `scope`. Also `invalid_argument` for a key or value that cannot be expressed.
  result<void> join(const Key& key, const registrant& who, const Value& data) const {
    return with(key, data, [&](const value& k, const value& d) { return scope_.join(k, who, d); });
  }
  result<void> join(const Key& key, const std::vector<member>& members, const Value& data) const {
    return with(key, data, [&](const value& k, const value& d) { return scope_.join(k, members, d); });
  }
  result<void> join(const Key& key, std::initializer_list<registrant> members, const Value& data) const {
    return with(key, data, [&](const value& k, const value& d) { return scope_.join(k, members, d); });
  }
  result<bool> register_name(const Key& key, const registrant& who, const Value& data) const {
    return with(key, data, [&](const value& k, const value& d) { return scope_.register_name(k, who, d); });
  }
  result<void> unregister_name(const Key& key) const {
    return with(key, [&](const value& k) { return scope_.unregister_name(k); });
  }
  result<void> leave(const Key& key, const registrant& who) const {
    return with(key, [&](const value& k) { return scope_.leave(k, who); });
  }
  result<void> leave(const Key& key, const std::vector<member>& members) const {
    return with(key, [&](const value& k) { return scope_.leave(k, members); });
  }
  result<void> leave(const Key& key, std::initializer_list<registrant> members) const {
    return with(key, [&](const value& k) { return scope_.leave(k, members); });
  }
  result<std::size_t> leave_all(const registrant& who) const { return scope_.leave_all(who); }
  result<void> update_value(const Key& key, const registrant& who, const Value& data) const {
    return with(key, data, [&](const value& k, const value& d) { return scope_.update_value(k, who, d); });
  }
  ///@}
  /// Replaces the values with the result of a function, atomically, as `scope::update_value` does. If one entry cannot be
  /// read or written back nothing changes, and the call returns its error.
  template <std::invocable<const Value&> Change>
  result<void> update_value(const Key& key, const registrant& who, Change change) const {
    return with(key, [&](const value& k) {
      return scope_.update_value(k, who, [&](const value& old) -> result<value> {
        auto read = from_value<Value>(old);
        return read ? try_to_value<Value>(change(read.value())) : result<value>(read.error());
      });
    });
  }

  // -- Reads --------------------------------------------------------------------------------------------------------------

  ///@{
  /// As the function of the same name of `scope`, converted: O(n) with the conversion of every entry. Errors: `malformed` if
  /// one cannot be read; `invalid_argument` for a key that cannot be expressed.
  [[nodiscard]] result<std::vector<entry_type>> lookup(const Key& key) const {
    return with(key, [&](const value& k) { return read(scope_.lookup(k)); });
  }
  [[nodiscard]] result<std::vector<entry_type>> lookup_local(const Key& key) const {
    return with(key, [&](const value& k) { return read(scope_.lookup_local(k)); });
  }
  [[nodiscard]] result<std::vector<member>> members(const Key& key) const {
    return with(key, [&](const value& k) { return result<std::vector<member>>(scope_.members(k)); });
  }
  [[nodiscard]] result<std::vector<member>> local_members(const Key& key) const {
    return with(key, [&](const value& k) { return result<std::vector<member>>(scope_.local_members(k)); });
  }
  [[nodiscard]] result<std::vector<Value>> values(const Key& key, const registrant& who) const {
    return with(key, [&](const value& k) { return read_all<Value>(scope_.values(k, who)); });
  }
  [[nodiscard]] result<std::vector<Key>> keys(const registrant& who) const { return read_all<Key>(scope_.keys(who)); }
  [[nodiscard]] result<std::vector<Key>> keys() const { return read_all<Key>(scope_.keys()); }
  ///@}
  ///@{
  /// As the function of the same name of `scope`. Converts the key alone, whose error is `invalid_argument`.
  [[nodiscard]] std::size_t count() const noexcept { return scope_.count(); }
  [[nodiscard]] result<std::size_t> count(const Key& key) const {
    return with(key, [&](const value& k) { return result<std::size_t>(scope_.count(k)); });
  }
  [[nodiscard]] result<member> whereis(const Key& key) const {
    return with(key, [&](const value& k) { return scope_.whereis(k); });
  }
  [[nodiscard]] bool reachable(const entry_type& held) const noexcept { return scope_.reachable(held.id); }
  [[nodiscard]] std::optional<incarnation> owner(const entry_type& held) const { return scope_.owner(held.id); }
  ///@}

  // -- Queries: the entries of a key whose value meets a predicate, or matches a pattern (text), which may look at fields
  //    that `Value` does not have.

  /// The entries of a key whose converted value meets a predicate, in join order. Converts every entry. Errors: `malformed`
  /// for one that cannot be read, also if the predicate would not want it.
  template <std::predicate<const Value&> Predicate>
  [[nodiscard]] result<std::vector<entry_type>> match(const Key& key, Predicate which) const {
    std::vector<entry_type> out;
    auto visited = visit(key, [&](const entry& held, Value&& data) {
      if (which(std::as_const(data)))
        out.push_back({held.id(), held.who, std::move(data)});
    });
    if (!visited)
      return visited.error();
    return out;
  }
  /// The entries of a key whose value matches a pattern. Converts these alone. Errors: `malformed`; those of `scope::match`.
  [[nodiscard]] result<std::vector<entry_type>> match(const Key& key, std::string_view which) const {
    return with(key, [&](const value& k) -> result<std::vector<entry_type>> {
      auto found = scope_.match(k, which);
      if (!found)
        return found.error();
      return read(found.value());
    });
  }
  /// The number of entries of a key whose converted value meets a predicate. Converts every entry.
  template <std::predicate<const Value&> Predicate>
  [[nodiscard]] result<std::size_t> count_match(const Key& key, Predicate which) const {
    std::size_t count = 0;
    auto visited = visit(key, [&](const entry&, Value&& data) { count += which(std::as_const(data)) ? 1 : 0; });
    if (!visited)
      return visited.error();
    return count;
  }
  ///@{
  /// As the function of the same name of `scope`, with a pattern as text. Converts the key alone.
  [[nodiscard]] result<std::size_t> count_match(const Key& key, std::string_view which) const {
    return with(key, [&](const value& k) { return scope_.count_match(k, which); });
  }
  result<std::size_t> unregister_match(const Key& key, const registrant& who, std::string_view which) const {
    return with(key, [&](const value& k) { return scope_.unregister_match(k, who, which); });
  }
  ///@}

  // -- Messages -----------------------------------------------------------------------------------------------------------

  ///@{
  /// As the function of the same name of `scope`. Converts the key alone, whose error is `invalid_argument`.
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
  ///@}

  // -- Subscriptions and waits --------------------------------------------------------------------------------------------

  ///@{
  /// As the function of the same name of `scope`. Events and the entries at the start come untyped; `read` converts them.
  result<subscription_start> monitor(const Key& key, const registrant& subscriber) const {
    return with(key, [&](const value& k) { return scope_.monitor(k, subscriber); });
  }
  result<subscription_start> monitor_scope(const registrant& subscriber) const { return scope_.monitor_scope(subscriber); }
  result<void> demonitor(subscription_ref reference) const { return scope_.demonitor(reference); }
  ///@}
  /// Blocks as `scope::wait_for_key`, and gives the entries converted. Errors: as there, `malformed` and `invalid_argument`.
  [[nodiscard]] result<std::vector<entry_type>> wait_for_key(const Key& key, std::chrono::milliseconds timeout) const {
    return with(key, [&](const value& k) -> result<std::vector<entry_type>> {
      auto arrived = scope_.wait_for_key(k, timeout);
      if (!arrived)
        return arrived.error();
      return read(arrived.value());
    });
  }

  /// Converts the entries of a range, for example those of a `subscription_start`. Errors: `malformed` for the first that
  /// fails.
  template <std::ranges::forward_range Entries>
    requires std::same_as<std::ranges::range_value_t<Entries>, entry>
  [[nodiscard]] static result<std::vector<entry_type>> read(const Entries& entries) {
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
  /// Converts a change, from `events::take` or an `event_stream`. Errors: `malformed`.
  [[nodiscard]] static result<event_type> read(const event& change) {
    auto key = from_value<Key>(change.key);
    if (!key)
      return key.error();
    event_type out{change.commit, change.what, change.why, std::move(key).value(), {}};
    out.entries.reserve(change.entries.size());
    for (const auto& one : change.entries) {
      auto data = from_value<Value>(one.data);
      if (!data)
        return data.error();
      std::optional<Value> previous;
      if (change.what == verb::update) {
        auto before = from_value<Value>(one.previous);
        if (!before)
          return before.error();
        previous = std::move(before).value();
      }
      out.entries.push_back({one.id, one.who, std::move(data).value(), std::move(previous)});
    }
    return out;
  }

private:
  /// Calls `use(const entry&, Value&&)` for each entry of a key, up to the first that cannot be read.
  template <class Use>
  result<void> visit(const Key& key, Use use) const {
    return with(key, [&](const value& k) -> result<void> {
      for (const auto& held : scope_.lookup(k)) {
        auto data = from_value<Value>(held.data);
        if (!data)
          return data.error();
        use(held, std::move(data).value());
      }
      return success();
    });
  }
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

} // namespace registry::inline v0_2
