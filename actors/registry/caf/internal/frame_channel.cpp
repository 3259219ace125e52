#include <registry/caf/internal/frame_channel.hpp>
#include <registry/caf/internal/node_name.hpp>
#include <registry/link/internal/frame_record.hpp>
#include <registry/wire/internal/codec.hpp>

#include <caf/actor_registry.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/proxy_registry.hpp>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace registry::inline v0_2::internal {

namespace {

caf::proxy_registry& proxies_of(const caf::actor& broker) {
  return static_cast<caf::io::basp_broker*>(caf::actor_cast<caf::abstract_actor*>(broker))->proxies();
}

/// CAF takes a node whose actors come through another one for a neighbour of that one. It keeps the address of the latter.
class last_hop {
public:
  last_hop(caf::proxy_registry& proxies, caf::node_id& hop) : proxies_(proxies) { proxies_.set_last_hop(&hop); }
  last_hop(const last_hop&) = delete;
  last_hop& operator=(const last_hop&) = delete;
  ~last_hop() { proxies_.set_last_hop(nullptr); }

private:
  caf::proxy_registry& proxies_;
};

} // namespace

frame_channel::frame_channel(caf::actor_system& system, caf::actor broker, const std::string& peer, handlers on)
    : system_(system), broker_(std::move(broker)), on_(std::move(on)) {
  static_cast<void>(parse(peer, peer_)); // the mesh has done so, too
}

bool frame_channel::send(const frame& content) {
  frame_record about;
  std::vector<caf::node_id> thirds;
  about.actors.reserve(content.handles.size());
  for (const auto& one : content.handles) {
    if (one == nullptr) {
      about.actors.push_back({});
      continue;
    }
    const auto& node = one->node();
    if (node == system_.node())
      system_.registry().put(one->id(), one);
    auto index = node == system_.node() ? frame_record::sender : frame_record::receiver;
    if (node != system_.node() && node != peer_) {
      const auto found = std::ranges::find(thirds, node);
      index = frame_record::first_third + static_cast<std::uint32_t>(found - thirds.begin());
      if (found == thirds.end()) {
        thirds.push_back(node);
        about.nodes.push_back(encoded_node(system_, to_string(node)));
      }
    }
    about.actors.push_back({index, one->id()});
  }
  const auto scope = scope_of(content);
  const auto stream = scope ? std::hash<std::string_view>{}(scope.value()) : 0;
  return push(outgoing::record{stream, encode(about, content.bytes)}, &outgoing::frames);
}

bool frame_channel::send_heartbeat(std::span<const std::byte> content) {
  return push(bytes{content.begin(), content.end()}, &outgoing::heartbeats);
}

template <class Record>
bool frame_channel::push(Record what, std::vector<Record> outgoing::* queue) {
  std::shared_ptr<const std::function<void()>> wake;
  {
    const std::lock_guard guard(lock_);
    if (wake_ == nullptr)
      return false;
    if (std::exchange(is_fenced_, false) || waiting_.empty()) {
      waiting_.emplace_back();
      wake = wake_;
    }
    (waiting_.back().*queue).push_back(std::move(what));
  }
  // It may have to wait for the thread of the multiplexer, which may be about to take the lock.
  if (wake != nullptr)
    (*wake)();
  return true;
}

void frame_channel::fence() {
  const std::lock_guard guard(lock_);
  is_fenced_ = true;
}

void frame_channel::open(std::function<void()> wake) {
  const std::lock_guard guard(lock_);
  wake_ = std::make_shared<const std::function<void()>>(std::move(wake));
}

void frame_channel::close() {
  std::deque<outgoing> dropped; // after the lock has been released
  const std::lock_guard guard(lock_);
  wake_ = nullptr;
  std::swap(dropped, waiting_);
}

frame_channel::outgoing frame_channel::take() {
  const std::lock_guard guard(lock_);
  if (waiting_.empty())
    return {};
  auto out = std::move(waiting_.front());
  waiting_.pop_front();
  return out;
}

const char* frame_channel::received_frame(std::span<const std::byte> content, const basp_limits& limits) {
  const auto read = decode_frame_record(content, limits.handles);
  if (!read)
    return "a malformed record of a frame";
  std::vector<caf::node_id> thirds;
  for (const auto& x : read.value().about.nodes) {
    auto node = decoded_node(system_, x);
    if (!node || *node == system_.node())
      return "a frame that names a node that cannot be";
    if (thirds_.insert(*node).second && thirds_.size() > limits.nodes)
      return "frames that name too many nodes";
    thirds.push_back(std::move(*node));
  }
  auto& proxies = proxies_of(broker_);
  const last_hop hop{proxies, peer_};
  std::vector<member> handles;
  handles.reserve(read.value().about.actors.size());
  for (const auto& x : read.value().about.actors) {
    if (x.id == 0)
      handles.emplace_back();
    else if (x.node == frame_record::receiver)
      handles.push_back(system_.registry().get(x.id));
    else
      handles.push_back(
          proxies.get_or_put(x.node == frame_record::sender ? peer_ : thirds[x.node - frame_record::first_third], x.id));
  }
  const auto& frame = read.value().frame;
  on_.frame({reinterpret_cast<const char*>(frame.data()), frame.size()}, std::move(handles));
  return nullptr;
}

std::size_t frame_channel::known_actors() const {
  const auto& proxies = proxies_of(broker_);
  auto out = proxies.count_proxies(peer_);
  for (const auto& third : thirds_)
    out += proxies.count_proxies(third);
  return out;
}

void frame_channel::received_heartbeat(std::span<const std::byte> content) {
  on_.heartbeat({reinterpret_cast<const char*>(content.data()), content.size()});
}

} // namespace registry::inline v0_2::internal
