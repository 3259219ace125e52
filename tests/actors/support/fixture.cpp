#include <support/fixture.hpp>
#include <support/waiting.hpp>

#include <registry/actor/handle.hpp>
#include <registry/compat/error.hpp>

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <stdexcept>

namespace registry::testing {

one_node::one_node(std::size_t workers)
    : config(workers),
      home(node::start(system).value()),
      rooms(home.open_scope("rooms").value()),
      names(home.open_scope("names", key_mode::unique).value()) {}

one_node::~one_node() {
  home.stop();
  for (const auto& who : idle_)
    registry::kill(who);
}

member one_node::spawn_idle() {
  idle_.push_back(registry::as_member(system.spawn([]() -> caf::behavior { return {[](std::int32_t) {}}; })));
  return idle_.back();
}

void one_node::end(const member& who) {
  registry::shut_down(who);
  self->wait_for(caf::actor_cast<caf::actor>(who));
}

void one_node::end_and_wait(const member& who, scope& where) {
  end(who);
  wait_until([&] { return where.keys(who).empty(); });
  where.flush();
}

void one_node::wait_until(const std::function<bool()>& condition) {
  if (!eventually(condition))
    FAIL("the condition does not come true");
}

std::vector<event_batch> one_node::taken_batches() {
  std::vector<event_batch> out;
  for (bool more = true; more;) {
    self->receive([&](const events& pending) { out.push_back(pending.take()); },
                  caf::after(std::chrono::seconds{0}) >> [&] { more = false; });
  }
  return out;
}

std::vector<event_ptr> one_node::taken_events() {
  std::vector<event_ptr> out;
  for (const auto& batch : taken_batches()) {
    CHECK_FALSE(batch.lagged);
    out.insert(out.end(), batch.changes.begin(), batch.changes.end());
  }
  return out;
}

void one_node::fail(const caf::error& e) {
  FAIL("request failed: " << compat::render(system, e));
  throw std::logic_error("unreachable");
}

error one_node::not_refused() {
  FAIL("the request was not refused");
  throw std::logic_error("unreachable");
}

error one_node::to_error(const caf::error& e) {
  auto out = compat::from_caf(e);
  if (!out)
    fail(e);
  return *out;
}

std::string summary(const event& x) {
  std::string out{to_string(x.what)};
  out += " " + to_string(x.key) + " [";
  for (const auto& part : x.entries) {
    if (out.back() != '[')
      out += ", ";
    if (x.what == verb::update)
      out += to_string(part.previous) + " -> ";
    out += to_string(part.data);
  }
  return out + "] " + std::string{to_string(x.why)};
}

} // namespace registry::testing
