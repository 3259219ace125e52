// A service that leaves in order when it is asked to: on SIGTERM or SIGINT its entries go, everywhere, before it does, so that
// nobody sends it more work.

#include <registry/actor/handle.hpp>
#include <registry/coro/serve.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

using registry::coroutine_self;
using registry::task;

task<> service(coroutine_self self) {
  co_await registry::serve(self, [](const std::string& text) { return "echo " + text; });
}

int main() {
  // First, so that an early signal does not end the program.
  boost::asio::io_context signals;
  boost::asio::signal_set stop{signals, SIGINT, SIGTERM};

  registry::system_config config; // or a clustered_system_config, then the other nodes see the entries go at once
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto services = node.open_scope("services").value();
  const auto echo = registry::spawn_coroutine(system, service);
  services.join("echo", echo).value();
  std::cout << "serving; end with SIGTERM or Ctrl-C" << std::endl;

  stop.async_wait([&](const boost::system::error_code&, int number) {
    std::cout << "signal " << number << ", leaving\n";
    stop.clear(); // the next one ends the program at once
  });
  signals.run();

  if (auto left = node.drain(); !left) {
    std::cerr << left.error() << '\n';
    return EXIT_FAILURE;
  }
  registry::kill(echo); // work that it has begun would be waited for here
  std::cout << "left\n";
}
