#include <chat/transport/listener.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <utility>

namespace chat {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

/// How long to wait after accepting failed, for lack of file descriptors for example.
constexpr std::chrono::milliseconds accept_pause{100};

constexpr std::string_view full_notice = "ERROR :Closing link: too many connections\r\n";

std::string describe(const tcp::endpoint& where) {
  auto host = where.address().to_string();
  return (where.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(where.port());
}

error_code open(tcp::acceptor& acceptor, const tcp::endpoint& where) {
  error_code failed;
  acceptor.open(where.protocol(), failed);
  if (!failed)
    acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
  if (!failed && where.address().is_v6())
    acceptor.set_option(asio::ip::v6_only{true}, failed);
  if (!failed)
    acceptor.bind(where, failed);
  if (!failed)
    acceptor.listen(asio::socket_base::max_listen_connections, failed);
  return failed;
}

} // namespace

struct listener::door {
  explicit door(asio::io_context& context) : acceptor(context), pause(context) {}
  tcp::acceptor acceptor;
  asio::steady_timer pause;
};

registry::result<std::unique_ptr<listener>> listener::open(const listener_options& options, accept_handler on_accept) {
  std::unique_ptr<listener> result{new listener{options, std::move(on_accept)}};
  if (auto bound = result->bind(); !bound)
    return bound.error();
  for (const auto& opened : result->doors_)
    result->admit_all(opened);
  result->thread_ = std::thread{[context = result->context_] { context->run(); }};
  return result;
}

listener::listener(const listener_options& options, accept_handler on_accept)
    : options_(options),
      on_accept_(std::move(on_accept)),
      context_(std::make_shared<asio::io_context>(1)),
      work_(context_->get_executor()),
      deadline_(*context_),
      port_(options.port) {}

listener::~listener() {
  stop();
}

registry::result<void> listener::bind() {
  for (const auto& host : options_.hosts) {
    error_code failed;
    tcp::resolver resolver{*context_};
    auto found = resolver.resolve(host, "0", tcp::resolver::passive, failed);
    if (failed)
      return registry::error{registry::errc::invalid_argument, "cannot listen on \"" + host + "\": " + failed.message()};
    for (const auto& candidate : found) {
      auto opened = std::make_shared<door>(*context_);
      tcp::endpoint where{candidate.endpoint().address(), port_};
      if (failed = chat::open(opened->acceptor, where); failed)
        return registry::error{registry::errc::invalid_argument, "cannot listen on " + describe(where) + ": " +
                                                                     failed.message() + "; choose another port or host"};
      where = opened->acceptor.local_endpoint();
      port_ = where.port();
      addresses_.push_back(describe(where));
      doors_.push_back(std::move(opened));
    }
  }
  if (doors_.empty())
    return registry::error{registry::errc::invalid_argument, "there is no address to listen on; name at least one host"};
  return registry::success();
}

void listener::admit_all(const std::shared_ptr<door>& from) {
  from->acceptor.async_accept([this, from](const error_code& failed, tcp::socket socket) {
    if (!from->acceptor.is_open())
      return;
    if (failed) {
      spdlog::warn("cannot accept a connection: {}", failed.message());
      return admit_later(from);
    }
    admit(std::move(socket));
    admit_all(from);
  });
}

void listener::admit_later(const std::shared_ptr<door>& from) {
  from->pause.expires_after(accept_pause);
  from->pause.async_wait([this, from](const error_code& cancelled) {
    if (!cancelled)
      admit_all(from);
  });
}

void listener::admit(tcp::socket socket) {
  if (connections_.size() >= options_.max_connections) {
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(full_notice), ignored);
    return;
  }
  auto accepted = std::make_shared<connection>(context_, std::move(socket), options_.limits);
  connections_.insert(accepted);
  auto handlers = on_accept_(accepted);
  auto forget = [this, accepted, tell = std::move(handlers.on_end)](std::string_view reason) {
    connections_.erase(accepted);
    if (stopping_ && connections_.empty())
      deadline_.cancel();
    if (tell)
      tell(reason);
  };
  accepted->start({std::move(handlers.on_line), std::move(forget)});
}

void listener::close_doors() {
  for (const auto& opened : doors_) {
    error_code ignored;
    opened->acceptor.close(ignored);
    opened->pause.cancel();
  }
}

void listener::stop_accepting() {
  if (!thread_.joinable())
    return;
  std::promise<void> done;
  asio::post(*context_, [&] {
    close_doors();
    done.set_value();
  });
  done.get_future().wait();
}

void listener::stop() {
  if (!thread_.joinable())
    return;
  // The thread ends by itself when there is nothing left to do: no door, no connection, no timer.
  asio::post(*context_, [this] {
    close_doors();
    end_soon();
  });
  thread_.join();
}

void listener::end_soon() {
  stopping_ = true;
  work_.reset();
  if (connections_.empty())
    return;
  deadline_.expires_after(options_.limits.linger);
  deadline_.async_wait([this](const error_code& cancelled) {
    if (!cancelled)
      end_all();
  });
}

void listener::end_all() {
  auto left = std::exchange(connections_, {});
  for (const auto& each : left)
    each->end("Server shutting down");
}

} // namespace chat
