#pragma once

#include <registry/member/member.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace registry::inline v0_2 {

/// The named actors of a node. Any thread. Weak: a name keeps no actor alive.
class names {
public:
  void put(std::string name, const member& who);
  void erase(std::string_view name);
  /// Null if there is none or it has terminated.
  [[nodiscard]] member find(std::string_view name) const;

private:
  mutable std::mutex lock_;
  std::map<std::string, caf::weak_actor_ptr, std::less<>> actors_;
};

} // namespace registry::inline v0_2
