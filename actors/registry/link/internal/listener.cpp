#include <registry/link/internal/listener.hpp>
#include <registry/log/internal/log.hpp>

#include <registry/link/internal/sockets.hpp>

#include <boost/asio/error.hpp>

#include <chrono>
#include <utility>

namespace registry::inline v0_2 {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

/// The pause after a failure to accept.
constexpr std::chrono::milliseconds accept_pause{100};
/// The number of connections to accept before other work gets its turn.
constexpr int most_at_once = 64;
/// How often to let the system choose another port if the one it chose for the first address is in use at another.
constexpr int most_choices = 16;

/// A name may stand for addresses of a kind that this host does not have.
bool is_not_of_this_host(const error_code& failed) {
  return failed == asio::error::address_family_not_supported || failed == boost::system::errc::address_not_available;
}

bool concerns_one_connection(const error_code& failed) {
  return failed == asio::error::connection_aborted || failed == asio::error::interrupted ||
         failed == boost::system::errc::protocol_error;
}

error cannot_listen(const node_address& where, const error_code& failed) {
  return {errc::invalid_argument, "cannot listen on " + to_string(where) + ": " + failed.message() +
                                      "; choose an address of this host and a free port"};
}

} // namespace

struct listener::door : std::enable_shared_from_this<door> {
  explicit door(asio::io_context& context) : acceptor(context), pause(context) {}

  void wait() {
    acceptor.async_wait(tcp::acceptor::wait_read, [self = shared_from_this()](const error_code& failed) {
      if (!failed)
        self->admit();
    });
  }

  void admit() {
    for (int i = 0; i < most_at_once && acceptor.is_open(); ++i) {
      tcp::socket socket{acceptor.get_executor()};
      tcp::endpoint from;
      const auto failed = accept_socket(acceptor, socket, from);
      if (failed == asio::error::would_block)
        break;
      if (failed && !concerns_one_connection(failed))
        return rest(failed);
      if (failed)
        continue;
      complained = false;
      on_accept(std::move(socket), from);
    }
    if (acceptor.is_open())
      wait();
  }

  void rest(const error_code& why) {
    if (!std::exchange(complained, true))
      internal::log_warning("cannot accept connections from other nodes: {}; retrying", why.message());
    pause.expires_after(accept_pause);
    pause.async_wait([self = shared_from_this()](const error_code& cancelled) {
      if (!cancelled && self->acceptor.is_open())
        self->admit();
    });
  }

  tcp::acceptor acceptor;
  asio::steady_timer pause;
  accept_handler on_accept;
  bool complained = false; // since the last connection
};

listener::listener(doors opened) : doors_(std::move(opened)) {
  for (const auto& x : doors_)
    endpoints_.push_back(x->acceptor.local_endpoint());
}

result<std::unique_ptr<listener>> listener::open(asio::io_context& context, const node_address& where) {
  error_code failed;
  tcp::resolver resolver{context};
  const auto found = resolver.resolve(where.host, std::to_string(where.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, failed);
  if (failed)
    return cannot_listen(where, failed);
  for (int i = 0; i < most_choices; ++i) {
    doors opened;
    failed = open_all(context, {found.begin(), found.end()}, opened);
    if (!opened.empty() && !failed)
      return std::unique_ptr<listener>{new listener{std::move(opened)}};
    if (where.port != 0 || failed != asio::error::address_in_use)
      break;
  }
  return cannot_listen(where, failed);
}

error_code listener::open_all(asio::io_context& context, std::vector<tcp::endpoint> where, doors& opened) {
  error_code no_such;
  for (auto& x : where) {
    auto made = std::make_shared<door>(context);
    if (x.port() == 0 && !opened.empty())
      x.port(opened.front()->acceptor.local_endpoint().port());
    const auto failed = open_acceptor(made->acceptor, x);
    if (failed && !is_not_of_this_host(failed))
      return failed;
    if (failed)
      no_such = failed;
    else
      opened.push_back(std::move(made));
  }
  return opened.empty() ? no_such : error_code{};
}

void listener::start(accept_handler on_accept) {
  for (const auto& x : doors_) {
    x->on_accept = on_accept;
    x->wait();
  }
}

void listener::close() {
  for (const auto& x : doors_) {
    error_code ignored;
    x->acceptor.close(ignored);
    x->pause.cancel();
  }
}

} // namespace registry::inline v0_2
