#include <node/comparison.hpp>
#include <node/digest.hpp>
#include <node/scope_calls.hpp>
#include <node/session.hpp>
#include <support/fields.hpp>

#include <corpus/support/samples.hpp>

#include <registry/actor/handle.hpp>
#include <registry/scope/internal/scope_state.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace cluster_tests {

using namespace registry;

namespace {

constexpr std::size_t changing_members = 64;
constexpr std::chrono::seconds patience{50};

template <class T>
value outcome(const result<T>& x) {
  return x ? object("ok", true) : object("error", to_string(x.error()));
}

value describe(const peer_status& x) {
  return object("who", to_string(x.who), "where", to_string(x.where), "reachable", x.reachable);
}

} // namespace

session::session(node& home) : home_(home), members_(home.system()), changing_(home.system()) {
  scopes_.emplace("rooms", home.open_scope("rooms").value());
  scopes_.emplace("names", home.open_scope("names", key_mode::unique).value());
  changing_.add(changing_members);
}

const std::map<std::string, session::handler, std::less<>>& session::handlers() {
  static const std::map<std::string, handler, std::less<>> all{
      {"open", &session::open},
      {"close", &session::close},
      {"join", &session::join},
      {"join_samples", &session::join_samples},
      {"leave", &session::leave},
      {"update", &session::update},
      {"kill", &session::kill},
      {"populate", &session::populate},
      {"change", &session::change},
      {"start_load", &session::start_load},
      {"stop_load", &session::stop_load},
      {"lookup", &session::lookup},
      {"wait_synced", &session::wait_synced},
      {"wait_replicated", &session::wait_replicated},
      {"count", &session::count},
      {"status", &session::status},
      {"digest", &session::digest},
      {"watch", &session::watch},
      {"tally", &session::tally},
      {"verify", &session::verify},
      {"dispatch", &session::dispatch},
      {"offer", &session::offer},
      {"call", &session::call},
      {"mark", &session::mark},
      {"compare", &session::compare},
      {"crash", &session::crash},
      {"statistics", &session::statistics},
      {"drain", &session::drain},
      {"quit", &session::quit},
  };
  return all;
}

value session::greeting() const {
  const auto address = home_.address();
  return object("address", address ? to_string(*address) : std::string{}, "self", to_string(home_.self()), "node",
                to_string(home_.system().node()));
}

value session::answer(const value& command) {
  try {
    const auto found = handlers().find(text(command, "do"));
    if (found == handlers().end())
      return object("error", "no such command: " + to_string(command));
    return (this->*found->second)(command);
  } catch (const std::exception& wrong) {
    return object("error", std::string{wrong.what()});
  }
}

scope& session::scope_of(const value& command) {
  return scopes_.at(text(command, "scope", "rooms"));
}

const member& session::member_of(const value& command) const {
  return members_.at(static_cast<std::size_t>(number(command, "member")));
}

// -- scopes ----------------------------------------------------------------------------------------------------------------

/// Opens one, with unique keys if that is asked for.
value session::open(const value& command) {
  const auto name = text(command, "scope");
  const auto mode = command.find("unique") ? key_mode::unique : key_mode::duplicate;
  auto opened = home_.open_scope(name, mode);
  if (opened)
    scopes_.insert_or_assign(name, opened.value());
  return outcome(opened);
}

value session::close(const value& command) {
  const auto name = text(command, "scope");
  scopes_.erase(name);
  return outcome(home_.close_scope(name));
}

// -- changes ----------------------------------------------------------------------------------------------------------------

/// Joins a member, or so many new ones with one operation each; answers the first one's number.
value session::join(const value& command) {
  const auto count = static_cast<std::size_t>(number(command, "count", 1));
  const auto* known = command.find("member");
  const auto first = known ? static_cast<std::size_t>(number(command, "member")) : members_.add(count);
  const auto* data = command.find("data");
  for (std::size_t i = 0; i < count; ++i) {
    const auto& who = members_.at(first + i);
    if (auto joined = scope_of(command).join(field(command, "key"), who, data ? *data : value{}); !joined)
      return outcome(joined);
  }
  return object("ok", true, "member", static_cast<std::int64_t>(first));
}

/// Joins a new member with values and under keys of every kind.
value session::join_samples(const value& command) {
  auto& where = scope_of(command);
  const auto first = members_.add(1);
  const auto& who = members_.at(first);
  for (const auto& [name, data] : corpus::samples(who)) {
    if (auto joined = where.join(name, who, data); !joined)
      return outcome(joined);
  }
  for (const auto& key : corpus::sample_keys(who)) {
    if (auto joined = where.join(key, who, "a key of another kind"); !joined)
      return outcome(joined);
  }
  return object("ok", true, "member", static_cast<std::int64_t>(first));
}

value session::leave(const value& command) {
  return outcome(scope_of(command).leave(field(command, "key"), member_of(command)));
}

value session::update(const value& command) {
  return outcome(scope_of(command).update_value(field(command, "key"), member_of(command), field(command, "data")));
}

value session::kill(const value& command) {
  members_.kill(static_cast<std::size_t>(number(command, "member")));
  return object("ok", true);
}

