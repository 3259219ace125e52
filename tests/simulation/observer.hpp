#pragma once

#include <registry/replica/internal/replica.hpp>
#include <registry/store/store.hpp>
#include <simulation/history.hpp>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace registry::simulation {

/// Follows the events of one scope on one node as a subscriber would, and compares what they add up to with the table after
/// every step. Throws `violation`.
///
/// 1. Commits are numbered without gaps. 2. Every event fits what went before. 3. What the events add up to is what the table
/// holds. 4. Every entry is one that its owner joined, under that key, with a value it has had; values do not go back.
/// 5. No entry is there twice. 6. What has left otherwise than with its node does not come back.
class observer {
public:
  observer(incarnation self, std::string scope, history& known) : self_(self), scope_(std::move(scope)), known_(known) {}

  void follow(std::span<const event_ptr> events, const store& content, const replica& from);

private:
  struct shown {
    value key;
    member who;
    value data;
  };
  void apply(const event& what, const replica& from);
  void join(const event& what, const event_entry& x, const replica& from);
  void leave(const event& what, const event_entry& x);
  void update(const event& what, const event_entry& x, const replica& from);
  void compare(const value& key, const store& content) const;
  incarnation owner_of(const entry_id& id, const replica& from);

  incarnation self_;
  std::string scope_;
  history& known_;
  std::uint64_t last_commit_ = 0;
  std::map<entry_id, shown> present_;
  std::map<std::uint32_t, incarnation> owners_;
  boost::unordered_flat_set<history::name> names_;    // of all that is present
  boost::unordered_flat_set<history::name> departed_; // for good
};

} // namespace registry::simulation
