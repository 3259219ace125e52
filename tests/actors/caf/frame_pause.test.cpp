#include <registry/caf/internal/frame_pause.hpp>
#include <registry/node/clustered_system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>

#include <support/catch.hpp>
#include <support/processor_time.hpp>
#include <support/waiting.hpp>

#include <chrono>
#include <latch>

namespace registry {

namespace {

struct pause_fixture {
  explicit pause_fixture(std::chrono::nanoseconds attention) : pause(new internal::frame_pause(system, attention), false) {}

  void begin() {
    in_thread_of_caf([this] { pause->begin({}); });
  }
  template <class Function>
  void in_thread_of_caf(Function what) {
    std::latch done{1};
    system.middleman().backend().post([&] {
      what();
      done.count_down();
    });
    done.wait();
  }

  clustered_system_config config;
  caf::actor_system system{config};
  internal::frame_pause_ptr pause;
};

} // namespace

TEST_CASE("CAF's thread looks for frames for a while after one, and serves others meanwhile") {
  pause_fixture x{std::chrono::hours{1}};
  x.begin();
  // Unless others need the core.
  CHECK(testing::eventually([&] {
    bool looks_again = false;
    x.in_thread_of_caf([&] { looks_again = x.pause->resume(nullptr, 1) == caf::resumable::resume_later; });
    return looks_again;
  }));
  int calls = 0;
  for (int i = 0; i < 100; ++i)
    x.in_thread_of_caf([&] { ++calls; });
  CHECK(calls == 100);
  // The actor system ends while it looks.
}

TEST_CASE("CAF's thread sleeps when it has looked for long enough") {
  for (const auto attention : {std::chrono::nanoseconds{0}, std::chrono::nanoseconds{std::chrono::milliseconds{1}}}) {
    pause_fixture x{attention};
    x.begin();
    testing::outlast(std::chrono::milliseconds{20});
    const auto before = testing::processor_time();
    testing::outlast(std::chrono::milliseconds{200});
    CHECK(testing::processor_time() - before < std::chrono::milliseconds{100});
  }
}

} // namespace registry
