#include <registry/link/internal/link_service.hpp>
#include <registry/log/internal/log.hpp>

#include <registry/link/internal/dialler.hpp>
#include <registry/link/internal/listener.hpp>
#include <registry/link/internal/session.hpp>
#include <registry/link/internal/sockets.hpp>
#include <registry/time/deadline.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace registry::inline v0_2 {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::minutes warning_interval{1};

error invalid(std::string message) {
  return {errc::invalid_argument, std::move(message)};
}

result<void> check_identity(const handshake_identity& x) {
  constexpr auto longest = handshake_identity::max_name;
  if (!x.self)
    return invalid("the incarnation of this node is zero; choose a random one");
  if (x.cluster.size() > longest)
    return invalid("the name of the cluster is too long; 255 bytes are allowed");
  if (x.node_id.empty() || x.node_id.size() > longest)
    return invalid("the id of the node is empty or too long; it takes 1 to 255 bytes");
  if (x.oldest_version == 0 || x.oldest_version > x.newest_version)
    return invalid("the range of protocol versions is empty");
  if (!x.node_name.empty() && !is_node_name(x.node_name))
    return invalid("the name of the node is invalid; it takes 1 to 64 letters, digits and -._:@/");
  if (!x.advertised.host.empty() && !is_host(x.advertised.host))
    return invalid("the advertised host is invalid; name the one under which others reach this node");
  return success();
}

result<void> check(const link_service_options& x) {
  using namespace std::chrono_literals;
  if (auto checked = check_identity(x.identity); !checked)
    return checked;
  if (!is_host(x.listen.host))
    return invalid("there is no address to listen on; give a host and a port");
  if (x.handshake_timeout <= 0ms || x.handshake_timeout > 1h || x.user_timeout <= 0ms)
    return invalid("timeouts must be positive, and that of the handshake at most an hour");
  if (x.max_pending == 0 || x.max_pending_per_host == 0)
    return invalid("at least one handshake must be allowed at a time");
  return success();
}

result<void> check_secrecy(const link_service_options& options, const listener& doors) {
  const auto& all = doors.endpoints();
  const bool local = std::all_of(all.begin(), all.end(), [](const auto& x) { return x.address().is_loopback(); });
  const bool has_keys = options.keys != nullptr && options.must_encrypt;
  if (local || options.allow_no_secret || !options.identity.secret.empty() || has_keys)
    return success();
  return invalid(
      "anybody who reaches " + to_string(options.listen) +
      " could join the cluster: set a secret (registry.secret-file) or certificates (registry.tls-certificate), listen on "
      "127.0.0.1, or allow it with registry.allow-no-secret");
}

} // namespace

/// 1. Everything except `context` and members that are constant after `start` belongs to the I/O thread, until it is joined.
/// 2. A session is in `incoming`, and a dialler in `dials`, from its start to its end; `per_host` counts the sessions.
struct link_service::state {
  struct guest {
    std::shared_ptr<session> talk;
    tcp::endpoint from;
  };

  using guests = std::map<std::uint64_t, guest>;

  state(link_service_options with, link_observer& reports_to) : options(std::move(with)), observer(reports_to) {}

  handshake::judge judge() {
    return [this](const link_info& info, std::string_view node_id) { return observer.objection(info, node_id); };
  }

  result<void> open();
  void admit(tcp::socket socket, const tcp::endpoint& from);
  void make_room();
  void turn_away(tcp::socket& socket);
  void note_turned_away();
  guests::iterator forget(guests::iterator who);
  void guest_left(std::uint64_t number, session& who, session_outcome how);
  void dial(const node_address& where, std::uint64_t number);
  void dial_ended(dialler& which, session_outcome how);
  void stop_listening();
  void stop();

  link_service_options options;
  link_observer& observer;
  node_address local;
  asio::io_context context{1};
  host_resolver names{context};
  dialler::settings dial_settings{options, judge(), names};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::unique_ptr<listener> doors;
  guests incoming; // by age
  std::uint64_t last_guest = 0;
  std::map<asio::ip::address, std::size_t> per_host;
  std::size_t turned_away = 0; // since the last complaint
  std::optional<session::clock::time_point> last_complaint;
  std::map<dialler*, std::shared_ptr<dialler>> dials;
  std::thread thread;
};

result<void> link_service::state::open() {
  auto opened = listener::open(context, options.listen);
  if (!opened)
    return opened.error();
  doors = std::move(opened).value();
  if (auto secret = check_secrecy(options, *doors); !secret)
    return secret;
  local = {options.listen.host, doors->port()};
  auto& advertised = options.identity.advertised;
  if (advertised.port == 0)
    advertised.port = local.port;
  if (!advertised.host.empty())
    return success();
  const auto& all = doors->endpoints();
  if (std::any_of(all.begin(), all.end(), [](const auto& x) { return x.address().is_unspecified(); }))
    return invalid("this node listens on all addresses; set 'advertise' to the one under which others reach it");
  advertised.host = local.host;
  return success();
}

// -- incoming ---------------------------------------------------------------------------------------------------------------