/// Joins many entries under as many keys.
value session::populate(const value& command) {
  const auto prefix = text(command, "prefix");
  for (std::int64_t i = 0; i < number(command, "keys"); ++i) {
    const auto& who = changing_.at(static_cast<std::size_t>(i) % changing_.size());
    if (auto joined = scope_of(command).join(prefix + std::to_string(i), who, object("n", i)); !joined)
      return outcome(joined);
  }
  return object("ok", true);
}

changer& session::changer_of(const value& command) {
  const auto prefix = text(command, "prefix", "load");
  auto& found = changers_[prefix];
  if (!found)
    found = std::make_unique<changer>(scope_of(command), changing_, prefix,
                                      static_cast<std::size_t>(number(command, "keys", 1000)),
                                      static_cast<std::uint64_t>(number(command, "seed", 1)));
  return *found;
}

value session::change(const value& command) {
  auto& by = changer_of(command);
  by.change(static_cast<std::size_t>(number(command, "changes")));
  return by.stop();
}

value session::start_load(const value& command) {
  changer_of(command).start(number(command, "rate"));
  return object("ok", true);
}

value session::stop_load(const value& command) {
  return changer_of(command).stop();
}

// -- questions --------------------------------------------------------------------------------------------------------------

value session::lookup(const value& command) {
  auto& where = scope_of(command);
  std::vector<value> out;
  for (const auto& x : where.lookup(field(command, "key"))) {
    const auto owner = where.owner(x);
    out.push_back(object("data", x.data, "local", x.is_local(), "reachable", where.reachable(x), "owner",
                         owner ? value{to_string(*owner)} : value{}));
  }
  return object("entries", value::list(std::move(out)));
}

value session::wait_synced(const value& command) {
  return outcome(scope_of(command).wait_synced(patience));
}

value session::wait_replicated(const value& command) {
  return outcome(scope_of(command).wait_replicated(patience));
}

value session::count(const value& command) {
  return object("count", static_cast<std::int64_t>(scope_of(command).count()));
}

value session::status(const value& command) {
  auto& where = scope_of(command);
  std::vector<value> peers;
  std::int64_t links = 0;
  for (const auto& x : home_.peers()) {
    peers.push_back(describe(x));
    links += x.reachable ? 1 : 0;
  }
  std::int64_t unreachable = 0;
  where.snapshot().for_each([&](const value&, const group& entries) {
    for (const auto& x : entries)
      unreachable += where.reachable(x) ? 0 : 1;
  });
  return object("links", links, "unreachable", unreachable, "peers", value::list(std::move(peers)), "received",
                static_cast<std::int64_t>(members_.received()));
}

value session::digest(const value& command) {
  return digest_of(scope_of(command), home_.self());
}

value session::watch(const value& command) {
  watchers_[text(command, "scope", "rooms")] = std::make_unique<watcher>(home_.system(), scope_of(command));
  return object("ok", true);
}

value session::tally(const value& command) {
  return watchers_.at(text(command, "scope", "rooms"))->tally(command.find("reset") != nullptr);
}

value session::verify(const value& command) {
  return object("wrong", watchers_.at(text(command, "scope", "rooms"))->verify(patience));
}

value session::dispatch(const value& command) {
  const auto strategy = dispatch_strategy::parse(field(command, "strategy"));
  if (!strategy)
    return outcome(strategy);
  const auto count = scope_of(command).dispatch(field(command, "key"), strategy.value(), std::string{"hello"});
  return object("count", static_cast<std::int64_t>(count));
}

/// Joins the actor of the scope itself, so that others can `call` it.
value session::offer(const value& command) {
  auto& where = scope_of(command);
  return outcome(where.join(field(command, "key"), registry::as_member(where.actor())));
}

/// Sends one request of each kind to an actor of a scope, which has been offered under the key.
value session::call(const value& command) {
  const auto found = scope_of(command).members(field(command, "key"));
  if (found.size() != 1)
    return object("error", "nobody, or more than one, was offered");
  return object("count", call_scope(home_.system(), found.front(), members_.at(members_.add(1))));
}

value session::statistics(const value& command) {
  const auto x = scope_of(command).state()->replica_state();
  const auto n = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  return object("snapshots_sent", n(x.snapshots_sent), "snapshots_given_up", n(x.snapshots_given_up), "snapshots_installed",
                n(x.snapshots_installed), "resumes", n(x.resumes), "overflows", n(x.overflows), "gaps", n(x.gaps),
                "mismatches", n(x.mismatches));
}

/// Remembers what is in the scope.
value session::mark(const value& command) {
  marked_ = scope_of(command).snapshot();
  return object("ok", true);
}

/// The difference to what was marked.
value session::compare(const value& command) {
  return comparison_of(marked_, scope_of(command).snapshot());
}

// -- ends -------------------------------------------------------------------------------------------------------------------

/// Kills the actor of the scope; its node starts it again.
value session::crash(const value& command) {
  registry::kill(scope_of(command).actor());
  return object("ok", true);
}

value session::drain(const value&) {
  if (auto left = home_.drain(); !left)
    return object("error", to_string(left.error()));
  return object("ok", true);
}

value session::quit(const value&) {
  changers_.clear();
  watchers_.clear();
  over_ = true;
  return object("ok", true);
}

} // namespace cluster_tests
