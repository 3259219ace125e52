#include <registry/actor/tell.hpp>
#include <registry/internal/deferral.hpp>
#include <registry/scope/internal/listeners.hpp>
#include <registry/scope/requests.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace registry::inline v0_2 {

listeners::listeners(std::string scope_name, std::vector<std::string> names, name_resolver resolve)
    : scope_name_(std::move(scope_name)), names_(std::move(names)), resolve_(std::move(resolve)) {}

bool listeners::queue(const std::vector<event_ptr>& changes) {
  if (names_.empty())
    return false;
  const std::lock_guard guard(lock_);
  std::copy_if(changes.begin(), changes.end(), std::back_inserter(queued_),
               [](const event_ptr& x) { return x->what != verb::update; });
  return !queued_.empty();
}

bool listeners::tell() {
  internal::assert_unlocked();
  std::vector<event_ptr> taken;
  {
    const std::lock_guard guard(lock_);
    if (telling_)
      return false; // that thread's caller handles these
    telling_ = true;
    taken.swap(queued_);
  }
  for (const auto& name : names_) {
    if (const auto listener = resolve_(name)) {
      for (const auto& change : taken)
        tell(listener, *change);
    }
  }
  const std::lock_guard guard(lock_);
  telling_ = false;
  return !queued_.empty();
}

void listeners::tell(const member& listener, const event& change) const {
  for (const auto& x : change.entries) {
    if (change.what == verb::join)
      registry::tell(listener, registered{scope_name_, change.key, x.who, x.data});
    else
      registry::tell(listener, unregistered{scope_name_, change.key, x.who});
  }
}

} // namespace registry::inline v0_2
