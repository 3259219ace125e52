#include <node/scope_calls.hpp>

#include <registry/compat/actor.hpp>
#include <registry/scope/requests.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace cluster_tests {

using namespace registry;

namespace {

constexpr std::chrono::seconds answer_limit{30};

/// Requests are answered in order, except those that wait, so the last answer is enough to wait for.
class caller {
public:
  caller(caf::actor_system& system, const member& scope)
      : system_(system), self_(system), scope_(caf::actor_cast<caf::actor>(scope)) {}

  template <class... Requests>
  void send(const Requests&... requests) {
    (static_cast<void>(compat::request(self_, scope_, answer_limit, requests)), ...);
  }

  std::int64_t count() {
    std::int64_t out = -1;
    compat::request(self_, scope_, answer_limit, count_request{})
        .receive([&](const value& x) { out = x.as_integer().value_or(-1); },
                 [this](const caf::error& failed) {
                   throw std::runtime_error("the actor of the scope does not answer a count: " +
                                            compat::render(system_, failed));
                 });
    return out;
  }

private:
  caf::actor_system& system_;
  caf::scoped_actor self_;
  caf::actor scope_;
};

} // namespace

std::int64_t call_scope(caf::actor_system& system, const member& scope, const member& named) {
  caller to{system, scope};
  // Changes are refused: only members of its own node may join there.
  to.send(join_request{"k", {named}, object("x", 1)}, leave_request{"k", {named}}, update_request{"k", named, 2},
          unregister_match_request{"k", named, "_"}, leave_all_request{named}, register_name_request{"k", named, 3},
          unregister_name_request{"k"}, send_request{"k", caf::make_message(std::string{"hello"})});
  to.send(whereis_request{"k"}, lookup_request{"crowd", false}, members_request{"crowd", true},
          values_request{"crowd", named}, keys_request{named}, count_key_request{"crowd"}, groups_request{},
          match_request{"crowd", "_"}, count_match_request{"crowd", "_"});
  to.send(select_request{"[\"crowd\", _, $1] -> $1"}, count_select_request{"["},
          dispatch_request{"crowd", "round_robin", caf::make_message(std::string{"hello"})});
  to.send(put_meta_request{"topic", "welcome"}, meta_request{"topic"}, delete_meta_request{"topic"}, meta_request{"topic"});
  to.send(monitor_request{"crowd"}, monitor_scope_request{}, demonitor_request{1}, await_request{"crowd", 1000});
  return to.count();
}

} // namespace cluster_tests
