#pragma once

#include <registry/membership/internal/link.hpp>
#include <simulation/event_queue.hpp>
#include <simulation/message.hpp>
#include <simulation/world.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace registry::simulation {

/// The nodes at the ends of the links.
class network_user {
public:
  virtual ~network_user() = default;
  virtual bool runs(std::size_t node) = 0;
  virtual incarnation who(std::size_t node) = 0;
  virtual void arrived(std::size_t node, link_id link, const message& what) = 0;
  virtual void ended(std::size_t node, link_id link, link_end how) = 0;
  /// A late message on a link that this end has closed or lost.
  virtual void straggler(std::size_t node, const incarnation& from, const message& what) = 0;
  /// Whether this end uses a newer link to that node.
  virtual bool has_moved_on(std::size_t node, const incarnation& from, link_id link) = 0;
};

/// Connections with delays, limited rates, partitions, breaks and stragglers. A connection keeps the order, loses nothing before
/// its end and gives nothing twice; but heartbeats may have a way of their own, past all that is large. A blocked direction keeps
/// its messages until it is open again, as TCP does.
class network {
public:
  network(world& all, network_user& user, std::size_t nodes);

  // -- the weather ---------------------------------------------------------------------------------------------------------
  void block(std::size_t from, std::size_t to, bool on) { blocked_[from * nodes_ + to] = on; }
  [[nodiscard]] bool blocked(std::size_t from, std::size_t to) const { return blocked_[from * nodes_ + to]; }
  [[nodiscard]] bool cut_off(std::size_t a, std::size_t b) const { return blocked(a, b) || blocked(b, a); }
  void open_all() { blocked_.assign(blocked_.size(), false); }
  void slowest(instant delay) { slowest_ = delay; }
  [[nodiscard]] instant delay();
  /// The bytes a second from one node to another; 0: any number.
  void set_rate(std::size_t from, std::size_t to, std::uint64_t rate) { rates_[from * nodes_ + to] = rate; }
  /// Breaks a random connection: both ends notice, at different times, and a part of the messages under way is lost.
  void break_one();
  /// Changes a byte of what comes next on a random connection. Its reader notices, and closes it.
  void corrupt_one();
  /// An application sends on a random connection, for as long as the line takes `time` at most.
  void load_one(instant time);
  /// Loses frames (never heartbeats) inside of links, which a real network does not: for mutants only.
  void lose(std::uint64_t percent) { loss_ = percent; }

  // -- links ---------------------------------------------------------------------------------------------------------------
  /// Connects two nodes. Returns the link of the first; that of the second is the next number. Each end must be opened.
  link_id connect(std::size_t a, std::size_t b);
  void open(link_id link);
  void send(link_id link, message what);
  void close(link_id link);
  /// This end was closed before it was used: nothing of what comes is read.
  void refuse(link_id link);
  /// A node has stopped. Its peers learn of it unless it stopped silently.
  void crashed(std::size_t node, bool silently);
  [[nodiscard]] bool is_open(link_id link) const { return connection_of(link).ends[side_of(link)].open; }
  /// The other end of a link.
  [[nodiscard]] static link_id other(link_id link) { return ((link - 1) ^ 1U) + 1; }
  [[nodiscard]] std::size_t node_of(link_id link) const { return connection_of(link).ends[side_of(link)].node; }
  /// The bytes of a scope's content under way from this end.
  [[nodiscard]] std::size_t under_way(link_id link, std::size_t scope) const {
    return connection_of(link).ends[side_of(link)].cost[scope];
  }
  /// When the last byte came to this end, read or not.
  [[nodiscard]] instant heard(link_id link) const;

private:
  /// One way of messages from an end to the other.
  struct lane {
    std::deque<message> sent;
    bool moving = false;
    ///@{
    /// When the bytes of the first message begin to arrive, and have arrived.
    instant begins{};
    instant ends{};
    ///@}
  };
  static constexpr std::size_t max_scopes = 2;
  enum lane_name : std::uint8_t { ordinary, urgent };
  /// One end, with the messages that it has sent.
  struct end {
    std::size_t node = 0;
    incarnation who;
    bool opened = false;
    bool open = false;
    bool ended = false;
    bool corrupt = false;
    std::array<lane, 2> lanes;
    std::array<std::size_t, max_scopes> cost{};
    instant arrived{}; // when the last message came to the other end
  };
  struct connection {
    end ends[2];
    bool dead = false;
  };
  static std::size_t side_of(link_id link) { return (link - 1) & 1U; }
  connection& connection_of(link_id link) { return *connections_[(link - 1) / 2]; }
  const connection& connection_of(link_id link) const { return *connections_[(link - 1) / 2]; }
  static void lose_unsent(end& mine);
  connection* random_open(std::size_t& number);
  void push(link_id link, message what);
  void begin(link_id link, lane_name which, instant delay);
  void move(link_id link, lane_name which);
  void deliver(link_id link, const message& what);
  void fail(link_id link, const message& what);
  void end_of(link_id link, link_end how);
  void haunt(link_id link);
  instant time_for(std::size_t from, std::size_t to, std::size_t bytes) const;

  world& all_;
  event_queue& time_;
  random_source& random_;
  network_user& user_;
  std::size_t nodes_;
  std::vector<bool> blocked_;
  std::vector<std::uint64_t> rates_;
  instant slowest_ = std::chrono::milliseconds{20};
  std::uint64_t loss_ = 0;
  std::vector<std::unique_ptr<connection>> connections_;
  std::vector<std::size_t> live_;
};

} // namespace registry::simulation
