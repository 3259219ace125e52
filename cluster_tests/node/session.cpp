#include <node/session.hpp>
#include <support/fields.hpp>

#include <registry/actor/handle.hpp>

#include <caf/actor_system.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>

namespace cluster_tests {

using namespace registry;

session::session(node& home) : home_(home), members_(home.system()), owners_(home.system()), changing_(home.system()) {}

session::~session() {
  for (const auto& x : reporters_)
    registry::kill(x);
}

std::span<const session::entry> session::commands() {
  static constexpr entry all[] = {
      {"open", "[unique]", "opens the scope, with unique keys if so", &session::open},
      {"close", "", "closes the scope", &session::close},
      {"join", "key [data] [member] [count]", "joins a member, or new ones; answers the first one's number and actor",
       &session::join},
      {"join_samples", "", "joins a new member with values and under keys of every kind", &session::join_samples},
      {"leave", "key member", "", &session::leave},
      {"update", "key member data", "", &session::update},
      {"kill", "member", "ends a member", &session::kill},
      {"populate", "prefix keys [owners] [data]", "joins entries under keys with a prefix, each owner in turn",
       &session::populate},
      {"end_owners", "", "ends the owners that populate has made", &session::end_owners},
      {"change", "changes [prefix] [keys] [seed]", "makes random changes at once", &session::change},
      {"start_load", "rate [prefix] [keys] [seed]", "makes random changes each second; rate 0 is as fast as it can",
       &session::start_load},
      {"stop_load", "[prefix]", "ends that, and answers its figures", &session::stop_load},
      {"dispatch", "key strategy [text]", "sends a message to members", &session::dispatch},
      {"offer", "key", "joins the actor of the scope", &session::offer},
      {"call", "key", "sends each kind of request to an actor that was offered", &session::call},
      {"crash", "", "kills the actor of the scope, which its node starts again", &session::crash},
      {"drain", "", "drains the node", &session::drain},
      {"quit", "", "ends the process, as the end of the input does", &session::quit},
      {"lookup", "key", "answers the entries of a key", &session::lookup},
      {"content", "", "answers a line for each entry, the same on each node", &session::content},
      {"count", "", "answers the number of entries", &session::count},
      {"status", "", "answers links, peers, unreachable entries and received messages", &session::status},
      {"statistics", "", "answers the counters of the replication", &session::statistics},
      {"digest", "", "answers the number of entries and a checksum, equal on nodes of equal content", &session::digest},
      {"watch", "", "subscribes, and folds all events", &session::watch},
      {"tally", "[reset]", "answers the number of events by kind, and their delays in microseconds", &session::tally},
      {"verify", "", "compares the fold with the table; answers the difference", &session::verify},
      {"mark", "", "takes a snapshot", &session::mark},
      {"compare", "", "answers the difference to that snapshot", &session::compare},
      {"wait_synced", "", "waits until the scope has the content of all linked nodes", &session::wait_synced},
      {"wait_replicated", "", "waits until all linked nodes have the content of this one", &session::wait_replicated},
      {"wait_count", "count", "waits for a number of entries; answers when it was reached", &session::wait_count},
      {"wait_links", "links", "waits for a number of reachable peers; answers when it was reached", &session::wait_links},
      {"report_joins", "", "subscribes; reports each join in a line of its own, {\"seen\": …}", &session::report_joins},
      {"report_frames", "port [core]", "reads from a port; reports each frame of 64 bytes", &session::report_frames},
      {"keep", "key", "joins an actor that keeps handles, {\"kept\": …}, and reports messages", &session::keep},
      {"memory", "", "answers the bytes of the allocator at rest", &session::memory},
      {"processor_time", "", "answers the microseconds that the process has run for", &session::processor_time},
  };
  return all;
}

std::string session::help() {
  std::string out =
      R"(The process writes a greeting, then reads commands, one line of JSON each, and answers each with a line:

    {"address":"127.0.0.1:4711","node":"…","self":"…"}
    {"do": "join", "scope": "rooms", "key": "k"}
    {"actor":29,"member":0,"ok":true}

A command that fails is answered with {"error": …}. The process ends with its input. Members have the numbers in which they
joined. Points in time are nanoseconds of the clock that all processes of a machine share.
SPDLOG_LEVEL=debug makes it log more.
Each command has the field "do", and "scope" unless it is about the scope "rooms". Fields in brackets may be missing.

)";
  for (const auto& x : commands()) {
    std::string line = "    " + std::string{x.name} + " ";
    line.resize(std::max<std::size_t>(line.size(), 21), ' ');
    line += x.fields;
    line.resize(std::max<std::size_t>(line.size() + 1, 53), ' ');
    out += line + x.description;
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  return out;
}

value session::greeting() const {
  const auto address = home_.address();
  return object("address", address ? to_string(*address) : std::string{}, "self", to_string(home_.self()), "node",
                to_string(home_.system().node()));
}

value session::answer(const value& command) {
  try {
    const auto name = text(command, "do");
    const auto all = commands();
    const auto found = std::find_if(all.begin(), all.end(), [&](const entry& x) { return name == x.name; });
    if (found == all.end())
      return object("error", "there is no command '" + name + "': cluster_node --help lists all");
    return (this->*found->handle)(command);
  } catch (const std::exception& failed) {
    return object("error", std::string{failed.what()});
  }
}

scope& session::scope_of(const value& command) {
  const auto name = text(command, "scope", "rooms");
  const auto found = scopes_.find(name);
  if (found == scopes_.end())
    throw std::invalid_argument("the scope '" + name + "' is not open on this node: send the command 'open' first");
  return found->second;
}

const member& session::member_of(const value& command) const {
  return members_.at(static_cast<std::size_t>(number(command, "member")));
}

} // namespace cluster_tests
