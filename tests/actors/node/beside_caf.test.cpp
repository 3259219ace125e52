// An application that has a network of its own through CAF, beside the registry's links.

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>
#include <registry/compat/inspect.hpp>
#include <registry/membership/internal/link.hpp>
#include <registry/node/clustered_system_config.hpp>
#include <registry/node/node.hpp>
#include <registry/node/with_messages.hpp>

#include <node/clustered_node.hpp>
#include <support/captured_log.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <boost/describe/class.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/type_id.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace shop {

struct order {
  std::string what;
  std::int32_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(order, (), (what, amount))
template <class Inspector>
auto inspect(Inspector& f, order& x) {
  return registry::compat::inspect_described(f, x);
}

} // namespace shop

CAF_BEGIN_TYPE_ID_BLOCK(beside_caf_tests, caf::first_custom_type_id + 40)
CAF_ADD_TYPE_ID(beside_caf_tests, (shop::order))
CAF_END_TYPE_ID_BLOCK(beside_caf_tests)

namespace registry {

using testing::captured_log;
using testing::eventually;
using testing::loopback;

namespace {

struct shop_config : with_messages<clustered_system_config, caf::id_block::beside_caf_tests> {
  shop_config() : with_messages(caf_defaults::kept) {
    opt_group{custom_options_, "shop"}.add(price, "price", "of everything");
  }
  std::int32_t price = 3;
};

/// A process of the application, which publishes a till at a port of CAF.
struct shop_process {
  shop_process() {
    till = system.spawn([price = config.price](caf::event_based_actor*) -> caf::behavior {
      return {[price](const shop::order& x) { return x.amount * price; }};
    });
    port = *system.middleman().publish(till, 0, "127.0.0.1");
  }

  ~shop_process() {
    stop();
    registry::kill(as_member(till));
  }

  void start(const std::vector<node_address>& seeds = {}, const std::string& encryption = "none") {
    auto options = loopback(seeds);
    options.encryption = encryption;
    home.emplace(node::start(system, options).value());
    wares.emplace(home->open_scope("wares").value());
  }

  void stop() {
    if (home)
      home->stop();
  }

  void connect(const shop_process& other) { remote = *system.middleman().remote_actor("127.0.0.1", other.port); }

  /// Whether the till of the other process answers.
  bool can_buy() {
    bool is_right = false;
    compat::request(self, *remote, std::chrono::seconds{30}, shop::order{"tea", 4})
        .receive([&](std::int32_t sum) { is_right = sum == 12; }, [](const caf::error&) {});
    return is_right;
  }

  shop_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  caf::actor till;
  std::uint16_t port = 0;
  std::optional<node> home;
  std::optional<scope> wares;
  std::optional<caf::actor> remote;
};

/// Each sees what the other has, and can send to it.
void check_shared(shop_process& a, shop_process& b) {
  REQUIRE(a.wares->join("tea", a.till, 1));
  REQUIRE(b.wares->join("tea", b.till, 2));
  for (auto* x : {&a, &b}) {
    REQUIRE(eventually([&] { return x->wares->count("tea") == 2; }));
    for (const auto& entry : x->wares->lookup("tea")) {
      std::int32_t sum = 0;
      compat::request(x->self, caf::actor_cast<caf::actor>(entry.who), std::chrono::seconds{30}, shop::order{"tea", 2})
          .receive([&](std::int32_t found) { sum = found; }, [](const caf::error&) {});
      CHECK(sum == 6);
    }
    CHECK(x->home->peers().size() == 1);
  }
}

/// What one of them leaves, the other sees it leave, and what is left goes on.
void check_apart(shop_process& a, shop_process& b) {
  REQUIRE(b.wares->leave("tea", b.till));
  CHECK(eventually([&] { return a.wares->count("tea") == 1; }));
  b.stop();
  CHECK(eventually([&] { return a.home->peers().empty(); }));
  REQUIRE(a.wares->leave("tea", a.till));
}

} // namespace

TEST_CASE("nodes link beside a connection of CAF that the application had before", "[beside_caf]") {
  shop_process a;
  shop_process b;
  auto* connecting = &a;
  auto* other = &b;
  SECTION("from the seed") {}
  SECTION("to the seed") {
    std::swap(connecting, other);
  }
  connecting->connect(*other);
  REQUIRE(connecting->can_buy());
  const captured_log log;
  a.start();
  b.start({*a.home->address()});
  check_shared(a, b);
  CHECK(connecting->can_buy());
  for (const auto* x : {&a, &b})
    CHECK(log.count("[info] the link with " + label_of(x->home->self(), *x->home->address(), {}) +
                    " goes over the connection of CAF") == 1);
  check_apart(a, b);
  // The connection is the application's.
  CHECK(connecting->can_buy());
}

TEST_CASE("an encrypted link beside a connection of CAF is refused, and the log says what to do", "[beside_caf]") {
  shop_process a;
  shop_process b;
  a.connect(b);
  REQUIRE(a.can_buy());
  const captured_log log;
  a.start({}, "");
  b.start({*a.home->address()}, "");
  for (const auto* x : {&a, &b}) {
    const auto line =
        "[error] no encrypted link with " + label_of(x->home->self(), *x->home->address(), {}) +
        ": the application has a connection of CAF to that node, and CAF can have no second. Let it connect after the "
        "node has linked, or set registry.encryption to none at both";
    CHECK(eventually([&] { return log.count(line) == 1; }));
  }
  CHECK(a.can_buy());
  REQUIRE(a.wares->join("tea", a.till, 1));
  CHECK(b.wares->count("tea") == 0);
}

TEST_CASE("a node warns once of a port that the application has opened", "[beside_caf]") {
  const captured_log log;
  shop_process a;
  a.start();
  const auto warning = "[warning] the application listens at port " + std::to_string(a.port) + " through CAF's publish";
  REQUIRE(eventually([&] { return log.count(warning) == 1; }));
  auto options = loopback({*a.home->address()});
  options.encryption = "none";
  testing::clustered_node quiet{options};
  REQUIRE(eventually([&] { return quiet.home.peers().size() == 1; }));
  testing::outlast(std::chrono::milliseconds{2'500}); // it looks every second
  CHECK(log.count("through CAF's publish") == 1);
}

TEST_CASE("nodes link beside connections of CAF in both directions", "[beside_caf]") {
  shop_process a;
  shop_process b;
  a.connect(b);
  b.connect(a);
  a.start();
  b.start({*a.home->address()});
  check_shared(a, b);
  CHECK(a.can_buy());
  CHECK(b.can_buy());
  check_apart(a, b);
}

TEST_CASE("nodes link beside a connection of CAF that the application makes just then", "[beside_caf]") {
  shop_process a;
  shop_process b;
  a.start();
  b.start({*a.home->address()});
  SECTION("from the seed") {
    a.connect(b);
  }
  SECTION("to the seed") {
    b.connect(a);
  }
  check_shared(a, b);
  check_apart(a, b);
}

TEST_CASE("an application connects through CAF to a node that is linked", "[beside_caf]") {
  shop_process a;
  shop_process b;
  a.start();
  b.start({*a.home->address()});
  check_shared(a, b);
  auto* connecting = &a;
  auto* other = &b;
  SECTION("from the seed") {}
  SECTION("to the seed") {
    std::swap(connecting, other);
  }
  connecting->connect(*other);
  CHECK(connecting->can_buy());
  check_apart(a, b);
}

} // namespace registry
