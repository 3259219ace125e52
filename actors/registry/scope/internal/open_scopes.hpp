#pragma once

#include <registry/scope/internal/scope_state.hpp>

#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

/// The open scopes of a node by name. Any thread.
class open_scopes {
public:
  using scope_ptr = std::shared_ptr<scope_state>;

  /// False if the name is in use.
  bool insert(const scope_ptr& opened);
  /// Removes one; null if there is none.
  scope_ptr extract(std::string_view name);
  /// Removes all.
  std::vector<scope_ptr> extract_all();
  /// Null if there is none.
  [[nodiscard]] scope_ptr find(std::string_view name) const;
  /// In the order of their names.
  [[nodiscard]] std::vector<scope_ptr> all() const;

private:
  mutable std::shared_mutex lock_;
  std::map<std::string, scope_ptr, std::less<>> scopes_;
};

} // namespace registry::inline v0_2
