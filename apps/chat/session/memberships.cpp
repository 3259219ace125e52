#include <chat/irc/names.hpp>
#include <chat/session/memberships.hpp>
#include <chat/session/narration.hpp>
#include <chat/world/topic_keeper.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace chat {

namespace {

/// How many messages may wait for what their senders did before; more are shown at once.
constexpr std::size_t max_held = 1000;

} // namespace

memberships::memberships(registry::coroutine_self self, std::shared_ptr<world> where, client& user)
    : actor_(self),
      world_(std::move(where)),
      self_(actor_.handle()),
      user_(user),
      slots_(roster::max_channels),
      roster_(self_, [this](const registry::member& who) { return !world_->nicks.keys(who).empty(); }),
      inbox_(world_->channels, slots_.size()),
      awake_(actor_, 1) {}

memberships::~memberships() {
  quit("Connection lost");
}

const memberships::channel* memberships::find(std::string_view name) const {
  auto slot = slot_of(irc::fold(name));
  return slot ? &*slots_[*slot] : nullptr;
}

std::size_t memberships::size() const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(slots_, [](const auto& each) { return each.has_value(); }));
}

std::optional<std::size_t> memberships::slot_of(std::string_view key) const {
  auto found = std::ranges::find_if(slots_, [&](const auto& each) { return each && each->key == key; });
  if (found == slots_.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - slots_.begin());
}

person memberships::as_member_of(const channel& which) const {
  auto result = user_.me;
  result.channel = which.name;
  return result;
}

// -- What the client does -------------------------------------------------------------------------------------------------

// The view the subscription starts from is what the client is shown, and the events that follow are what happened since: so
// nobody is missed and nobody is told twice. Subscribing comes before joining, so that the inbox gets its first message.
registry::result<const memberships::channel*> memberships::join(std::string_view name) {
  channel joined{irc::fold(name), std::string{name}, {}, {}, {}};
  registry::value key{joined.key};
  auto topics = world_->topics.monitor(key, self_);
  if (!topics)
    return topics.error();
  joined.topics = topics.value().reference;
  joined.shown = newest_topic(topics.value().entries);
  auto start = world_->channels.monitor(key, self_);
  if (!start) {
    static_cast<void>(world_->topics.demonitor(joined.topics));
    return start.error();
  }
  joined.members = start.value().reference;
  const auto& present = start.value().entries;
  if (!present.empty() && irc::same_name(text_in(present[0].data, "channel"), name))
    joined.name = text_in(present[0].data, "channel");
  if (auto entered = world_->channels.join(key, self_, registry::to_value(as_member_of(joined))); !entered) {
    static_cast<void>(world_->topics.demonitor(joined.topics));
    static_cast<void>(world_->channels.demonitor(joined.members));
    return entered.error();
  }
  unsettled_ = true;
  auto free = std::ranges::find_if(slots_, [](const auto& each) { return !each; });
  auto slot = static_cast<std::size_t>(free - slots_.begin());
  tell(namesakes_.own_name(user_.me.nick));
  tell(namesakes_.filter(roster_.enter(slot, present, start.value().commit)));
  for (const auto& each : present) {
    if (const auto* known = roster_.find(slot, each.who))
      tell(namesakes_.enter(slot, each.who, *known));
  }
  inbox_.open(slot, joined.members);
  *free = std::move(joined);
  return &**free;
}

void memberships::part(const channel& which, const std::optional<std::string>& farewell) {
  if (farewell)
    user_.echo("PART", which.name, irc::text{*farewell});
  else
    user_.echo("PART", which.name);
  auto last = as_member_of(which);
  last.part = farewell;
  leave(which, last);
  forget(*slot_of(which.key));
}

void memberships::part_all() {
  for (const auto& each : slots_) {
    if (each)
      part(*each, std::nullopt);
  }
}

void memberships::announce() {
  tell(namesakes_.own_name(user_.me.nick));
  unsettled_ = true;
  for (const auto& each : slots_) {
    if (each)
      static_cast<void>(world_->channels.update_value(each->key, self_, registry::to_value(as_member_of(*each))));
  }
}

void memberships::settle() {
  if (std::exchange(unsettled_, false))
    world_->channels.flush();
}

void memberships::quit(std::string_view farewell) {
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    if (!slots_[slot])
      continue;
    auto last = as_member_of(*slots_[slot]);
    last.quit = farewell;
    leave(*slots_[slot], last);
    forget(slot);
  }
}

// The event of leaving carries the value the entry had: this is how the farewell reaches the others.
void memberships::leave(const channel& which, const person& last) {
  if (last.part || last.quit)
    static_cast<void>(world_->channels.update_value(which.key, self_, registry::to_value(last)));
  static_cast<void>(world_->channels.leave(which.key, self_));
}

