#pragma once

#include <registry/membership/internal/link.hpp>
#include <registry/wire/internal/frame.hpp>
#include <simulation/event_queue.hpp>
#include <simulation/random.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace registry::simulation {

/// A message on a link: a heartbeat, a frame of a scope, or the end of the connection.
struct message {
  enum class kind : std::uint8_t { heartbeat, frame, end };
  kind what = kind::heartbeat;
  std::uint8_t scope = 0;
  std::shared_ptr<const std::vector<std::byte>> bytes; // of a heartbeat
  std::shared_ptr<const registry::frame> content;

  [[nodiscard]] std::size_t cost() const { return content ? content->cost() : bytes ? bytes->size() : 0; }
};

/// The nodes at the ends of the links.
class network_user {
public:
  virtual ~network_user() = default;
  virtual bool runs(std::size_t node) = 0;
  virtual incarnation who(std::size_t node) = 0;
  virtual void arrived(std::size_t node, link_id link, const message& what) = 0;
  virtual void ended(std::size_t node, link_id link) = 0;
  /// A late message on a link that this end has closed or lost.
  virtual void straggler(std::size_t node, const incarnation& from, const message& what) = 0;
  /// Whether this end uses a newer link to that node.
  virtual bool has_moved_on(std::size_t node, const incarnation& from, link_id link) = 0;
};

/// Connections with delays, partitions, breaks and stragglers. A connection keeps the order and loses nothing before its
/// end. A blocked direction keeps its messages until it is open again, as TCP does.
class network {
public:
  network(event_queue& time, random_source& random, network_user& user, std::size_t nodes);

  // -- the weather ---------------------------------------------------------------------------------------------------------
  void block(std::size_t from, std::size_t to, bool on) { blocked_[from * nodes_ + to] = on; }
  [[nodiscard]] bool blocked(std::size_t from, std::size_t to) const { return blocked_[from * nodes_ + to]; }
  [[nodiscard]] bool cut_off(std::size_t a, std::size_t b) const { return blocked(a, b) || blocked(b, a); }
  void open_all() { blocked_.assign(blocked_.size(), false); }
  void slowest(instant delay) { slowest_ = delay; }
  [[nodiscard]] instant delay();
  /// Breaks a random connection: both ends notice, at different times, and a part of the messages under way is lost.
  void break_one();
  /// Loses frames (never heartbeats) inside of links, which a real network does not: for mutants only.
  void lose(std::uint64_t percent) { loss_ = percent; }

  // -- links ---------------------------------------------------------------------------------------------------------------
  /// Connects two nodes. Returns the link of the first; that of the second is the next number. Each end must be opened.
  link_id connect(std::size_t a, std::size_t b);
  void open(link_id link);
  void send(link_id link, message what);
  void close(link_id link);
  /// A node has stopped. Its peers learn of it unless it stopped silently.
  void crashed(std::size_t node, bool silently);
  [[nodiscard]] bool is_open(link_id link) const { return connection_of(link).ends[side_of(link)].open; }
  /// The other end of a link.
  [[nodiscard]] static link_id other(link_id link) { return ((link - 1) ^ 1U) + 1; }
  /// The bytes under way from this end.
  [[nodiscard]] std::size_t under_way(link_id link) const { return connection_of(link).ends[side_of(link)].cost; }

private:
  /// One end, with the messages that it has sent.
  struct end {
    std::size_t node = 0;
    incarnation who;
    bool opened = false;
    bool open = false;
    bool moving = false;
    bool ended = false;
    std::deque<message> sent;
    std::deque<message> recent;
    std::size_t cost = 0;
  };
  struct connection {
    end ends[2];
    bool dead = false;
  };
  static std::size_t side_of(link_id link) { return (link - 1) & 1U; }
  connection& connection_of(link_id link) { return *connections_[(link - 1) / 2]; }
  const connection& connection_of(link_id link) const { return *connections_[(link - 1) / 2]; }
  void push(link_id link, message what);
  void move(link_id link);
  void deliver(link_id link, const message& what);
  void end_of(link_id link);
  void haunt(link_id link);

  event_queue& time_;
  random_source& random_;
  network_user& user_;
  std::size_t nodes_;
  std::vector<bool> blocked_;
  instant slowest_ = std::chrono::milliseconds{20};
  std::uint64_t loss_ = 0;
  std::vector<std::unique_ptr<connection>> connections_;
  std::vector<std::size_t> live_;
};

} // namespace registry::simulation
