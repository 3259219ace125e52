#include <libregistry/store/model.hpp>

#include <algorithm>

namespace registry::testing {

bool store_model::join(const value& key, const std::vector<member>& members, const value& data) {
  if (mode_ == key_mode::unique && (members.size() > 1 || (!members.empty() && !of(key).empty())))
    return false;
  for (const auto& who : members)
    rows_.push_back({key, who, data, next_++});
  return true;
}

bool store_model::remove_latest(const value& key, const member& who) {
  const auto found =
      std::find_if(rows_.rbegin(), rows_.rend(), [&](const row& x) { return identical(x.key, key) && x.who == who; });
  if (found == rows_.rend())
    return false;
  rows_.erase(std::next(found).base());
  return true;
}

bool store_model::leave(const value& key, const std::vector<member>& members) {
  bool removed = members.empty();
  for (const auto& who : members)
    removed = remove_latest(key, who) || removed;
  return removed;
}

std::size_t store_model::leave_key(const value& key) {
  return std::erase_if(rows_, [&](const row& x) { return identical(x.key, key); });
}

std::size_t store_model::leave_all(const member& who) {
  return std::erase_if(rows_, [&](const row& x) { return x.who == who; });
}

bool store_model::update(const value& key, const member& who, const value& data) {
  bool found = false;
  for (auto& x : rows_) {
    if (identical(x.key, key) && x.who == who) {
      x.data = data;
      found = true;
    }
  }
  return found;
}

std::vector<store_model::row> store_model::of(const value& key) const {
  std::vector<row> out;
  std::copy_if(rows_.begin(), rows_.end(), std::back_inserter(out), [&](const row& x) { return identical(x.key, key); });
  return out;
}

std::vector<value> store_model::keys(const member& who) const {
  std::vector<value> out;
  for (const auto& x : rows_) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const value& k) { return identical(k, x.key); });
    if (x.who == who && !known)
      out.push_back(x.key);
  }
  return out;
}

} // namespace registry::testing
