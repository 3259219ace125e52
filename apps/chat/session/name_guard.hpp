#pragma once

#include <chat/world/world.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace chat {

/// A client's hold on its nickname: its entry in the scope `nicks`, and an eye on those of other nodes. Two nodes that do not
/// hear of each other can give away one name; when they do, one of the holders has lost it, see `outranks`.
class name_guard {
public:
  name_guard(std::shared_ptr<world> where, registry::member self);
  name_guard(const name_guard&) = delete;
  name_guard& operator=(const name_guard&) = delete;

  /// Whether another user has the name, here or on another node.
  [[nodiscard]] bool is_taken(std::string_view nick) const;
  /// Takes a name, beside the one that is held, and sets `as.since`; false if another user has it.
  bool claim(person& as);
  /// The name that was claimed last is the one to guard; the one before is free.
  void settle();
  /// Says what has changed about the user, or how it spells its name.
  void announce(const person& as);
  /// Gives the name back.
  void release();

  /// There is news. Whether it is about the name.
  bool on_events(const registry::events& pending);
  /// The entry of the one to whom the name is lost.
  [[nodiscard]] std::optional<registry::entry> lost_to() const;

private:
  struct hold {
    std::string name; // folded
    registry::subscription_ref reference;
  };

  void end(std::optional<hold>& which);
  [[nodiscard]] std::optional<registry::entry> better_than_mine(const std::string& name) const;

  std::shared_ptr<world> world_;
  registry::member self_;
  std::optional<hold> held_;
  std::optional<hold> claimed_;
};

} // namespace chat
