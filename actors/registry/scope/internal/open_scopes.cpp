#include <registry/scope/internal/open_scopes.hpp>

#include <mutex>
#include <utility>

namespace registry::inline v0_2 {

bool open_scopes::insert(const scope_ptr& opened) {
  const std::unique_lock guard(lock_);
  return scopes_.emplace(opened->options().name, opened).second;
}

open_scopes::scope_ptr open_scopes::extract(std::string_view name) {
  const std::unique_lock guard(lock_);
  const auto found = scopes_.find(name);
  if (found == scopes_.end())
    return nullptr;
  auto out = std::move(found->second);
  scopes_.erase(found);
  return out;
}

std::vector<open_scopes::scope_ptr> open_scopes::extract_all() {
  decltype(scopes_) taken;
  {
    const std::unique_lock guard(lock_);
    taken.swap(scopes_);
  }
  std::vector<scope_ptr> out;
  for (auto& [name, opened] : taken)
    out.push_back(std::move(opened));
  return out;
}

open_scopes::scope_ptr open_scopes::find(std::string_view name) const {
  const std::shared_lock guard(lock_);
  const auto found = scopes_.find(name);
  return found == scopes_.end() ? nullptr : found->second;
}

std::vector<open_scopes::scope_ptr> open_scopes::all() const {
  std::vector<scope_ptr> out;
  const std::shared_lock guard(lock_);
  for (const auto& [name, opened] : scopes_)
    out.push_back(opened);
  return out;
}

} // namespace registry::inline v0_2
