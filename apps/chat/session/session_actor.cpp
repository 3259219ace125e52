#include <chat/session/session_actor.hpp>

#include <registry/compat/actor.hpp>

#include <utility>

namespace chat {

namespace compat = registry::compat;

session_actor::session_actor(caf::actor_config& config, session_start start)
    : caf::event_based_actor(config), start_(std::move(start)) {
  // Here and not when it first runs: whoever has started an actor finds it in the list.
  start_.list->add(compat::as_member(this));
}

caf::behavior session_actor::make_behavior() {
  session_ = std::make_unique<session>(start_.world, compat::as_member(this), start_.out, start_.host);
  expect_tick();
  return {
      [this](const line_received& line) {
        if (line.too_long)
          session_->on_long_line();
        else
          session_->on_line(line.content);
        start_.out->acknowledge();
        end_if_over();
      },
      [this](const connection_ended& end) {
        session_->on_connection_end(end.reason);
        end_if_over();
      },
      [this](const shut_down& end) {
        session_->on_shut_down(end.reason);
        end_if_over();
      },
      [this](const relay& what) { session_->on_relay(what); },
      [this](const registry::events& pending) {
        session_->on_events(pending);
        end_if_over();
      },
      [this](more_news) { session_->on_more_news(); },
      [this](tick) {
        session_->on_tick();
        expect_tick();
        end_if_over();
      },
  };
}

// The session holds handles to this actor and to others that hold handles to it: here the circles are broken.
void session_actor::on_exit() {
  session_.reset();
  start_.out->close();
  auto list = std::exchange(start_, {}).list;
  list->remove(id());
}

void session_actor::expect_tick() {
  compat::send_self_later(this, start_.tick, tick{});
}

void session_actor::end_if_over() {
  if (session_->is_over())
    quit();
}

} // namespace chat
