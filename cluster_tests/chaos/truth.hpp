#pragma once

#include <registry/value/value.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cluster_tests::chaos {

/// What every node must have in the end: the outcome of the operations that nodes have acknowledged.
class truth {
public:
  struct entry {
    std::string scope;
    std::string key;
    std::int64_t member = 0;
    std::uint64_t hash = 0;
    std::size_t size = 0;
  };

  /// What a running process owns.
  struct process {
    std::string self;
    std::vector<entry> entries; ///< in the order of their joins
    /// The actors of living members, by the number of the member.
    std::map<std::int64_t, std::int64_t> actors;
    /// Keys whose unique holder has been ended and may not have noticed it yet.
    std::set<std::string> uncertain;
  };

  explicit truth(std::size_t nodes) : processes_(nodes) {}

  void start(std::size_t node, std::string self);
  void end(std::size_t node) { processes_.at(node) = {}; }
  void join(std::size_t node, const std::string& scope, const std::string& key, std::int64_t member, std::int64_t actor,
            const registry::value& data);
  void update(std::size_t node, const std::string& scope, const std::string& key, std::int64_t member,
              const registry::value& data);
  void leave(std::size_t node, const std::string& scope, const std::string& key, std::int64_t member);
  void end_member(std::size_t node, std::int64_t member);
  /// All nodes have noticed everything.
  void settle();

  [[nodiscard]] const process& at(std::size_t node) const { return processes_.at(node); }
  /// Whether a member of the node has an entry under a key.
  [[nodiscard]] bool holds(std::size_t node, const std::string& scope, const std::string& key) const;
  /// The bytes of all values, about.
  [[nodiscard]] std::size_t size() const;
  /// The lines of `content_of`, sorted.
  [[nodiscard]] std::vector<std::string> lines(const std::string& scope) const;

private:
  std::vector<process> processes_;
};

/// What one list of sorted lines has and the other has not, in words; empty if they are the same. No more than some lines.
std::string difference_of(const std::vector<std::string>& expected, const std::vector<std::string>& found);

} // namespace cluster_tests::chaos
