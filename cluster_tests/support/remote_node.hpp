#pragma once

#include <support/child_process.hpp>
#include <support/fields.hpp>

#include <registry/membership/address.hpp>
#include <registry/value/value.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace cluster_tests {

using registry::node_address;
using registry::object;
using registry::value;

/// Any free port of a loopback address that no other test uses.
std::string on_own_host();

/// How to start a node. Silence takes no node out within the time of a test unless the test says so: a busy machine causes
/// silence, too.
struct launch {
  /// The address stays free for a node that starts again.
  std::string listen = on_own_host();
  std::string advertise;
  std::vector<node_address> seeds;
  std::string cluster = "tests";
  std::string secret = "a secret of tests, of 32 characters or more";
  std::chrono::milliseconds heartbeat_interval{200};
  std::chrono::milliseconds suspect_after{60'000};
  std::chrono::milliseconds down_after{120'000};
  std::chrono::milliseconds handshake_timeout{5000};
  /// More arguments of the program.
  std::vector<std::string> arguments;
  child_process::surroundings where;
  /// The first commands. A test has the scope `rooms`, and the scope `names`, whose keys are unique.
  std::vector<value> commands{object("do", "open"), object("do", "open", "scope", "names", "unique", true)};
  /// The program of version 0.1 instead of this one's: it has the same commands but `open`, since it opens both scopes itself.
  std::string first_version{};
};

/// A node in a process of its own: the program `cluster_node`, whose help describes the commands.
class remote_node {
public:
  /// Starts the process, and returns when the node listens and has carried out its first commands. Throws
  /// `std::runtime_error` with the node's own words if it cannot.
  explicit remote_node(const launch& with);

  /// Sends a command and returns the answer. Throws `std::runtime_error` if the answer is an error, or does not come within
  /// a minute.
  value ask(const value& command);
  /// The same in two steps. `finish` also returns the lines that a node writes unasked.
  void begin(const value& command) const;
  value finish();
  /// The error with which a command must be answered.
  std::string refusal_of(const value& command);

  // -- frequent commands -------------------------------------------------------------------------------------------------
  /// Joins new members; returns the number of the first.
  std::int64_t join(const value& key, const value& data = {}, std::int64_t count = 1);
  std::int64_t count() { return number(ask(object("do", "count")), "count"); }
  std::int64_t count(const value& key);
  std::int64_t links() { return number(ask(object("do", "status")), "links"); }
  std::int64_t unreachable() { return number(ask(object("do", "status")), "unreachable"); }
  std::size_t known_peers() { return field(ask(object("do", "status")), "peers").as_list().size(); }
  std::vector<value> lookup(const value& key, const std::string& scope = "rooms");
  value digest() { return ask(object("do", "digest")); }
  void watch() { ask(object("do", "watch")); }
  /// The events that `watch` has counted since the last call, without delays.
  value events();
  /// The difference between the view of `watch` and the scope; empty if there is none.
  std::string verify() { return text(ask(object("do", "verify")), "wrong"); }

  /// Ends it as an operator would. Returns its exit status, or nothing if it does not end in time.
  std::optional<int> stop(std::chrono::milliseconds patience = std::chrono::minutes{1});
  /// Kills it as a failure would, and returns when it is dead.
  void kill();
  void pause() const;
  void resume() const;

  [[nodiscard]] const node_address& address() const noexcept { return address_; }
  [[nodiscard]] const std::string& self() const noexcept { return self_; }
  [[nodiscard]] const std::string& node_id() const noexcept { return node_id_; }
  [[nodiscard]] child_process& process() noexcept { return *process_; }
  /// The number of lines of its log with this text.
  [[nodiscard]] std::size_t logged(const std::string& text) const;

private:
  std::unique_ptr<child_process> process_;
  node_address address_;
  std::string self_;
  std::string node_id_;
};

/// The address that a node listens on, which differs from the one it advertises, as its log has it. Throws
/// `std::runtime_error` if the log does not have it yet.
node_address listening_address(const std::string& log);

using nodes = std::vector<std::unique_ptr<remote_node>>;

/// Starts nodes with the first one as the seed of the others, and returns when all are linked and synchronised, so that a
/// later join is news and no part of a first snapshot.
nodes cluster_of(std::size_t size, const launch& with = {});
/// Waits until each has the content of the nodes that it is linked with. Throws if that takes too long.
void synchronise(const nodes& all);
/// Whether a node takes part in its cluster: a new node that has it as its seed becomes known to it.
bool takes_part(remote_node& x, launch with = {});
/// Waits until each of them is linked with all others; returns whether they are.
bool all_linked(const nodes& all);
/// Waits until all have the same content; returns whether they have.
bool all_equal(const nodes& all);

} // namespace cluster_tests
