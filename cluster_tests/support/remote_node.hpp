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

/// A free port of a host that no other test uses.
std::string on_own_host();

/// How to start a node. By itself, silence takes no node out within the time of a test: a machine that is busy with something else
/// would cause it, too. Tests of silence say how long it may be.
struct launch {
  /// Who starts again at an address finds it free.
  std::string listen = on_own_host();
  std::string advertise;
  std::vector<node_address> seeds;
  std::string cluster = "tests";
  std::string secret = "a secret of tests";
  std::chrono::milliseconds heartbeat_interval{200};
  std::chrono::milliseconds suspect_after{60'000};
  std::chrono::milliseconds down_after{120'000};
  std::chrono::milliseconds handshake_timeout{5000};
  std::vector<std::string> more_options;
  child_process::surroundings where;
};

/// A node that runs in a process of its own.
class remote_node {
public:
  /// Starts one; it listens when this returns. Throws `std::runtime_error` with what the node says if it cannot.
  explicit remote_node(const launch& with);

  /// Asks it to do something (see `node/session.hpp`) and returns its answer. Throws `std::runtime_error` if that is an error, or
  /// if there is none for a minute.
  value ask(const value& command);
  /// The same in two steps.
  void begin(const value& command) const;
  value finish();
  /// The error that a command must give.
  std::string refusal_of(const value& command);

  // -- what tests ask most -----------------------------------------------------------------------------------------------
  /// Joins so many new members; returns the number of the first.
  std::int64_t join(const value& key, const value& data = {}, std::int64_t count = 1);
  std::int64_t count() { return number(ask(object("do", "count")), "count"); }
  std::int64_t count(const value& key);
  std::int64_t links() { return number(ask(object("do", "status")), "links"); }
  std::int64_t unreachable() { return number(ask(object("do", "status")), "unreachable"); }
  std::size_t known_peers() { return field(ask(object("do", "status")), "peers").as_list().size(); }
  std::vector<value> lookup(const value& key, const std::string& scope = "rooms");
  value digest() { return ask(object("do", "digest")); }
  void watch() { ask(object("do", "watch")); }
  /// What the subscription of `watch` has seen since it was asked last, without delays.
  value events();
  /// What is wrong with the subscription's view of the scope; empty if nothing is.
  std::string verify() { return text(ask(object("do", "verify")), "wrong"); }

  /// Ends it as an operator would. Returns its exit status; nothing if it does not end in time.
  std::optional<int> stop(std::chrono::milliseconds patience = std::chrono::minutes{1});
  /// Kills it as a failure would, and returns when it is dead.
  void kill();
  void pause() const;
  void resume() const;

  [[nodiscard]] const node_address& address() const noexcept { return address_; }
  [[nodiscard]] const std::string& self() const noexcept { return self_; }
  [[nodiscard]] const std::string& node_id() const noexcept { return node_id_; }
  [[nodiscard]] child_process& process() noexcept { return *process_; }
  /// How many lines of its log contain this.
  [[nodiscard]] std::size_t logged(const std::string& what) const;

private:
  std::unique_ptr<child_process> process_;
  node_address address_;
  std::string self_;
  std::string node_id_;
};

using nodes = std::vector<std::unique_ptr<remote_node>>;

/// Starts nodes of which the first is the seed of the others, and returns when all are linked, and what one joins from now on is
/// news to the others and no part of what they began with.
nodes cluster_of(std::size_t size, const launch& with = {});
/// Waits until each has what the nodes it is linked with have; throws if that takes too long.
void synchronise(const nodes& all);
/// Waits until each of them is linked with all others; returns whether they are.
bool all_linked(const nodes& all);
/// Waits until all have the same content; returns whether they have.
bool all_equal(const nodes& all);

} // namespace cluster_tests
