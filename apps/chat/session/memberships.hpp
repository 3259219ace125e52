#pragma once

#include <chat/session/client.hpp>
#include <chat/session/inbox.hpp>
#include <chat/session/namesakes.hpp>
#include <chat/session/roster.hpp>
#include <chat/world/messages.hpp>
#include <chat/world/world.hpp>

#include <registry/actor/handle.hpp>
#include <registry/coro/channel.hpp>
#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chat {

/// The channels a client is in: its entries in the scope `channels`, its subscriptions to their keys, and what they make the
/// client see. Everything the client learns of others' coming, going and renaming comes out of these subscriptions.
class memberships {
public:
  memberships(registry::coroutine_self self, std::shared_ptr<world> where, client& user);
  memberships(const memberships&) = delete;
  memberships& operator=(const memberships&) = delete;
  ~memberships();

  /// A channel the client is in.
  struct channel {
    std::string key;  ///< the folded name
    std::string name; ///< as its first member spelled it
    registry::subscription_ref members;
    registry::subscription_ref topics;
    std::optional<topic> shown; ///< the topic the client knows
  };

  /// The channel of this name, in any spelling, if the client is in it. Valid until the next change of the memberships.
  [[nodiscard]] const channel* find(std::string_view name) const;
  [[nodiscard]] std::size_t size() const noexcept;

  /// Enters a channel that the client is not in, at most `roster::max_channels`. Errors: those of the scopes.
  registry::result<const channel*> join(std::string_view name);
  /// Leaves a channel with a farewell, which may be missing.
  void part(const channel& which, const std::optional<std::string>& farewell);
  void part_all();
  /// Lets everybody in the client's channels know what has changed about it.
  void announce();
  /// Sees to it that what the client is told to have done reaches the nodes of others before what it says next.
  void settle();
  /// Leaves all channels for good; tells the client nothing.
  void quit(std::string_view farewell);

  /// The values of all members of a channel as the client sees it at this point of its conversation, its own first.
  [[nodiscard]] std::vector<registry::value> members(const channel& which) const;

  /// Waits until others have done something, and shows it to the client. To be awaited again and again.
  registry::task<> show_next();
  /// There is news of a subscription.
  void on_events(const registry::events& pending);
  /// Somebody has said something to a channel. It is shown after what the sender did before and before what it did later.
  void on_relay(relay what);

private:
  struct held_relay {
    relay what;
    std::uint64_t latest; // shown at the latest when this fetch has been applied
  };

  [[nodiscard]] std::optional<std::size_t> slot_of(std::string_view key) const;
  [[nodiscard]] person as_member_of(const channel& which) const;
  void leave(const channel& which, const person& last);
  void forget(std::size_t slot);
  void tell(const namesakes::sightings& told);
  void fetch_news();
  void show_news();
  void apply(const inbox::item& news);
  void on_topics(channel& which, const registry::events& pending);
  void show_topic(channel& which, std::optional<topic> now);
  [[nodiscard]] bool is_known(const held_relay& held) const;
  void release();

  registry::coroutine_self actor_;
  std::shared_ptr<world> world_;
  registry::member self_;
  client& user_;
  std::vector<std::optional<channel>> slots_;
  roster roster_;
  namesakes namesakes_;
  inbox inbox_;
  std::deque<inbox::item> news_;
  registry::channel<std::monostate> awake_; // somebody wants the news to be looked at
  bool noticed_ = false;                    // the inbox has something that was not fetched
  bool unsettled_ = false;                  // something was changed that may not have been sent yet
  std::uint64_t fetched_ = 0;               // how often news were fetched
  std::uint64_t applied_ = 0;               // and how often they have been applied
  std::deque<held_relay> held_;
};

} // namespace chat
