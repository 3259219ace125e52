#include <chat/transport/listener.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <thread>

using namespace chat;

TEST_CASE("a listener without connections that has ceased to accept is there until it is stopped") {
  for (int round = 0; round < 20; ++round) {
    listener_options options;
    options.port = 0;
    const std::shared_ptr<listener> door{
        listener::open(options, [](const auto&) { return connection_handlers{}; }).value().release()};
    door->stop_accepting();
    // What its thread has to do comes later than that; a thread that has ended would never do it.
    const auto done = std::make_shared<std::promise<void>>();
    auto heard = done->get_future();
    std::thread again{[door, done] {
      door->stop_accepting();
      done->set_value();
    }};
    const bool served = heard.wait_for(std::chrono::minutes{1}) == std::future_status::ready;
    served ? again.join() : again.detach();
    REQUIRE(served);
    door->stop();
  }
}
