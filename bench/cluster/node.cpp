// A node for the benchmarks of clusters: takes the options of `clustered_system_config`, reads commands from its standard input,
// one a line, and answers with a line each. Times are nanoseconds of the clock that all processes of a machine share.

#include <bench/support/crowd.hpp>
#include <bench/support/memory.hpp>
#include <bench/support/one_core.hpp>
#include <bench/support/sample.hpp>
#include <bench/support/waiting.hpp>

#include <registry/actor/handle.hpp>
#include <registry/node/clustered_system_config.hpp>
#include <registry/node/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

namespace {

using namespace registry;
using namespace registry::bench;

constexpr std::chrono::seconds patience{60};

std::int64_t now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

/// One line, whole, from any thread.
void say(const std::string& line) {
  const auto text = line + '\n';
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0)
    std::exit(EXIT_FAILURE);
}

std::int64_t time_when(const std::function<bool()>& condition) {
  bench::wait_until(condition);
  return now();
}

/// Tells of every join under a key `lat<i>`.
caf::behavior watcher(caf::event_based_actor*) {
  return {[](const events& pending) {
    const auto batch = pending.take();
    const auto seen = now();
    for (const auto& change : batch.changes) {
      if (change->what == verb::join)
        say("seen " + std::to_string(seen));
    }
  }};
}

/// Keeps the handles that it gets, and tells how many there are; tells of a number, too.
caf::behavior keeper(caf::event_based_actor*) {
  return {[kept = std::make_shared<std::vector<caf::actor>>()](const std::vector<caf::actor>& handles) {
            *kept = handles;
            say("kept " + std::to_string(kept->size()));
          },
          [](std::int32_t) { say("seen " + std::to_string(now())); }};
}

/// Tells of every frame of 64 bytes that comes from a port of the loopback interface; on one core only, if told which.
void watch_socket(std::uint16_t port, std::optional<int> core) {
  using boost::asio::ip::tcp;
  if (core)
    stay_on(*core);
  boost::asio::io_context context;
  tcp::socket in(context);
  in.connect({boost::asio::ip::address_v4::loopback(), port});
  std::array<char, 64> frame{};
  boost::system::error_code ended;
  while (boost::asio::read(in, boost::asio::buffer(frame), ended) == frame.size())
    say("seen " + std::to_string(now()));
}

class session {
public:
  explicit session(node& home) : home_(home) {}
  ~session() {
    if (socket_watcher_.joinable())
      socket_watcher_.join();
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  std::string answer(const std::string& line) {
    std::istringstream in(line);
    std::string command;
    in >> command;
    if (command == "open")
      return open();
    if (command == "populate")
      return populate(in);
    if (command == "wait")
      return wait_for_count(in);
    if (command == "linked")
      return wait_for_links(in);
    if (command == "replicated")
      return rooms_->wait_replicated(patience) ? std::to_string(now()) : "timeout";
    if (command == "watch")
      return rooms_->monitor_scope(spawn(watcher)) ? "ok" : "refused";
    if (command == "watch_socket")
      return watch_port(in);
    if (command == "keep")
      return rooms_->join("keeper", spawn(keeper)) ? "ok" : "refused";
    if (command == "end_owners")
      return end_owners();
    if (command == "memory")
      return std::to_string(memory_at_rest());
    if (command == "cpu")
      return processor_time();
    return "unknown command";
  }

private:
  template <class Behavior>
  member spawn(Behavior behavior) {
    return registry::as_member(home_.system().spawn(behavior));
  }
  std::string open() {
    rooms_ = home_.open_scope("rooms").value();
    return std::to_string(now());
  }
  /// Joins keys `<prefix><i>`, owned by 1,000 actors in turn.
  std::string populate(std::istringstream& in) {
    std::string prefix;
    std::size_t count = 0;
    in >> prefix >> count;
    owners_ = std::make_unique<crowd>(home_.system(), 1000);
    std::vector<value> keys;
    for (std::size_t i = 0; i < count; ++i)
      keys.emplace_back(prefix + std::to_string(i));
    const auto data = sample_value(7);
    const auto start = now();
    for (std::size_t i = 0; i < count; ++i) {
      if (!rooms_->join(keys[i], (*owners_)[i], data))
        return "refused";
    }
    return std::to_string(start);
  }
  std::string wait_for_count(std::istringstream& in) {
    std::size_t count = 0;
    in >> count;
    return std::to_string(time_when([&] { return rooms_->count() == count; }));
  }
  std::string wait_for_links(std::istringstream& in) {
    std::size_t count = 0;
    in >> count;
    const auto reachable = [&] {
      std::size_t out = 0;
      for (const auto& x : home_.peers())
        out += x.reachable ? 1 : 0;
      return out;
    };
    return std::to_string(time_when([&] { return reachable() == count; }));
  }
  std::string watch_port(std::istringstream& in) {
    std::uint16_t port = 0;
    in >> port;
    int core = 0;
    const auto pinned = static_cast<bool>(in >> core);
    socket_watcher_ = std::thread(watch_socket, port, pinned ? std::optional{core} : std::nullopt);
    return "ok";
  }
  std::string end_owners() {
    const auto start = now();
    owners_.reset();
    return std::to_string(start);
  }
  static std::string processor_time() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto microseconds = [](const timeval& x) { return x.tv_sec * 1'000'000 + x.tv_usec; };
    return std::to_string(microseconds(used.ru_utime) + microseconds(used.ru_stime));
  }

  node& home_;
  std::optional<scope> rooms_;
  std::unique_ptr<crowd> owners_;
  std::thread socket_watcher_;
};

int run(node& home) {
  say(to_string(*home.address()));
  session served{home};
  for (std::string line; std::getline(std::cin, line);)
    say(served.answer(line));
  home.stop();
  return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) {
  // What is said on the standard output is answers.
  spdlog::set_default_logger(spdlog::stderr_logger_mt("node"));
  clustered_system_config config;
  if (auto read = config.read(argc, argv); !read) {
    std::cerr << to_string(read.error()) << '\n';
    return EXIT_FAILURE;
  }
  const auto options = config.cluster();
  if (!options) {
    std::cerr << to_string(options.error()) << '\n';
    return EXIT_FAILURE;
  }
  caf::actor_system system{config};
  auto home = node::start(system, options.value());
  if (!home) {
    std::cerr << to_string(home.error()) << '\n';
    return EXIT_FAILURE;
  }
  return run(home.value());
}
