#include <dispatch/program/local_node.hpp>
#include <dispatch/queue.hpp>
#include <dispatch/submitter/submitter.hpp>

#include <registry/actor/handle.hpp>
#include <registry/coro/spawn.hpp>

#include <stdexcept>
#include <utility>

namespace dispatch {

namespace {

template <class T>
T started(registry::result<T> what) {
  if (!what)
    throw std::runtime_error(registry::to_string(what.error()));
  return std::move(what).value();
}

registry::cluster_options on_loopback(const std::vector<std::string>& seeds) {
  registry::cluster_options out;
  out.listen = "127.0.0.1:0";
  out.seeds = seeds;
  out.heartbeat_interval = std::chrono::milliseconds{200};
  // None of the nodes of one process is silent but for a machine that is busy; one that goes says so.
  out.suspect_after = std::chrono::minutes{1};
  out.down_after = std::chrono::minutes{2};
  return out;
}

} // namespace

local_node::local_node(const std::vector<std::string>& seeds)
    : home_(std::make_unique<registry::node>(started(registry::node::start(system_, on_loopback(seeds))))),
      queues_(std::make_unique<registry::scope>(started(home_->open_scope(scope_name)))) {}

local_node::~local_node() {
  home_->stop();
  for (const auto& who : actors_)
    registry::kill(who);
}

std::string local_node::address() const {
  return registry::to_string(*home_->address());
}

caf::actor local_node::start_worker(const std::string& queue, std::int64_t capacity) {
  worker_options options;
  options.queue = queue;
  options.capacity = capacity;
  options.node = address();
  auto who = registry::spawn_coroutine(system_, worker, *queues_, options, pool_);
  actors_.push_back(registry::as_member(who));
  return who;
}

caf::actor local_node::start_submitter(submission what, const registry::member& observer) {
  auto who = registry::spawn_coroutine(system_, submitter, *queues_, std::move(what), observer);
  actors_.push_back(registry::as_member(who));
  return who;
}

} // namespace dispatch
