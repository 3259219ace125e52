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

/// Larger frames would hold up those of other connections, and take no less time for it.
constexpr std::size_t most_applied = std::size_t{4} << 10;
constexpr std::size_t most_in_turn = 64;
/// What may wait for the actor of the link. Several times what one turn reads, so that the actor never runs dry.
constexpr std::size_t most_with_actor = std::size_t{4} << 20;

/// A peer may send frames through CAF that were not counted.
std::size_t reduce(std::atomic<std::size_t>& counter, std::size_t by) noexcept {
  auto present = counter.load();
  while (!counter.compare_exchange_weak(present, present - std::min(present, by))) {
  }
  return present - std::min(present, by);
}

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

frame_channel::frame_channel(caf::actor_system& system, caf::actor broker, const std::string& peer, polls before_sleep,
                             handlers on)
    : system_(system), broker_(std::move(broker)), polls_(std::move(before_sleep)), on_(std::move(on)) {
  static_cast<void>(parse(peer, peer_)); // the mesh has done so, too
}

bool frame_channel::send(const frame& content, pace how) {
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
  outgoing::record what{stream, encode(about, content.bytes)};
  std::unique_lock guard(lock_);
  if (wake_ == nullptr)
    return false;
  if (how == pace::soon || is_fenced_ || !waiting_.empty())
    return push(std::move(guard), std::move(what), &outgoing::frames);
  switch (output_->write_at_once(what.stream, what.content)) {
  case link_output::immediate::sent:
    return true;
  case link_output::immediate::refused:
    return push(std::move(guard), std::move(what), &outgoing::frames);
  case link_output::immediate::begun:
    break;
  }
  waiting_.emplace_back();
  const auto wake = wake_;
  guard.unlock();
  (*wake)(false);
  return true;
}

bool frame_channel::send_heartbeat(std::span<const std::byte> content) {
  return push(std::unique_lock{lock_}, bytes{content.begin(), content.end()}, &outgoing::heartbeats);
}

template <class Record>
bool frame_channel::push(std::unique_lock<std::mutex> guard, Record what, std::vector<Record> outgoing::* queue) {
  if (wake_ == nullptr)
    return false;
  const bool is_behind = std::exchange(is_fenced_, false);
  const bool is_next = is_behind || waiting_.empty();
  if (is_next)
    waiting_.emplace_back();
  (waiting_.back().*queue).push_back(std::move(what));
  const auto wake = is_next ? wake_ : nullptr;
  guard.unlock();
  if (wake != nullptr)
    (*wake)(is_behind);
  return true;
}

void frame_channel::fence() {
  const std::lock_guard guard(lock_);
  is_fenced_ = true;
}

void frame_channel::open(std::shared_ptr<link_output> output, waker wake, std::function<void()> resume) {
  const std::lock_guard guard(lock_);
  output_ = std::move(output);
  wake_ = std::make_shared<const waker>(std::move(wake));
  resume_ = std::make_shared<const std::function<void()>>(std::move(resume));
}

void frame_channel::close() {
  std::deque<outgoing> dropped; // after the lock has been released
  const std::lock_guard guard(lock_);
  wake_ = nullptr;
  std::swap(dropped, waiting_);
}

void frame_channel::disconnect() {
  close();
  polls_.frames->clear();
}

void frame_channel::pull() {
  const std::lock_guard guard(lock_);
  if (waiting_.empty())
    return;
  for (auto& x : waiting_.front().heartbeats)
    output_->put_heartbeat(std::move(x));
  for (auto& x : waiting_.front().frames)
    output_->put_frame(x.stream, std::move(x.content));
  waiting_.pop_front();
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
  const auto whole = read.value().frame;
  const bool is_next = applies_ && with_actor_ == 0 && !is_behind_message_;
  auto handles = handles_of(read.value().about, thirds);
  if (is_next && whole.size() <= most_applied && applied_ < most_in_turn && on_.apply != nullptr) {
    frame content{{whole.begin(), whole.end()}, std::move(handles)};
    if (const auto done = apply(content))
      return *done ? nullptr : "a malformed frame";
    handles = std::move(content.handles);
  }
  ++with_actor_;
  bytes_with_actor_ += whole.size();
  is_behind_message_ = false;
  on_.frame({reinterpret_cast<const char*>(whole.data()), whole.size()}, std::move(handles));
  return nullptr;
}

std::optional<bool> frame_channel::apply(frame& content) {
  const wake_redirection wakes(polls_.wakes->entrance());
  deferral after;
  const auto done = on_.apply(content);
  if (done)
    deferral::keep(std::move(content));
  applied_ += done ? 1 : 0;
  auto left = after.end();
  if (done)
    polls_.frames->begin(std::move(left));
  else
    polls_.frames->destroy(std::move(left)); // the actor of the link has work to do, and may need the core
  return done;
}

bool frame_channel::is_full() {
  if (bytes_with_actor_ <= most_with_actor)
    return false;
  is_full_ = true;
  // The actor may have caught up before it could see that.
  return bytes_with_actor_ > most_with_actor || !is_full_.exchange(false);
}

void frame_channel::frame_handled(std::size_t bytes) {
  reduce(with_actor_, 1);
  if (reduce(bytes_with_actor_, bytes) > most_with_actor / 2 || !is_full_.exchange(false))
    return;
  std::unique_lock guard(lock_);
  const auto resume = wake_ == nullptr ? nullptr : resume_;
  guard.unlock();
  if (resume != nullptr)
    (*resume)();
}

std::vector<member> frame_channel::handles_of(const frame_record& about, const std::vector<caf::node_id>& thirds) {
  auto& proxies = proxies_of(broker_);
  const last_hop hop{proxies, peer_};
  std::vector<member> out;
  out.reserve(about.actors.size());
  for (const auto& x : about.actors) {
    if (x.id == 0)
      out.emplace_back();
    else if (x.node == frame_record::receiver)
      out.push_back(system_.registry().get(x.id));
    else
      out.push_back(
          proxies.get_or_put(x.node == frame_record::sender ? peer_ : thirds[x.node - frame_record::first_third], x.id));
  }
  return out;
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
