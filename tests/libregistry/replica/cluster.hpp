#pragma once

#include <registry/replica/internal/replica.hpp>
#include <registry/store/store.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace registry::testing {

/// One node of a cluster in memory: a store and its replica, and all messages and events so far.
class replica_node : public replica_host {
public:
  /// `all_events`: whether there are events of changes by other nodes.
  replica_node(std::uint8_t number, std::uint64_t run, key_mode mode, std::uint64_t epoch, const replica_options& options,
               bool all_events);

  [[nodiscard]] const incarnation& name() const noexcept { return name_; }
  /// A member that lives on this node.
  [[nodiscard]] member actor(std::uint64_t id) const;
  void join(const value& key, std::uint64_t id, const value& data);
  void update(const value& key, std::uint64_t id, const value& data);
  void leave(const value& key, std::uint64_t id);
  void exit(std::uint64_t id);
  /// Gives the commits to the replica and keeps them in `events`.
  void drain();
  /// The entries as text, own ones as "key/actor=value", or only those of one owner.
  [[nodiscard]] std::multiset<std::string> content(const std::optional<incarnation>& owner = {}) const;
  /// The sum of all events since the beginning.
  [[nodiscard]] std::multiset<std::string> folded() const;
  /// The events since the last call as text: "join k/1@2=10 explicit".
  std::vector<std::string> take_events();

  store::cut cut() override { return content_->snapshot(); }
  result<void> apply(std::uint32_t origin, std::span<const remote_change> changes) override {
    return content_->apply(origin, changes);
  }
  std::unique_ptr<bulk_work> install(std::uint32_t origin, std::vector<remote_group> all,
                                     const content_digest& digest) override;
  std::unique_ptr<bulk_work> purge(std::uint32_t origin, reason why) override;
  content_digest digest(std::uint32_t origin) override { return content_->digest_of(origin); }
  void warn(const incarnation&, std::string_view text) override { warnings.emplace_back(text); }
  void note(const incarnation&, std::string_view text) override { notes.insert(std::string{text}); }

  const std::uint8_t number;
  const bool observed;
  std::vector<event_ptr> events;
  std::vector<std::string> warnings;
  std::set<std::string> notes;

private:
  incarnation name_;
  std::unique_ptr<store> content_;
  std::size_t told_ = 0;

public:
  replica r; // needs the store
};

/// Nodes and the links between them: lossless and in order as long as a link holds.
class replica_cluster {
public:
  explicit replica_cluster(const replica_options& given = {}) : options(given) {}

  /// Opens the scope on a node, in the same process as before unless it is a new `run`, and with a new epoch.
  replica_node& open(std::uint8_t number, key_mode mode = key_mode::duplicate, std::uint64_t run = 1);
  /// Closes the scope on a node with a farewell to the others.
  void close(std::uint8_t number);
  /// The process ends without a farewell; the others notice.
  void kill(std::uint8_t number);
  replica_node& operator[](std::uint8_t number) { return *nodes_.at(number); }

  void connect(std::uint8_t a, std::uint8_t b, handle_state handles = handle_state::kept);
  /// Frames in transit are lost; both suspect each other.
  void disconnect(std::uint8_t a, std::uint8_t b);
  [[nodiscard]] bool linked(std::uint8_t a, std::uint8_t b) const { return queues_.contains({a, b}); }
  /// Stops or resumes the delivery from one node to another.
  void hold(std::uint8_t from, std::uint8_t to, bool on) { held_[{from, to}] = on; }
  /// Moves frames until none is left.
  void settle();
  /// Takes the frames to be sent and delivers at most one frame in every direction; returns whether there was any.
  bool step();
  /// Lets time pass, in steps of a second.
  void pass(int seconds);
  /// The amount in transit between two nodes, by cost.
  [[nodiscard]] std::size_t under_way(std::uint8_t from, std::uint8_t to) const;
  /// Whether all nodes have exactly the same entries, and have been notified of them unless nobody observes.
  [[nodiscard]] bool converged() const;

  replica_options options;
  /// Nobody observes changes of other nodes on nodes that are opened from now on.
  std::set<std::uint8_t> unobserved;
  /// Whether a frame arrives with new handles of the same actors, as from CAF.
  bool fresh_handles = false;
  std::size_t frames = 0;
  /// Frames of lost links, for tests that deliver them late.
  std::vector<std::pair<std::pair<std::uint8_t, std::uint8_t>, frame>> lost;

private:
  using direction = std::pair<std::uint8_t, std::uint8_t>;
  [[nodiscard]] incarnation name_of(std::uint8_t number);
  void collect();
  void deliver(const direction& way);

  std::map<std::uint8_t, std::unique_ptr<replica_node>> nodes_;
  std::map<direction, std::deque<frame>> queues_; // of links that exist
  std::map<direction, bool> held_;
  std::map<std::uint8_t, std::uint64_t> runs_;
  std::uint64_t next_epoch_ = 1;
  std::chrono::nanoseconds now_{std::chrono::hours{5}};
};

/// Small limits, so that little content exceeds them.
replica_options small_bounds();
/// Joins this many actors, whose numbers begin with `first`, under seven keys.
void join_many(replica_node& at, std::uint64_t count, std::uint64_t first = 1);
std::vector<std::string> sorted(std::vector<std::string> x);

} // namespace registry::testing
