#include <registry/actor/handle.hpp>
#include <registry/caf/internal/raw_actor.hpp>
#include <registry/compat/error.hpp>
#include <registry/coro/detail/context.hpp>
#include <registry/coro/internal/messages.hpp>
#include <registry/coro/spawn.hpp>
#include <registry/log/internal/log.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>

#include <utility>

namespace registry::inline v0_2::detail {

namespace {

class coroutine_actor final : public internal::raw_actor, private coroutine_context {
public:
  coroutine_actor(caf::actor_config& config, std::unique_ptr<coroutine_body> body)
      : raw_actor(config), body_(std::move(body)) {}
  ~coroutine_actor() override { shut_down(); }

  const char* name() const override { return "registry.coroutine"; }

  void on_exit() override {
    cancel_wake_up();
    shut_down();
    // The arguments may hold handles that lead back to this actor.
    body_.reset();
  }

private:
  caf::behavior make_behavior() override {
    auto main = body_->start(coroutine_self{*this});
    if (!body_->lent())
      body_.reset();
    coroutine_context::start(std::move(main));
    if (loop().stopped()) // a behavior would keep the actor alive
      return {};
    // One for all, since it does nothing but keep an actor alive.
    static const caf::behavior alive{[](const coroutine_wake_up&) {}};
    return alive;
  }

  void received(caf::message content, member sender, caf::response_promise reply) override {
    if (content.match_elements<coroutine_resume>()) {
      coroutine_context::answered(content.get_as<coroutine_resume>(0).number, {});
      return;
    }
    coroutine_context::received({std::move(content), std::move(sender), responder{std::move(reply)}});
  }
  void woken() override { coroutine_context::woken(); }
  void answered(std::uint64_t request, caf::message content) override {
    coroutine_context::answered(request, std::move(content));
  }

  member handle() override { return as_member(this); }
  caf::actor_system& system() override { return raw_actor::system(); }
  time_point now() override { return clock().now(); }
  std::uint64_t ask(const member& to, std::chrono::milliseconds timeout, caf::message content) override {
    return raw_actor::ask(to, timeout, std::move(content));
  }
  void wake_at(time_point when) override { raw_actor::wake_at(when); }

  void main_ended(std::exception_ptr failure) override {
    loop().stop();
    if (!failure) {
      quit(caf::exit_reason::normal);
      return;
    }
    const auto why = to_error(failure);
    internal::log_error("coroutine actor {} ends: {}", id(), to_string(why));
    quit(compat::to_caf(why));
  }

  std::unique_ptr<coroutine_body> body_;
};

} // namespace

caf::actor spawn_coroutine_actor(caf::actor_system& system, std::unique_ptr<coroutine_body> body) {
  return system.spawn<coroutine_actor>(std::move(body));
}

} // namespace registry::inline v0_2::detail
