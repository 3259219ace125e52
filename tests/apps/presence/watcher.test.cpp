#include <apps/presence/local_scope.hpp>

#include <support/waiting.hpp>

#include <presence/watcher.hpp>

#include <registry/coro/spawn.hpp>
#include <registry/scope/options.hpp>

#include <support/catch.hpp>

#include <future>
#include <memory>
#include <mutex>

using presence::testing::local_scope;
using registry::testing::eventually;

namespace {

using lines = std::vector<std::string>;

/// The lines of a watcher.
class told {
public:
  presence::teller teller() {
    return [state = state_](std::string_view line) {
      std::lock_guard guard{state->mutex};
      state->said.emplace_back(line);
    };
  }
  [[nodiscard]] lines get() const {
    std::lock_guard guard{state_->mutex};
    return state_->said;
  }
  /// What it has told when it has told so much.
  [[nodiscard]] lines wait_for(std::size_t count) const {
    static_cast<void>(eventually([&] { return get().size() >= count; }));
    return get();
  }

private:
  struct state {
    std::mutex mutex;
    lines said;
  };
  std::shared_ptr<state> state_ = std::make_shared<state>();
};

} // namespace

TEST_CASE("a watcher tells who is here, then every change once and in order") {
  local_scope where;
  where.come("ann", "online", "office");
  told what;
  where.own(registry::spawn_coroutine(where.system, presence::watcher, where.people, what.teller()));
  CHECK(what.wait_for(2) == lines{"watching people", "ann is here: online (office)"});
  where.come("bob", "online", "home");
  where.say("bob", "busy");
  CHECK(what.wait_for(4).back() == "bob was online (home), is busy (home)");
  where.say("bob", "offline");
  CHECK(what.wait_for(5).back() == "bob goes: down");
  where.say("ann", "busy");
  const lines all{"watching people",          "ann is here: online (office)",
                  "bob comes: online (home)", "bob was online (home), is busy (home)",
                  "bob goes: down",           "ann was online (office), is busy (office)"};
  CHECK(what.wait_for(6) == all);
}

TEST_CASE("a watcher shows the entries of other programs as they are") {
  local_scope where;
  told what;
  where.own(registry::spawn_coroutine(where.system, presence::watcher, where.people, what.teller()));
  REQUIRE(what.wait_for(1) == lines{"watching people"});
  const auto ann = where.come("ann", "online", "office");
  REQUIRE(where.people.join(7, ann, registry::object("x", 1)));
  CHECK(what.wait_for(3).back() == R"(somebody comes: {"x": 1})");
}

TEST_CASE("a watcher that did not keep up says so, and begins again") {
  local_scope where;
  registry::scope_options small;
  small.name = "small";
  small.subscription_limit = 4;
  auto few = where.home.open_scope(small).value();
  const auto ann = where.come("ann", "online", "office");
  told what;
  std::promise<void> begun;
  std::promise<void> released;
  const auto slow = [&begun, tell = what.teller(), go_on = released.get_future().share()](std::string_view line) {
    if (line.starts_with("watching"))
      begun.set_value();
    go_on.wait();
    tell(line);
  };
  where.own(registry::spawn_coroutine(where.system, presence::watcher, few, presence::teller{slow}));
  begun.get_future().wait();
  lines all{"watching small", "too much has happened to tell; here is who is here now"};
  for (int i = 0; i < 10; ++i) {
    REQUIRE(few.join("ann", ann, i));
    few.flush();
    all.push_back("ann is here: " + std::to_string(i));
  }
  released.set_value();
  CHECK(what.wait_for(all.size()) == all);
}

TEST_CASE("a watcher of a scope that has been closed ends") {
  local_scope where;
  REQUIRE(where.home.close_scope("people"));
  caf::scoped_actor self{where.system};
  told what;
  self->wait_for(registry::spawn_coroutine(where.system, presence::watcher, where.people, what.teller()));
  CHECK(what.get().empty());
}
