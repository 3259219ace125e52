#pragma once

#include <presence/watcher.hpp>

#include <registry/scope/scope.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <istream>
#include <string>
#include <vector>

namespace presence {

/// Takes commands: `come NAME PLACE`, `say NAME STATE`, `who [PATTERN]`. Its users go with it.
class console {
public:
  console(caf::actor_system& system, registry::scope people, teller tell);
  console(const console&) = delete;
  console& operator=(const console&) = delete;
  ~console();

  /// Obeys one command a line until there are no more.
  void run(std::istream& commands);

private:
  void come(const std::string& name, const std::string& place);
  void say(const std::string& name, const std::string& state);
  void who(const std::string& pattern);

  caf::actor_system& system_;
  registry::scope people_;
  teller tell_;
  std::vector<caf::actor> users_;
};

/// Writes a line to the standard output at once. Any thread.
void print_line(std::string_view line);

} // namespace presence
