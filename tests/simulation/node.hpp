#pragma once

#include <registry/membership/internal/membership.hpp>
#include <registry/replica/internal/replica.hpp>
#include <registry/store/store.hpp>
#include <simulation/network.hpp>
#include <simulation/observer.hpp>
#include <simulation/scope_content.hpp>
#include <simulation/tampering.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace registry::simulation {

/// The services that a node needs from outside.
class surroundings {
public:
  virtual ~surroundings() = default;
  virtual void dial(std::size_t node, const node_address& where, std::uint64_t number) = 0;
  virtual void send(link_id link, message what) = 0;
  virtual void close(link_id link) = 0;
  virtual void log(std::size_t node, const std::string& text) = 0;
};

/// One run of one node: membership and, per open scope, a store and a replica.
class node {
public:
  node(world& all, surroundings& outside, std::size_t index, const incarnation& self, const node_address& where);

  void start(const std::vector<node_address>& seeds);
  void tick();
  void leave();
  void link_up(link_id link, const link_info& info);
  void link_down(link_id link);
  void dial_failed(const node_address& where, dial_failure why);
  void receive(link_id link, const message& what);
  void straggler(const incarnation& from, const message& what);
  /// One random local operation.
  void operate();
  /// One actor joins a key in the first scope.
  void join_one();
  [[nodiscard]] std::size_t entry_count() const { return scopes_.front().content->content.entries().size(); }
  void open_scope(std::size_t scope);
  void close_scope(std::size_t scope);

  [[nodiscard]] membership& members() { return membership_; }
  [[nodiscard]] bool is_open(std::size_t scope) const { return scopes_[scope].content != nullptr; }
  /// Adds one text per entry, its canonical bytes: of those that are local, or of all.
  void describe(std::size_t scope, bool local_only, std::vector<std::string>& out) const;
  [[nodiscard]] std::string statistics() const;
  /// Replicas that have found a digest to differ.
  [[nodiscard]] std::uint64_t mismatches() const;

  const incarnation self;
  const node_address where;
  instant paused_until{};
  std::uint8_t version = 1;

private:
  struct open_scope_state {
    std::unique_ptr<scope_content> content;
    std::unique_ptr<observer> watch;
    std::unique_ptr<replica> copy;
    std::optional<tampering> tamper;
    std::vector<member> actors;
    std::set<incarnation> told;
    std::uint64_t epoch = 0;
  };

  void settle();
  bool act();
  bool drain(std::size_t scope);
  void handle(const membership_action& what);
  void tell_up(const incarnation& peer);
  void hand_over(const incarnation& from, const message& what);

  world& all_;
  surroundings& outside_;
  std::size_t index_;
  membership membership_;
  std::map<link_id, incarnation> links_;
  std::vector<open_scope_state> scopes_;
  std::uint64_t ticks_ = 0;
};

} // namespace registry::simulation
