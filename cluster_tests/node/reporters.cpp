#include <node/line_output.hpp>
#include <node/reporters.hpp>
#include <support/one_core.hpp>
#include <support/waiting.hpp>

#include <registry/actor/handle.hpp>
#include <registry/scope/subscription.hpp>
#include <registry/value/value.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <array>
#include <exception>
#include <thread>
#include <vector>

namespace cluster_tests {

using namespace registry;
using boost::asio::ip::tcp;
using registry::testing::nanoseconds_now;

namespace {

caf::behavior join_reporter(caf::event_based_actor*) {
  return {[](const events& pending) {
    const auto batch = pending.take();
    const auto seen = nanoseconds_now();
    for (const auto& change : batch.changes) {
      if (change->what == verb::join)
        write_line(object("seen", seen));
    }
  }};
}

caf::behavior keeper(caf::event_based_actor*) {
  return {[kept = std::make_shared<std::vector<caf::actor>>()](const std::vector<caf::actor>& handles) {
            *kept = handles;
            write_line(object("kept", static_cast<std::int64_t>(kept->size())));
          },
          [](std::int32_t) { write_line(object("seen", nanoseconds_now())); }};
}

} // namespace

member spawn_join_reporter(caf::actor_system& system) {
  return registry::as_member(system.spawn(join_reporter));
}

member spawn_keeper(caf::actor_system& system) {
  return registry::as_member(system.spawn(keeper));
}

struct socket_reporter::state {
  void run(std::optional<int> core) {
    try {
      if (core)
        registry::testing::stay_on(*core);
      std::array<char, 64> frame{};
      boost::system::error_code ended;
      while (boost::asio::read(socket, boost::asio::buffer(frame), ended) == frame.size())
        write_line(object("seen", nanoseconds_now()));
    } catch (const std::exception& failed) {
      write_line(object("error", std::string{failed.what()}));
    }
  }

  boost::asio::io_context context;
  tcp::socket socket{context};
  std::thread thread;
};

socket_reporter::socket_reporter(std::uint16_t port, std::optional<int> core) : state_(std::make_unique<state>()) {
  state_->socket.connect({boost::asio::ip::address_v4::loopback(), port});
  state_->thread = std::thread{[x = state_.get(), core] { x->run(core); }};
}

socket_reporter::~socket_reporter() {
  boost::system::error_code ignored;
  state_->socket.shutdown(tcp::socket::shutdown_both, ignored);
  state_->thread.join();
}

} // namespace cluster_tests
