#pragma once

#include <chat/session/roster.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chat {

/// Sees to it that a client sees one user of a name at a time. To IRC a name is a user; but while nodes agree on who keeps a
/// name that was given away twice, or when news of two nodes come in the wrong order, channels have several of one name. The
/// client then sees the one whose claim is best (`outranks`); the others come in when the name is theirs alone, or another.
///
/// Takes in all that the roster tells, in that order. Not thread-safe. Each call costs what it changes and the number of
/// those who are hidden, `leave` the number of those in the channel.
class namesakes {
public:
  using sightings = std::vector<sighting>;

  /// The client itself has this name: nobody else is seen under it. Returns what the client must be told.
  sightings own_name(std::string_view nick);
  /// Somebody is in a channel that the client enters, and will be shown with its names. Returns what the client must be told
  /// before.
  sightings enter(std::size_t slot, const registry::member& who, const registry::value& data);
  /// The client leaves the channel.
  sightings leave(std::size_t slot);
  /// What the client must be told of what the roster tells.
  sightings filter(sightings told);

  /// Whether the client sees this user.
  [[nodiscard]] bool shows(const registry::member& who) const;

private:
  struct acquaintance {
    registry::value data;
    std::uint32_t slots = 0;
    bool shown = false;
  };
  using acquaintances = std::unordered_map<registry::member, acquaintance, registry::member_hash, registry::member_equal>;
  using iterator = acquaintances::iterator;

  void joined(const sighting& what, sightings& told);
  void renamed(const sighting& what, sightings& told);
  void parted(const sighting& what, sightings& told);
  void quit(const sighting& what, sightings& told);
  bool win(iterator who, sightings& told);
  void show(iterator who, sightings& told);
  void hide(iterator who, const registry::value& before, sightings& told);
  void promote(const std::string& name, sightings& told);
  void forget(iterator who, sightings& told);

  acquaintances known_;
  std::unordered_map<std::string, registry::member, registry::text_hash> shown_; // by folded name
  std::vector<registry::member> hidden_;
  std::string own_; // folded
};

} // namespace chat
