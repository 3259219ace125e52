#include <registry/caf/internal/actor_thread.hpp>
#include <registry/compat/actor.hpp>
#include <registry/log/internal/log.hpp>
#include <registry/node/internal/hash_secret.hpp>
#include <registry/node/internal/names.hpp>
#include <registry/node/internal/node_actor.hpp>
#include <registry/node/internal/node_state.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>
#include <registry/scope/internal/section.hpp>
#include <registry/time/deadline.hpp>

#include <caf/actor_system.hpp>

#include <future>
#include <thread>
#include <utility>

namespace registry::inline v0_2 {

result<node> node::start(caf::actor_system& system) {
  return start(system, cluster_options{});
}

result<node> node::start(caf::actor_system& system, const cluster_options& options) {
  if (dynamic_cast<const system_config*>(&system.config()) == nullptr)
    return error(errc::invalid_argument,
                 std::string{"the actor system does not know the messages of the registry: derive its configuration from "} +
                     (options.is_clustered() ? "registry::clustered_system_config" : "registry::system_config") +
                     " instead of caf::actor_system_config");
  require_hash_secret();
  auto state = std::make_shared<node_state>(system);
  if (auto valid = options.validate(); !valid)
    return valid.error();
  if (auto configured = internal::configure_log(options.log_level, options.log_file); !configured)
    return error(errc::invalid_argument, "option registry.log-file " + std::string{configured.error().message()});
  if (options.is_clustered()) {
    auto joined = mesh::start(system, options, state->scopes);
    if (!joined)
      return joined.error();
    state->cluster = std::move(joined).value();
  }
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
  const section guard(state_->lock);
  if (state_->stopped)
    return error(errc::scope_closed, "the node has been stopped; start a new one to continue");
  const auto name = options.name;
  if (state_->scopes->find(name) != nullptr)
    return error(errc::scope_exists, "a scope named '" + name + "' is already open on this node");
  const auto resolve = [known = state_->named](std::string_view listener) { return known->find(listener); };
  const auto& cluster = state_->cluster;
  auto opened = std::make_shared<scope_state>(std::move(options), state_->system, resolve,
                                              cluster ? cluster->replication_of_new_scope() : replication_options{});
  start_scope_actor(*state_, opened);
  if (cluster)
    cluster->add(opened);
  else
    state_->scopes->insert(opened);
  return scope{std::move(opened)};
}

result<scope> node::open_scope(std::string name, key_mode mode) {
  scope_options options;
  options.name = std::move(name);
  options.mode = mode;
  return open_scope(std::move(options));
}

std::optional<scope> node::find_scope(std::string_view name) const {
  auto found = state_->scopes->find(name);
  if (found == nullptr)
    return std::nullopt;
  return scope{std::move(found)};
}

std::vector<std::string> node::scope_names() const {
  std::vector<std::string> out;
  for (const auto& opened : state_->scopes->all())
    out.push_back(opened->options().name);
  return out;
}

result<void> node::close_scope(std::string_view name) {
  if (internal::is_actor_thread())
    return internal::blocks_actors("node::close_scope", "awaitable_node(self, node).close_scope(name)");
  auto closing = extract_scope(*state_, name);
  if (!closing)
    return closing.error();
  end_scope(state_->system, *closing.value());
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

const incarnation& node::self() const noexcept {
  static const incarnation alone;
  return state_->cluster ? state_->cluster->self() : alone;
}

std::optional<node_address> node::address() const {
  return state_->cluster ? std::optional{state_->cluster->address()} : std::nullopt;
}

std::vector<peer_status> node::peers() const {
  return state_->cluster ? state_->cluster->peers() : std::vector<peer_status>{};
}

result<void> node::wait_joined(std::chrono::milliseconds timeout) const {
  if (internal::is_actor_thread())
    return internal::blocks_actors("node::wait_joined", "awaitable_node(self, node).await_joined(timeout)");
  const auto& cluster = state_->cluster;
  if (cluster == nullptr)
    return success();
  const auto arrival = std::make_shared<std::promise<result<void>>>();
  auto arrived = arrival->get_future();
  const auto number = cluster->await_joined([arrival](const result<void>& x) { arrival->set_value(x); });
  const bool in_time = arrived.wait_until(deadline_after(timeout)) == std::future_status::ready;
  cluster->end_await_joined(number);
  return in_time ? arrived.get() : cluster->joined();
}

result<void> node::drain() {
  if (internal::is_actor_thread())
    return internal::blocks_actors("node::drain", "awaitable_node(self, node).drain()");
  if (state_ != nullptr) {
    empty_scopes(*state_);
    stop();
  }
  return success();
}

void node::stop() {
  if (state_ == nullptr)
    return;
  std::jthread leaving;
  {
    const section guard(state_->lock);
    if (state_->leaving.joinable() && internal::is_actor_thread())
      return; // it is stopping, and may need this thread for that
    leaving = std::move(state_->leaving);
  }
  if (leaving.joinable())
    leaving.join();
  stop_node(*state_);
}

} // namespace registry::inline v0_2
