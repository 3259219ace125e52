#include <registry/link/internal/dialler.hpp>

#include <registry/link/internal/sockets.hpp>
#include <registry/time/deadline.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2 {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr std::chrono::milliseconds moment{10};
/// More addresses than a host has; a name server may send many.
constexpr std::size_t most_endpoints = 16;

// The severity of a failure: how much it says.
constexpr int not_tried = 0; // this host has no route to that address
constexpr int nobody_there = 1;
constexpr int silence = 2;
constexpr int itself = 3;
constexpr int answered = 4;

int weight_of(dial_failure why) {
  switch (why) {
  case dial_failure::unreachable:
    return silence;
  case dial_failure::self:
    return itself;
  default:
    return answered;
  }
}

bool is_no_way(const error_code& failed) {
  return failed == asio::error::network_unreachable || failed == asio::error::address_family_not_supported ||
         failed == boost::system::errc::address_not_available;
}

std::string describe(const tcp::endpoint& x) {
  return to_string(node_address{x.address().to_string(), x.port()});
}

} // namespace

dialler::dialler(asio::io_context& context, const settings& with, node_address where, std::uint64_t number)
    : context_(context),
      with_(with),
      where_(std::move(where)),
      number_(number),
      socket_(context),
      timer_(context),
      by_tls_(with.options.keys != nullptr),
      failure_{dial_failure::unreachable, "no such host"} {}

void dialler::start(std::vector<endpoint> known, end_handler on_end) {
  endpoints_ = std::move(known);
  on_end_ = std::move(on_end);
  deadline_ = deadline_after(with_.options.handshake_timeout);
  asio::post(context_, [self = shared_from_this()] { self->begin(); });
}

void dialler::begin() {
  if (ended_)
    return;
  error_code no_number;
  const auto number = asio::ip::make_address(where_.host, no_number);
  if (endpoints_.empty() && no_number)
    return look_up();
  if (endpoints_.empty())
    endpoints_.emplace_back(number, where_.port);
  try_next();
}

void dialler::look_up() {
  if (!is_host(where_.host))
    return end(failure_);
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled && self->endpoints_.empty())
      self->end(handshake_failure{dial_failure::unreachable, "looking up the name took too long"});
  });
  lookup_ = with_.names.start(
      where_.host, where_.port, [self = shared_from_this()](const std::string& failed, host_resolver::endpoints found) {
        if (!failed.empty())
          return self->end(handshake_failure{dial_failure::unreachable, "cannot look up the name: " + failed});
        found.resize(std::min(found.size(), most_endpoints));
        self->endpoints_ = std::move(found);
        self->try_next();
      });
}

void dialler::try_next() {
  const auto now = clock::now();
  const auto left = endpoints_.size() - tried_;
  if (left == 0 || now >= deadline_)
    return end(failure_);
  share_deadline_ = now + (deadline_ - now) / left;
  by_tls_ = with_.options.keys != nullptr;
  secret_ = 0;
  connect(endpoints_[tried_++]);
}

void dialler::connect(const endpoint& to) {
  socket_ = tcp::socket{context_};
  if (const auto failed = open_socket(socket_, to.protocol()))
    return connected(to, failed);
  set_link_options(socket_, with_.options.user_timeout);
  timer_.expires_at(share_deadline_);
  timer_.async_wait([self = shared_from_this(), attempt = tried_](const error_code& cancelled) {
    error_code ignored;
    if (!cancelled && attempt == self->tried_ && !self->session_)
      self->socket_.close(ignored);
  });
  socket_.async_connect(to, [self = shared_from_this(), to](const error_code& failed) { self->connected(to, failed); });
}

void dialler::connected(const endpoint& to, const error_code& failed) {
  if (ended_)
    return;
  timer_.cancel();
  if (!failed && socket_.is_open() && !is_its_own_peer(socket_))
    return shake_hands(to);
  if (!failed && socket_.is_open()) {
    reset(socket_);
    note(to, nobody_there, {dial_failure::refused, "nobody listens"});
  } else if (failed == asio::error::connection_refused) {
    note(to, nobody_there, {dial_failure::refused, failed.message()});
  } else if (!failed || failed == asio::error::operation_aborted) {
    note(to, silence, {dial_failure::unreachable, "it took too long to connect"});
  } else {
    note(to, is_no_way(failed) ? not_tried : silence, {dial_failure::unreachable, failed.message()});
  }
  try_next();
}

void dialler::shake_hands(const endpoint& to) {
  const auto fresh = make_nonce();
  if (!fresh)
    return end(handshake_failure{dial_failure::unreachable, "this node cannot obtain random numbers"});
  auto talk = handshake::dialler(with_.options.identity, *fresh, number_, with_.objection, secret_ > 0);
  session_ = std::make_shared<session>(std::move(socket_), std::move(talk));
  if (by_tls_ && !session_->use_tls(*with_.options.keys, secret_, where_.host)) {
    std::exchange(session_, nullptr)->cancel();
    return end(handshake_failure{dial_failure::unreachable, "this node cannot begin TLS"});
  }
  session_->start(share_deadline_, [self = shared_from_this(), to](session& who, session_outcome how) {
    self->session_.reset();
    auto* failed = std::get_if<handshake_failure>(&how);
    if (!failed)
      return self->end(std::move(how));
    if (self->try_otherwise(*failed))
      return self->connect(to);
    if (failed->hung_up && !std::exchange(self->asked_again_, true))
      return self->ask_again(to);
    failed->detail.insert(0, who.proven_name());
    self->note(to, weight_of(failed->why), std::move(*failed));
    self->try_next();
  });
}

bool dialler::try_otherwise(const handshake_failure& failed) {
  const auto secrets = with_.options.identity.other_secret.empty() ? 1U : 2U;
  if (failed.why == dial_failure::wrong_secret && secret_ + 1 < secrets) {
    ++secret_;
    return true;
  }
  // A node that does not encrypt hangs up when TLS begins.
  if (!by_tls_ || with_.options.must_encrypt ||
      (failed.why != dial_failure::hung_up && failed.why != dial_failure::broken_handshake))
    return false;
  by_tls_ = false;
  secret_ = 0;
  return true;
}

/// A process that ends resets the connections it has just accepted, and refuses those that come a moment later.
void dialler::ask_again(const endpoint& to) {
  timer_.expires_after(moment);
  timer_.async_wait([self = shared_from_this(), to](const error_code&) {
    if (!self->ended_)
      self->connect(to);
  });
}

void dialler::note(const endpoint& to, int weight, handshake_failure why) {
  if (weight <= weight_)
    return;
  weight_ = weight;
  failure_ = {why.why, describe(to) + ": " + why.detail};
}

void dialler::cancel() {
  on_end_ = {};
  end(failure_);
}

void dialler::end(session_outcome how) {
  if (std::exchange(ended_, true))
    return;
  timer_.cancel();
  with_.names.cancel(std::exchange(lookup_, 0));
  error_code ignored;
  socket_.close(ignored);
  if (session_)
    std::exchange(session_, nullptr)->cancel();
  if (on_end_)
    std::exchange(on_end_, {})(*this, std::move(how));
}

} // namespace registry::inline v0_2
