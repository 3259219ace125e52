#include <registry/actor/handle.hpp>
#include <registry/node/internal/names.hpp>

#include <utility>

namespace registry::inline v0_2 {

void names::put(std::string name, const member& who) {
  const std::lock_guard guard(lock_);
  actors_.insert_or_assign(std::move(name), caf::actor_cast<caf::weak_actor_ptr>(who));
}

void names::erase(std::string_view name) {
  const std::lock_guard guard(lock_);
  if (const auto found = actors_.find(name); found != actors_.end())
    actors_.erase(found);
}

member names::find(std::string_view name) const {
  member who;
  {
    const std::lock_guard guard(lock_);
    if (const auto found = actors_.find(name); found != actors_.end())
      who = found->second.lock();
  }
  return registry::is_alive(who) ? who : nullptr;
}

} // namespace registry::inline v0_2
