#include <registry/node/internal/seed_watch.hpp>

#include <support/catch.hpp>

#include <string>
#include <vector>

namespace registry {

namespace {

const node_address self{"self", 1};
const node_address a{"a", 1};
const node_address b{"b", 2};
const incarnation ann{1, 1};
const incarnation bob{2, 2};

peer_status peer(const incarnation& who, const node_address& where, bool reachable = true) {
  return {who, where, reachable};
}

std::string only(const std::vector<std::string>& texts) {
  REQUIRE(texts.size() == 1);
  return texts.front();
}

} // namespace

TEST_CASE("a seed is missing until its first dial has ended", "[mesh][joining]") {
  seed_watch seeds({a, self}, self);
  CHECK(only(seeds.judge({}).missing) == "seed a:1: it has not answered yet");
  seeds.dialled(a, 7);
  SECTION("it refuses connections") {
    seeds.failed(a, dial_failure::refused, "Connection refused");
    const auto now = seeds.judge({});
    CHECK(now.missing.empty());
    CHECK(only(now.silent) == "seed a:1: nobody listens there (Connection refused)");
  }
  SECTION("it does not answer") {
    seeds.failed(a, dial_failure::unreachable, "");
    CHECK(only(seeds.judge({}).silent) == "seed a:1: it does not answer");
  }
  SECTION("it is another cluster's") {
    seeds.failed(a, dial_failure::wrong_cluster, "");
    CHECK(only(seeds.judge({}).missing).rfind("seed a:1: ", 0) == 0);
  }
  SECTION("it is this node by another name") {
    seeds.failed(a, dial_failure::self, "");
    const auto now = seeds.judge({});
    CHECK((now.missing.empty() && now.silent.empty() && now.linked.empty()));
  }
  SECTION("it answers, under another address") {
    seeds.answered(7, ann);
    CHECK(only(seeds.judge({}).missing) == "seed a:1: it has answered, but the link to it is not ready yet");
    CHECK(seeds.judge({peer(ann, b, false)}).missing.size() == 1);
    const auto now = seeds.judge({peer(bob, self), peer(ann, b)});
    REQUIRE(now.linked.size() == 1);
    CHECK(now.linked.front().who == ann);
    SECTION("and is gone") {
      seeds.failed(a, dial_failure::refused, "");
      const auto later = seeds.judge({peer(bob, self)});
      CHECK(later.linked.empty());
      CHECK(later.silent.size() == 1);
    }
  }
  SECTION("it dials first") {
    CHECK(seeds.judge({peer(ann, a)}).linked.size() == 1);
    CHECK(seeds.judge({peer(ann, a, false)}).missing.size() == 1);
  }
  SECTION("it prefers a link that it has dialled, and has another address") {
    seeds.failed(a, dial_failure::duplicate_link, "");
    CHECK(seeds.judge({}).missing.size() == 1);
    CHECK(seeds.judge({peer(ann, b, false)}).missing.size() == 1);
    CHECK(seeds.judge({peer(ann, b)}).linked.size() == 1);
  }
}

TEST_CASE("the state of one seed does not affect another", "[mesh][joining]") {
  seed_watch seeds({a, b}, self);
  seeds.dialled(a, 1);
  seeds.dialled(b, 2);
  seeds.failed(a, GENERATE(dial_failure::refused, dial_failure::unreachable, dial_failure::hung_up), "");
  seeds.answered(2, bob);
  const auto now = seeds.judge({peer(bob, b)});
  CHECK(now.linked.size() == 1);
  CHECK(now.silent.size() == 1);
  CHECK(now.missing.empty());
}

TEST_CASE("a seed without a link is complained of after five seconds and then every minute, with the reason",
          "[mesh][joining]") {
  using namespace std::chrono_literals;
  seed_watch seeds({a, self}, self);
  seeds.dialled(a, 7);
  CHECK(seeds.complaints({}, 100s).empty());
  CHECK(seeds.complaints({}, 104s).empty());
  CHECK(only(seeds.complaints({}, 105s)) == "no link with seed a:1: it has not answered yet; trying again");
  seeds.failed(a, dial_failure::refused, "Connection refused");
  CHECK(seeds.complaints({}, 164s).empty());
  CHECK(only(seeds.complaints({}, 165s)) ==
        "no link with seed a:1: nobody listens there (Connection refused); trying again");
  CHECK(seeds.complaints({peer(ann, a)}, 166s).empty());
  CHECK(seeds.complaints({}, 200s).empty());
  CHECK(seeds.complaints({}, 204s).empty());
  CHECK(seeds.complaints({}, 205s).size() == 1);
  seeds.failed(a, dial_failure::self, "");
  CHECK(seeds.complaints({}, 300s).empty());
}

TEST_CASE("a seed behind which a linked node answers again is still linked", "[mesh][joining]") {
  seed_watch seeds({a}, self);
  seeds.dialled(a, 7);
  seeds.answered(7, ann);
  seeds.failed(a, dial_failure::duplicate_link, "");
  CHECK(seeds.judge({peer(ann, b), peer(bob, self, false)}).linked.size() == 1);
}

} // namespace registry
