#include <chat/session/session_list.hpp>

#include <registry/time/deadline.hpp>

namespace chat {

void session_list::add(const registry::member& session) {
  std::lock_guard guard{mutex_};
  sessions_.emplace(session->id(), session);
}

void session_list::remove(std::uint64_t actor_id) {
  registry::member removed; // released after the lock
  std::lock_guard guard{mutex_};
  auto found = sessions_.find(actor_id);
  if (found == sessions_.end())
    return;
  removed = std::move(found->second);
  sessions_.erase(found);
  if (sessions_.empty())
    emptied_.notify_all();
}

std::size_t session_list::size() const {
  std::lock_guard guard{mutex_};
  return sessions_.size();
}

std::vector<registry::member> session_list::all() const {
  std::lock_guard guard{mutex_};
  std::vector<registry::member> result;
  result.reserve(sessions_.size());
  for (const auto& [id, each] : sessions_)
    result.push_back(each);
  return result;
}

bool session_list::wait_until_empty(std::chrono::milliseconds timeout) {
  std::unique_lock guard{mutex_};
  return emptied_.wait_until(guard, registry::deadline_after(timeout), [&] { return sessions_.empty(); });
}

} // namespace chat
