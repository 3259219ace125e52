// What the registry has to say goes where the rest of the application's log goes: to the sinks of the logger named `registry`.

#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>
#include <memory>
#include <string>

using registry::coroutine_self;
using registry::result;
using registry::task;

task<result<void>> printer(coroutine_self) {
  co_return registry::error{registry::errc::failed, "out of paper"};
}

int main() {
  // Before the node starts: people see warnings and errors, and what comes last is kept, for a page of its own for example.
  const auto seen = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  seen->set_level(spdlog::level::warn);
  const auto kept = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(100);
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("service", spdlog::sinks_init_list{seen, kept}));
  const auto of_registry = std::make_shared<spdlog::logger>("registry", spdlog::sinks_init_list{seen, kept});
  of_registry->set_level(spdlog::level::debug);
  spdlog::register_logger(of_registry);

  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  spdlog::info("started");
  caf::scoped_actor self{system};
  self->wait_for(registry::spawn_coroutine(system, printer));

  for (const auto& line : kept->last_formatted()) {
    for (const auto* text :
         {"[service] [info] started", "[registry] [error] coroutine actor", "ends: failed: out of paper"}) {
      if (line.find(text) != std::string::npos)
        std::cout << "the log has: " << text << '\n';
    }
  }
}