void link_service::state::admit(tcp::socket socket, const tcp::endpoint& from) {
  const auto known = per_host.find(from.address());
  const auto fresh = known == per_host.end() || known->second < options.max_pending_per_host ? make_nonce() : std::nullopt;
  if (!fresh)
    return turn_away(socket);
  if (incoming.size() >= options.max_pending)
    make_room();
  ++per_host[from.address()];
  set_link_options(socket, options.user_timeout);
  auto talk = handshake::acceptor(options.identity, *fresh, judge());
  auto made = std::make_shared<session>(std::move(socket), std::move(talk));
  if (options.keys != nullptr)
    made->expect_tls(*options.keys, options.must_encrypt);
  incoming.emplace(++last_guest, guest{made, from});
  made->start(deadline_after(options.handshake_timeout),
              [this, number = last_guest](session& who, session_outcome how) { guest_left(number, who, std::move(how)); });
}

/// Ends the oldest handshake of the host that has most of them. So a new node gets in however many a few hosts begin and leave
/// unfinished.
void link_service::state::make_room() {
  const auto greediest =
      std::max_element(per_host.begin(), per_host.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto oldest = std::find_if(incoming.begin(), incoming.end(),
                                   [&](const auto& x) { return x.second.from.address() == greediest->first; });
  oldest->second.talk->cancel();
  forget(oldest);
  note_turned_away();
}

void link_service::state::turn_away(tcp::socket& socket) {
  reset(socket);
  note_turned_away();
}

void link_service::state::note_turned_away() {
  ++turned_away;
  const auto now = session::clock::now();
  if (last_complaint && now - *last_complaint < warning_interval)
    return;
  last_complaint = now;
  internal::log_warning(
      "connections to {} turned away since the last such message: {}; too many handshakes are unfinished; if this goes on, "
      "keep strangers away from the port",
      to_string(local), std::exchange(turned_away, 0));
}

link_service::state::guests::iterator link_service::state::forget(guests::iterator who) {
  const auto host = per_host.find(who->second.from.address());
  if (--host->second == 0)
    per_host.erase(host);
  return incoming.erase(who);
}

void link_service::state::guest_left(std::uint64_t number, session& who, session_outcome how) {
  const auto found = incoming.find(number);
  const auto from = found->second.from;
  const auto keep = found->second.talk;
  forget(found);
  if (auto* made = std::get_if<established_link>(&how))
    return observer.established(std::move(*made));
  const auto& failed = std::get<handshake_failure>(how);
  const auto host = from.address().to_string();
  // Before its proof it may claim anything.
  const auto name = who.is_proven() ? who.peer()->advertised : node_address{host, 0};
  observer.dialler_refused(name, failed.why, "from " + host + ": " + who.proven_name() + failed.detail);
}

void link_service::state::stop_listening() {
  doors->close();
  per_host.clear();
  for (const auto& [number, x] : std::exchange(incoming, {}))
    x.talk->cancel();
}

// -- outgoing ---------------------------------------------------------------------------------------------------------------

void link_service::state::dial(const node_address& where, std::uint64_t number) {
  auto made = std::make_shared<dialler>(context, dial_settings, where, number);
  dials.emplace(made.get(), made);
  made->start([this](dialler& which, session_outcome how) { dial_ended(which, std::move(how)); });
}

void link_service::state::dial_ended(dialler& which, session_outcome how) {
  dials.erase(&which);
  if (auto* made = std::get_if<established_link>(&how))
    return observer.established(std::move(*made));
  auto& failed = std::get<handshake_failure>(how);
  observer.dial_failed(which.where(), failed.why, std::move(failed.detail));
}

// Operations in progress are cancelled, not dropped: diallers and their sessions hold each other.
void link_service::state::stop() {
  context.stop();
  if (thread.joinable())
    thread.join();
  if (doors)
    stop_listening();
  for (const auto& [which, x] : std::exchange(dials, {}))
    x->cancel();
}

// -- the service ------------------------------------------------------------------------------------------------------------

link_service::link_service(std::unique_ptr<state> made) noexcept : state_(std::move(made)) {}

link_service::~link_service() {
  assert(state_->thread.get_id() != std::this_thread::get_id());
  state_->stop();
}

result<std::unique_ptr<link_service>> link_service::start(link_service_options options, link_observer& observer) {
  if (auto checked = check(options); !checked)
    return checked.error();
  // The context and the thread need resources of the system, and throw if there are none.
  try {
    auto made = std::make_unique<state>(std::move(options), observer);
    auto* x = made.get();
    if (auto opened = x->open(); !opened)
      return opened.error();
    x->doors->start([x](tcp::socket socket, const tcp::endpoint& from) { x->admit(std::move(socket), from); });
    std::unique_ptr<link_service> out{new link_service{std::move(made)}};
    x->thread = std::thread{[x] { x->context.run(); }};
    return out;
  } catch (const std::runtime_error& failed) {
    return error{errc::limit_exceeded, std::string{"cannot start the link service: "} + failed.what()};
  }
}

void link_service::dial(const node_address& where, std::uint64_t number) {
  asio::post(state_->context, [x = state_.get(), where, number] { x->dial(where, number); });
}

void link_service::stop_listening() {
  asio::post(state_->context, [x = state_.get()] { x->stop_listening(); });
}

const node_address& link_service::local_address() const noexcept {
  return state_->local;
}

const node_address& link_service::advertised() const noexcept {
  return state_->options.identity.advertised;
}

} // namespace registry::inline v0_2
