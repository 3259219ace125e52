#include <conformance/journal.hpp>

namespace registry::conformance {

namespace {

value describe(const event& x) {
  std::vector<value> payload;
  payload.reserve(x.entries.size());
  for (const auto& item : x.entries)
    payload.push_back(x.what == verb::update ? list(item.who, item.previous, item.data) : list(item.who, item.data));
  return list(to_string(x.what), x.key, value::list(std::move(payload)));
}

} // namespace

void journal::add(subscription_ref from, const event_batch& batch) {
  if (!batch.lagged && batch.changes.empty())
    return;
  const std::lock_guard guard(lock_);
  auto& events = content_.events[from];
  if (batch.lagged)
    events.push_back(list("lagged"));
  for (const auto& change : batch.changes)
    events.push_back(describe(*change));
}

void journal::add_notice(value notice) {
  const std::lock_guard guard(lock_);
  content_.notices.push_back(std::move(notice));
}

void journal::add_message(value message) {
  const std::lock_guard guard(lock_);
  content_.messages.push_back(std::move(message));
}

journal::content journal::take() {
  const std::lock_guard guard(lock_);
  return std::exchange(content_, {});
}

} // namespace registry::conformance