void memberships::forget(std::size_t slot) {
  static_cast<void>(world_->channels.demonitor(slots_[slot]->members));
  static_cast<void>(world_->topics.demonitor(slots_[slot]->topics));
  roster_.leave(slot);
  tell(namesakes_.leave(slot));
  inbox_.close(slot);
  std::erase_if(held_, [&](const held_relay& each) { return each.what.channel == slots_[slot]->key; });
  std::erase_if(news_, [&](const inbox::item& each) { return each.slot == slot; });
  slots_[slot].reset();
  // The channel may have been the one that the others' news had to wait for.
  awake_.try_push({});
}

std::vector<registry::value> memberships::members(const channel& which) const {
  auto result = roster_.others(*slot_of(which.key), [&](const auto& who) { return namesakes_.shows(who); });
  result.insert(result.begin(), registry::to_value(as_member_of(which)));
  return result;
}

// -- What others do -------------------------------------------------------------------------------------------------------

registry::task<> memberships::show_next() {
  co_await awake_.next();
  while (noticed_ && inbox_.is_ready()) {
    fetch_news();
    // What somebody said before it did something is in the mailbox before that can be fetched: so nobody is seen to go before it
    // is heard for the last time.
    if (!news_.empty())
      co_await actor_.catch_up();
    show_news();
  }
}

void memberships::on_events(const registry::events& pending) {
  if (inbox_.notice(pending)) {
    noticed_ = true;
    awake_.try_push({});
    return;
  }
  for (auto& each : slots_) {
    if (each && each->topics == pending.reference())
      on_topics(*each, pending);
  }
}

void memberships::fetch_news() {
  auto news = inbox_.take();
  ++fetched_;
  noticed_ = inbox_.has_more();
  news_.assign(std::move_iterator{news.begin()}, std::move_iterator{news.end()});
}

void memberships::show_news() {
  while (!news_.empty()) {
    auto next = std::move(news_.front());
    news_.pop_front();
    apply(next);
    release();
  }
  applied_ = fetched_;
  release();
}

void memberships::apply(const inbox::item& news) {
  auto told = news.change ? roster_.apply(news.slot, *news.change) : roster_.catch_up(news.slot, news.entries, news.commit);
  tell(namesakes_.filter(told));
  if (std::ranges::any_of(told, [](const auto& each) { return each.what == sighting::kind::removed; }))
    forget(news.slot);
}

void memberships::tell(const namesakes::sightings& told) {
  for (const auto& each : told) {
    const auto& where = slots_[each.slot];
    user_.send(narrate(each, where ? std::string_view{where->name} : std::string_view{}, user_.server()));
  }
}

void memberships::on_topics(channel& which, const registry::events& pending) {
  auto batch = pending.take();
  if (batch.lagged)
    show_topic(which, newest_topic(batch.lagged->entries));
  for (const auto& change : batch.changes) {
    if (change->what == registry::verb::leave) {
      show_topic(which, find_topic(*world_, which.key));
      continue;
    }
    for (const auto& each : change->entries) {
      auto now = registry::from_value<topic>(each.data);
      if (now && (!which.shown || is_newer(now.value(), *which.shown)))
        show_topic(which, std::move(now).value());
    }
  }
}

void memberships::show_topic(channel& which, std::optional<topic> now) {
  if (now == which.shown)
    return;
  if (now)
    user_.send(irc::compose(now->by, "TOPIC", which.name, irc::text{now->text}));
  else
    user_.tell("TOPIC", which.name, irc::text{});
  which.shown = std::move(now);
}

// -- What others say ------------------------------------------------------------------------------------------------------

// Messages come straight from their senders, events through the scope: a message may come before the sender's JOIN or NICK.
// These were committed here before the message came (also those of other nodes, see `settle`), so that they are found by a
// fetch that begins now. Only while a node brings itself up to date they may not be found: then the message is shown anyway.
void memberships::on_relay(relay what) {
  if (registry::same_member(what.sender, self_) || !slot_of(what.channel))
    return; // it was the client itself, or it has left meanwhile
  held_.push_back({std::move(what), fetched_ + 1});
  release();
  if (held_.empty())
    return;
  world_->channels.flush();
  noticed_ = true;
  awake_.try_push({});
}

void memberships::release() {
  while (!held_.empty() && (is_known(held_.front()) || applied_ >= held_.front().latest || held_.size() > max_held)) {
    user_.send(held_.front().what.line);
    held_.pop_front();
  }
}

/// Whether the client knows the sender as a member of the channel under the name it has in the message.
bool memberships::is_known(const held_relay& held) const {
  const auto* sender = roster_.find(*slot_of(held.what.channel), held.what.sender);
  return sender != nullptr && text_in(*sender, "nick") == held.what.nick;
}

} // namespace chat
