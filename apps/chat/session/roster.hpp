#pragma once

#include <registry/entry/event.hpp>
#include <registry/table/group.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace chat {

/// News for a client about another user.
struct sighting {
  enum class kind : std::uint8_t {
    joined,   ///< came into the channel
    parted,   ///< left the channel
    quit,     ///< left the server, and with it every channel
    renamed,  ///< changed its nickname
    removed,  ///< the client's own entry was taken out of the channel by somebody else
    collided, ///< its nickname belongs to somebody else
  };
  kind what;
  std::size_t slot;
  /// The user's value as it is now; for `renamed`, `quit` and `collided` beside the one the client knew.
  registry::value data;
  registry::value before;
  registry::reason why = registry::reason::explicit_request;
  registry::member who = nullptr;
};

/// A channel in a set of channels.
constexpr std::uint32_t bit(std::size_t slot) noexcept {
  return std::uint32_t{1} << slot;
}

/// A client's view of the members of its channels: turns changes of the channels' entries into what IRC says about
/// users. A user that quits or renames itself does so once, in however many channels the client sees it.
///
/// Changes must be applied in commit order across all channels, but may be applied late: a channel is entered at a commit of
/// which the other channels' changes have not been applied yet. A channel is a slot, a small number. Not thread-safe.
class roster {
public:
  static constexpr std::size_t max_channels = 32;

  /// `self` is the client's own session, of which nothing is told. `is_here` says whether a member that vanished without a
  /// reason is still on a server at all.
  roster(registry::member self, std::function<bool(const registry::member&)> is_here);

  /// The client comes into a channel and sees these, as they were at a commit. Returns what it must be told before.
  std::vector<sighting> enter(std::size_t slot, const registry::group& entries, std::uint64_t commit);
  /// The client leaves it.
  void leave(std::size_t slot);

  /// What the client must be told because of a change of the channel.
  std::vector<sighting> apply(std::size_t slot, const registry::event& change);
  /// The same when changes were missed and these are the entries now.
  std::vector<sighting> catch_up(std::size_t slot, const registry::group& entries, std::uint64_t commit);

  /// What the client knows of a member of the channel, or nullptr.
  [[nodiscard]] const registry::value* find(std::size_t slot, const registry::member& who) const;
  /// All others in the channel, or those of them that are asked for.
  using filter = std::function<bool(const registry::member&)>;
  [[nodiscard]] std::vector<registry::value> others(std::size_t slot, const filter& which = nullptr) const;

private:
  struct acquaintance {
    registry::value data;
    std::uint64_t commit = 0; // of when `data` was the newest; what happened to it before is no news
    std::uint32_t slots = 0;  // where the client sees it, or, once it is gone, where its entry has not been removed yet
    bool gone = false;
  };
  using acquaintances = std::unordered_map<registry::member, acquaintance, registry::member_hash, registry::member_equal>;
  /// One entry of a change, or of a view.
  struct observation {
    std::size_t slot;
    const registry::member& who;
    const registry::value& data;
    std::uint64_t commit;
  };

  void joined(const observation& what, std::vector<sighting>& told);
  void changed(const observation& what, std::vector<sighting>& told);
  void left(const observation& what, registry::reason why, std::vector<sighting>& told);
  [[nodiscard]] bool means_quit(const registry::member& who, const registry::value& data, registry::reason why) const;

  registry::member self_;
  std::function<bool(const registry::member&)> is_here_;
  acquaintances known_;
};

} // namespace chat
