#include <presence/console.hpp>
#include <presence/user.hpp>
#include <presence/who.hpp>

#include <registry/coro/spawn.hpp>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <iostream>
#include <sstream>
#include <utility>

namespace presence {

namespace {

using namespace std::chrono_literals;

/// After this time without a word a user is away.
constexpr auto patience = 5min;

} // namespace

console::console(caf::actor_system& system, registry::scope people, teller tell)
    : system_(system), people_(std::move(people)), tell_(std::move(tell)) {}

console::~console() {
  for (const auto& each : users_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
}

void console::run(std::istream& commands) {
  for (std::string line; std::getline(commands, line);) {
    std::istringstream words{line};
    std::string command, name, rest;
    words >> command;
    if (command == "come" && words >> name >> rest)
      come(name, rest);
    else if (command == "say" && words >> name >> rest)
      say(name, rest);
    else if (command == "who")
      who(std::getline(words >> std::ws, rest) ? rest : "_");
    else if (!command.empty())
      tell_("commands are: come NAME PLACE, say NAME STATE, who [PATTERN]");
  }
}

void console::come(const std::string& name, const std::string& place) {
  users_.push_back(registry::spawn_coroutine(system_, user, people_, name, status{"online", place}, patience));
  if (auto here = people_.wait_for_key(name, 10s); !here)
    tell_(here.error().message());
}

void console::say(const std::string& name, const std::string& state) {
  if (people_.dispatch(name, registry::dispatch_strategy::all(), state) == 0)
    tell_(name + " is not online, or cannot be reached");
}

void console::who(const std::string& pattern) {
  const auto names = who_is_online(people_, pattern);
  if (!names)
    return tell_(names.error().message());
  if (names.value().empty())
    return tell_("nobody");
  for (const auto& name : names.value())
    tell_(name);
}

void print_line(std::string_view line) {
  std::cout << std::string{line} + "\n" << std::flush;
}

} // namespace presence
