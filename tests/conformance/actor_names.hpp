#pragma once

#include <registry/member/member.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace registry::conformance {

/// The actors of a trace by their names in it. Keeps their handles, so that they stay valid as values after an actor has
/// exited. Not thread-safe.
class actor_names {
public:
  /// Names an actor; false if the name is taken.
  bool add(std::string name, const member& who);
  /// The actor of a name, or null. O(n).
  [[nodiscard]] member find(std::string_view name) const;
  /// The name of an actor, or a text that is not a name of a trace. O(n).
  [[nodiscard]] std::string name_of(const member& who) const;

  [[nodiscard]] auto begin() const noexcept { return actors_.begin(); }
  [[nodiscard]] auto end() const noexcept { return actors_.end(); }

private:
  std::vector<std::pair<std::string, member>> actors_;
};

} // namespace registry::conformance
