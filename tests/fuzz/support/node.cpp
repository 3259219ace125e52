#include <fuzz/support/node.hpp>
#include <fuzz/target.hpp>

#include <support/fake_member.hpp>

#include <algorithm>

namespace registry::fuzz {

namespace {

store_options options_for(key_mode mode) {
  store_options out;
  out.mode = mode;
  return out;
}

} // namespace

node::node(std::uint8_t number, key_mode mode, const replica_options& options)
    : number_(number), name_{number, 1}, content_(options_for(mode)), logic(name_, "s", mode, number, *this, options) {
  content_.log().observe(true);
}

member node::actor(std::uint64_t id) const {
  return testing::make_member(id, number_);
}

void node::drain() {
  const auto batch = content_.log().take();
  logic.committed(batch);
  for (const auto& x : batch.events) {
    for (const auto& one : x->entries) {
      const auto text = describe(one.id.number, x->key, one.who, one.data);
      const auto known = told_.find(one.id);
      expect((known != told_.end()) == (x->what != verb::join), "an event of an entry that there is not, or is already");
      if (x->what == verb::leave) {
        expect(known->second == text, "an entry leaves that is another one");
        told_.erase(known);
      } else {
        told_[one.id] = text;
      }
    }
  }
  static_cast<void>(content_.collect_now());
}

std::vector<std::string> node::entries_of(const incarnation& owner) const {
  std::vector<std::string> out;
  content_.snapshot().entries.for_each([&](const value& key, const group& entries) {
    for (const auto& one : entries) {
      if (logic.owner(one.origin) == owner)
        out.push_back(describe(one.number, key, one.who, one.data));
    }
  });
  std::ranges::sort(out);
  return out;
}

void node::check() const {
  std::map<entry_id, std::string> all;
  std::map<std::uint32_t, content_digest> digests;
  content_.snapshot().entries.for_each([&](const value& key, const group& entries) {
    expect(!entries.empty(), "a key without entries");
    for (const auto& one : entries) {
      expect(all.emplace(one.id(), describe(one.number, key, one.who, one.data)).second, "two entries with one identity");
      expect(logic.owner(one.origin).has_value(), "an entry without an owner");
      if (one.origin != 0)
        digests[one.origin].add(one.number, key, one.who, one.data);
    }
  });
  expect(all == told_, "the events say something else than the table");
  for (const auto& [origin, digest] : digests)
    expect(content_.digest_of(origin) == digest, "a digest is wrong");
}

std::string describe(std::uint64_t number, const value& key, const member& who, const value& data) {
  return std::to_string(number) + " " + to_string(key) + " " + std::to_string(who->id()) + "@" + to_string(who->node()) +
         " " + to_string(data);
}

} // namespace registry::fuzz
