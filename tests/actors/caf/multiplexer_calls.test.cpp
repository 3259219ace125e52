#include <registry/caf/internal/multiplexer_calls.hpp>
#include <registry/node/clustered_system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>

#include <support/catch.hpp>

#include <latch>
#include <memory>
#include <string>
#include <vector>

namespace registry {

namespace {

struct calls_fixture {
  clustered_system_config config;
  caf::actor_system system{config};
  caf::io::network::multiplexer& home = system.middleman().backend();
  std::shared_ptr<internal::multiplexer_calls> calls = std::make_shared<internal::multiplexer_calls>(system);
  std::vector<std::string> order; // of the multiplexer's thread
  std::latch begun{1};
  std::latch given{1};
  std::latch done{1};
};

} // namespace

TEST_CASE("calls that are given while CAF's thread is busy are made in their order") {
  calls_fixture x;
  x.home.post([&] {
    x.begun.count_down();
    x.given.wait();
  });
  x.begun.wait();
  x.calls->call([&] { x.order.emplace_back("first"); });
  x.calls->call([&] {
    x.order.emplace_back("second");
    x.calls->call([&] {
      x.order.emplace_back("third");
      x.done.count_down();
    });
  });
  x.given.count_down();
  x.done.wait();
  CHECK(x.order == std::vector<std::string>{"first", "second", "third"});
}

TEST_CASE("a call in order comes after what CAF's thread was given before, also by that thread") {
  calls_fixture x;
  x.home.post([&] {
    x.begun.count_down();
    x.given.wait();
    x.calls->call_in_order([&] {
      x.order.emplace_back("in order");
      x.done.count_down();
    });
  });
  x.begun.wait();
  x.home.post([&] { x.order.emplace_back("before"); });
  x.given.count_down();
  x.done.wait();
  CHECK(x.order == std::vector<std::string>{"before", "in order"});
}

} // namespace registry
