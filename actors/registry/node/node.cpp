#include <registry/compat/actor.hpp>
#include <registry/node/names.hpp>
#include <registry/node/node.hpp>
#include <registry/node/node_actor.hpp>
#include <registry/node/node_state.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <utility>

namespace registry {

result<node> node::start(caf::actor_system& system) {
  auto state = std::make_shared<node_state>(system);
  state->supervisor = spawn_node_actor(system, state);
  return node{std::move(state)};
}

node::node(std::shared_ptr<node_state> state) noexcept : state_(std::move(state)) {}
node::node(node&&) noexcept = default;

node& node::operator=(node&& other) noexcept {
  if (this != &other) {
    stop();
    state_ = std::move(other.state_);
  }
  return *this;
}

node::~node() {
  stop();
}

result<scope> node::open_scope(scope_options options) {
  if (auto valid = options.validate(); !valid)
    return valid.error();
  const std::lock_guard guard(state_->lock);
  if (state_->stopped)
    return error(errc::scope_closed, "the node has been stopped");
  if (state_->scopes.contains(options.name))
    return error(errc::scope_exists, "a scope named '" + options.name + "' is already open on this node");
  const auto name = options.name;
  const auto resolve = [known = state_->named](std::string_view listener) { return known->find(listener); };
  auto opened = std::make_shared<scope_state>(std::move(options), state_->system.node(), resolve);
  start_scope_actor(*state_, opened);
  state_->scopes.emplace(name, opened);
  return scope{std::move(opened)};
}

result<scope> node::open_scope(std::string name, key_mode mode) {
  scope_options options;
  options.name = std::move(name);
  options.mode = mode;
  return open_scope(std::move(options));
}

std::optional<scope> node::find_scope(std::string_view name) const {
  const std::lock_guard guard(state_->lock);
  const auto found = state_->scopes.find(name);
  if (found == state_->scopes.end())
    return std::nullopt;
  return scope{found->second};
}

std::vector<std::string> node::scope_names() const {
  std::vector<std::string> out;
  const std::lock_guard guard(state_->lock);
  for (const auto& [name, opened] : state_->scopes)
    out.push_back(name);
  return out;
}

result<void> node::close_scope(std::string_view name) {
  std::shared_ptr<scope_state> closing;
  {
    const std::lock_guard guard(state_->lock);
    const auto found = state_->scopes.find(name);
    if (found == state_->scopes.end())
      return error(errc::invalid_argument, "no scope named '" + std::string{name} + "' is open on this node");
    closing = std::move(found->second);
    state_->scopes.erase(found);
  }
  end_scope(state_->system, *closing);
  return success();
}

void node::name_actor(std::string name, const registrant& who) {
  state_->named->put(std::move(name), who.get());
}

void node::forget_name(std::string_view name) {
  state_->named->erase(name);
}

member node::find_named(std::string_view name) const {
  return state_->named->find(name);
}

caf::actor_system& node::system() const noexcept {
  return state_->system;
}

void node::stop() {
  if (state_ == nullptr)
    return;
  decltype(state_->scopes) closing;
  caf::actor supervisor;
  {
    const std::lock_guard guard(state_->lock);
    state_->stopped = true;
    closing.swap(state_->scopes);
    supervisor = std::exchange(state_->supervisor, {});
  }
  if (supervisor) {
    // The supervisor goes first, so that it does not take what follows for crashes.
    caf::scoped_actor self{state_->system};
    compat::kill(compat::as_member(supervisor));
    self->wait_for(supervisor);
  }
  for (const auto& [name, scope] : closing)
    end_scope(state_->system, *scope);
}

} // namespace registry
