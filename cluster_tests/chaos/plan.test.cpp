#include <chaos/plan.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace cluster_tests::chaos;

namespace {

constexpr std::size_t planned_nodes = 5;

/// What a stage tells the truth if all goes well.
void carry_out(const action& x, truth& known, std::map<std::size_t, std::int64_t>& members) {
  const auto restarts =
      (x.ends && (x.what == deed::kill || x.what == deed::drain)) || x.what == deed::restart || x.what == deed::rotate;
  if (restarts) {
    members[x.node] = 0;
    return known.start(x.node, std::to_string(x.node));
  }
  switch (x.what) {
  case deed::join:
    if (!x.is_refused) {
      const auto member = x.member < 0 ? members[x.node]++ : x.member;
      known.join(x.node, x.scope, x.key, member, member, x.data);
    }
    return;
  case deed::update:
    return known.update(x.node, x.scope, x.key, x.member, x.data);
  case deed::leave:
    return known.leave(x.node, x.scope, x.key, x.member);
  case deed::end_member:
    return known.end_member(x.node, x.member);
  case deed::kill:
  case deed::drain:
    return known.end(x.node);
  case deed::rest:
    return known.settle();
  default:
    return;
  }
}

std::vector<action> actions_of(std::uint64_t seed, std::size_t count) {
  truth known{planned_nodes};
  std::map<std::size_t, std::int64_t> members;
  plan planned{seed, planned_nodes, known};
  std::vector<action> out;
  while (out.size() < count) {
    out.push_back(planned.next());
    carry_out(out.back(), known, members);
  }
  return out;
}

std::vector<std::string> words_of(const std::vector<action>& all) {
  std::vector<std::string> out;
  for (const auto& x : all)
    out.push_back(std::to_string(x.at.count()) + " " + to_string(x));
  return out;
}

} // namespace

TEST_CASE("a plan of chaos is made of its seed alone", "[chaos]") {
  const auto seed = registry::testing::seed();
  const auto once = words_of(actions_of(seed, 3000));
  CHECK(once == words_of(actions_of(seed, 3000)));
  CHECK(once != words_of(actions_of(seed + 1, 3000)));
}

TEST_CASE("a plan of chaos does everything, and nothing is wrong when it rests", "[chaos]") {
  const auto all = actions_of(registry::testing::seed(), 30'000);
  std::set<deed> seen;
  std::set<std::pair<deed, std::size_t>> open;
  std::size_t busy = 0;
  auto before = all.front().at;
  for (const auto& x : all) {
    CHECK(x.at >= before);
    before = x.at;
    seen.insert(x.what);
    const bool occupies = x.what == deed::kill || x.what == deed::drain || x.what == deed::pause;
    if (x.ends) {
      CHECK(open.erase({x.what, x.node}) == 1);
      busy -= occupies ? 1 : 0;
    } else if (x.what >= deed::kill && x.what <= deed::corrupt) {
      CHECK(open.insert({x.what, x.node}).second);
      busy += occupies ? 1 : 0;
    } else if (x.what == deed::rest) {
      CHECK(open.empty());
    } else {
      // Nobody can ask a node that is down.
      for (const auto what : {deed::kill, deed::drain, deed::pause})
        CHECK_FALSE(open.contains({what, x.node}));
    }
    CHECK(busy <= planned_nodes - 2);
  }
  CHECK(seen.size() == static_cast<std::size_t>(deed::rest) + 1);
}
