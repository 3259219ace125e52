#include <support/insider.hpp>

#include <registry/actor/handle.hpp>
#include <registry/actor/tell.hpp>
#include <registry/caf/internal/middleman.hpp>
#include <registry/compat/actor.hpp>
#include <registry/membership/internal/heartbeat.hpp>
#include <registry/node/internal/messages.hpp>

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <exception>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cluster_tests {

namespace {

using namespace registry;

constexpr std::chrono::minutes patience{1};
constexpr std::uint64_t dial = 1;
constexpr incarnation itself{0x5747'4e41'4745'5221, 43};

template <class T>
T result_of(std::future<T> from) {
  if (from.wait_for(patience) != std::future_status::ready)
    throw std::runtime_error("there was no link in time");
  return from.get();
}

/// The actor of the link at this end.
class link_end_actor : public caf::event_based_actor {
public:
  using arrival = std::shared_ptr<std::promise<member>>;

  link_end_actor(caf::actor_config& config, internal::middleman home, const std::string& node, int socket,
                 std::shared_ptr<tls_session> tls, std::shared_ptr<internal::frame_channel> channel, arrival then)
      : caf::event_based_actor(config),
        home_(std::move(home)),
        stream_(home_.stream(socket, node, as_member(this))),
        then_(std::move(then)) {
    stream_.tls = std::move(tls);
    stream_.channel = std::move(channel);
    compat::on_unexpected(this, [] {});
  }

  caf::behavior make_behavior() override {
    home_.connect(
        this, std::move(stream_), patience,
        [this](const member& remote) {
          remote_ = remote;
          compat::deliver(remote, caf::make_message(link_greeting{itself.high, itself.low, dial}), as_member(this));
        },
        [this](const caf::error& why) { fail(compat::render(system(), why)); });
    return {[this](const link_welcome&) { then_->set_value(remote_); }};
  }

private:
  void fail(const std::string& why) { then_->set_exception(std::make_exception_ptr(std::runtime_error(why))); }

  internal::middleman home_;
  internal::link_stream stream_;
  const arrival then_;
  member remote_;
};

link_service_options options_of(const launch& of_victim, const std::string& node_id) {
  link_service_options out;
  out.identity.self = itself;
  out.identity.cluster = of_victim.cluster;
  out.identity.secret = of_victim.secret;
  out.identity.node_id = node_id;
  out.identity.node_name = insider::name;
  out.identity.newest_version = 2;
  out.identity.advertised = {"127.0.0.1", 1};
  out.listen = {"127.0.0.1", 0};
  out.keys = tls_keys::from_secrets(std::vector{of_victim.secret}, of_victim.cluster).value();
  return out;
}

} // namespace

insider::insider(const launch& of_victim, const node_address& where) {
  service_ = link_service::start(options_of(of_victim, to_string(system_.node())), *this).value();
  service_->dial(where, dial);
  auto made = result_of(made_.get_future());
  const internal::middleman home{system_};
  channel_ = home.channel(made.node_id, {[](const std::string&, const std::vector<member>&) {}, [](const std::string&) {}});
  const auto then = std::make_shared<std::promise<member>>();
  actor_ = system_.spawn<link_end_actor>(home, made.node_id, made.socket.release(), std::move(made.tls), channel_, then);
  remote_ = result_of(then->get_future());
}

insider::~insider() {
  service_.reset();
  remote_ = nullptr;
  registry::kill(as_member(actor_));
}

void insider::dial_failed(const node_address&, registry::dial_failure, std::string detail) {
  made_.set_exception(std::make_exception_ptr(std::runtime_error(detail)));
}

bool insider::send_frame(std::string_view bytes) const {
  const auto content = std::as_bytes(std::span{bytes});
  return channel_->send(frame{{content.begin(), content.end()}, {}});
}

bool insider::dispatch_behind(const std::string& scope, std::uint64_t epoch, std::uint64_t commit, caf::message what) const {
  registry::tell(remote_, ordered_fan_out_message{{remote_}, scope, epoch, commit, std::move(what)});
  return !is_cut();
}

bool insider::is_cut() const {
  return !channel_->send_heartbeat(encode(heartbeat{}));
}

} // namespace cluster_tests
