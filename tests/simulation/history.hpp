#pragma once

#include <registry/entry/event.hpp>
#include <registry/member/incarnation.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace registry::simulation {

/// Thrown by a check, and caught at the end of a run.
struct violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// All entries that were ever joined anywhere, from the owners' own events. The numbers of actors are unique in a run, so an
/// actor and the owner's running number name an entry. Values are integers that only grow, or lists that begin with one.
class history {
public:
  struct record {
    incarnation owner;
    std::string scope;
    value key;
    std::vector<std::int64_t> values;
  };

  /// Adds an event about entries of the node where it happened.
  void note(const incarnation& owner, const std::string& scope, const event& what);
  /// Throws `violation` unless this owner joined the entry under this key, with a value that it has had.
  void check(const incarnation& owner, const std::string& scope, const value& key, const event_entry& shown) const;

  struct name {
    std::uint64_t actor;
    std::uint64_t number;
    friend bool operator==(const name&, const name&) = default;
    friend std::size_t hash_value(const name& x) noexcept { return x.actor * 0x9e3779b97f4a7c15U + x.number; }
  };
  static name name_of(const event_entry& x) { return {x.who->id(), x.id.number}; }
  static std::int64_t number_of(const value& data);

private:
  boost::unordered_flat_map<name, record> records_;
};

} // namespace registry::simulation
