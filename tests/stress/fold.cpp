#include <stress/fold.hpp>

#include <algorithm>

namespace registry::testing {

namespace {

std::uint64_t digest_of(const value& key, entry_id id, const member& who, const value& data) {
  std::uint64_t x = key.hash();
  for (const auto part : {id.number, hash_member(who), data.hash()})
    x = (x ^ part) * 0x9e3779b97f4a7c15U;
  return x ^ (x >> 31U);
}

} // namespace

std::uint64_t digest(const value& key, const group& entries) {
  std::uint64_t sum = 0;
  for (const auto& held : entries)
    sum += digest_of(key, held.id(), held.who, held.data);
  return sum;
}

fold::fold(const subscription_start& start) : commit_(start.commit) {
  start.snapshot.for_each([&](const value& key, const group& entries) {
    auto& known = keys_[key];
    for (const auto& held : entries)
      known.push_back({held.id(), held.who, held.data, {}});
    digest_ += testing::digest(key, entries);
  });
}

bool fold::apply(const event& x) {
  if (x.commit != commit_ + 1)
    return false;
  commit_ = x.commit;
  auto& known = keys_[x.key];
  for (const auto& part : x.entries) {
    const auto same = std::find_if(known.begin(), known.end(), [&](const event_entry& e) { return e.id == part.id; });
    if ((x.what == verb::join) != (same == known.end()))
      return false;
    if (x.what == verb::join) {
      known.push_back(part);
    } else if (x.what == verb::update) {
      if (!identical(same->data, part.previous))
        return false;
      digest_ -= digest_of(x.key, same->id, same->who, same->data);
      same->data = part.data;
    } else {
      digest_ -= digest_of(x.key, same->id, same->who, same->data);
      known.erase(same);
      continue;
    }
    digest_ += digest_of(x.key, part.id, part.who, part.data);
  }
  return true;
}

bool fold::equals(const scope& where) const {
  std::size_t count = 0;
  for (const auto& [key, known] : keys_) {
    const auto entries = where.lookup(key);
    count += known.size();
    if (!std::equal(known.begin(), known.end(), entries.begin(), entries.end(), [](const event_entry& a, const entry& b) {
          return a.id == b.id() && a.who == b.who && identical(a.data, b.data);
        }))
      return false;
  }
  return count == where.count();
}

} // namespace registry::testing
