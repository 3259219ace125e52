#include <support/proxy.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <exception>
#include <future>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace cluster_tests {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

constexpr std::size_t chunk_size = 64U << 10U;
constexpr std::size_t most_chunks = 256;       // under way in one direction of one connection
constexpr std::size_t chunks_in_buffer = 8;    // where its size is limited
constexpr std::size_t chunks_per_second = 100; // where the rate is limited: what waits, waits at the sender
constexpr int slow_buffer = 64 << 10;          // likewise, and enough for a record of TLS at a time

tcp::endpoint endpoint_of(const registry::node_address& x) {
  return {asio::ip::make_address(x.host), x.port};
}

/// The common part of all connections of a proxy, for its thread alone except the two counts.
struct line {
  proxy::options with;
  bool silent = false;
  std::size_t rate = 0; // in bytes a second, or 0
  std::size_t accepted = 0;
  std::atomic<std::size_t> made{0};
  std::atomic<std::size_t> open{0};
};

/// Two sockets; the bytes of each are written to the other.
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(tcp::socket client, asio::io_context& context, line& shared)
      : shared_(shared), number_(++shared.accepted), ways_{way{std::move(client)}, way{tcp::socket{context}}} {
    ++shared_.open;
  }

  void start(const tcp::endpoint& to) {
    ways_[0].timer.expires_after(shared_.with.delay);
    ways_[0].timer.async_wait([self = shared_from_this(), to](const error_code& ended) {
      if (ended)
        return;
      self->ways_[1].socket.async_connect(to, [self](const error_code& failed) {
        if (failed)
          return self->close();
        ++self->shared_.made;
        self->connected_ = true;
        self->pass_on_at_once();
        self->limit_buffers();
        self->go_on();
      });
    });
  }

  /// Begins to read and write again.
  void go_on() {
    if (!connected_ || closed_)
      return;
    for (std::size_t from = 0; from < ways_.size(); ++from) {
      if (is_over(from))
        return close();
      read(from);
      write(from);
    }
  }

  /// Those of the system, if the rate or they are limited.
  void limit_buffers() {
    const auto most = shared_.with.buffer != 0 ? static_cast<int>(shared_.with.buffer / 2) : slow_buffer;
    if (shared_.with.buffer == 0 && shared_.rate == 0)
      return;
    for (auto& x : ways_) {
      error_code ignored;
      x.socket.set_option(tcp::socket::send_buffer_size(most), ignored);
      x.socket.set_option(tcp::socket::receive_buffer_size(most), ignored);
    }
  }

  void close() {
    if (!std::exchange(closed_, true))
      --shared_.open;
    for (auto& x : ways_) {
      error_code ignored;
      x.socket.close(ignored);
      x.timer.cancel();
    }
  }

  [[nodiscard]] bool is_closed() const noexcept { return closed_; }

private:
  /// Otherwise the second of two messages waits for the receiver's delayed acknowledgement, which no node causes.
  void pass_on_at_once() {
    for (auto& x : ways_) {
      error_code ignored;
      x.socket.set_option(tcp::no_delay(true), ignored);
    }
  }

  [[nodiscard]] std::size_t most_at_once() const {
    if (shared_.rate != 0)
      return std::min(chunk_size, shared_.rate / chunks_per_second + 1);
    return shared_.with.buffer != 0 ? std::min(chunk_size, shared_.with.buffer / chunks_in_buffer) : chunk_size;
  }

  [[nodiscard]] std::size_t most_waiting() const {
    if (shared_.rate != 0)
      return 2;
    return shared_.with.buffer != 0 ? chunks_in_buffer : most_chunks;
  }

  /// From one socket to the other one.
  struct way {
    explicit way(tcp::socket s) : socket(std::move(s)), timer(socket.get_executor()) {}
    tcp::socket socket;
    asio::steady_timer timer;
    std::array<char, chunk_size> chunk{};
    std::deque<std::pair<clock::time_point, std::string>> queue;
    clock::time_point due{}; // of the last of them
    bool reading = false;
    bool writing = false;
    bool ended = false;
  };

  void read(std::size_t from) {
    auto& x = ways_[from];
    if (shared_.silent || x.reading || x.ended || x.queue.size() >= most_waiting())
      return;
    x.reading = true;
    const auto taken = [self = shared_from_this(), from](const error_code& ended, std::size_t size) {
      self->take(from, ended, size);
    };
    x.socket.async_read_some(asio::buffer(x.chunk.data(), most_at_once()), taken);
  }

  void take(std::size_t from, const error_code& ended, std::size_t size) {
    auto& x = ways_[from];
    x.reading = false;
    if (ended) {
      // Earlier bytes go first.
      x.ended = true;
      if (is_over(from))
        close();
      return;
    }
    x.due = std::max(x.due, clock::now() + shared_.with.delay);
    if (shared_.rate != 0)
      x.due += std::chrono::nanoseconds{std::chrono::seconds{1}} * size / shared_.rate;
    std::string bytes{x.chunk.data(), size};
    const auto sender = from == 0 ? proxy::end::dialler : proxy::end::acceptor;
    if (shared_.with.hears)
      shared_.with.hears(number_, sender, bytes);
    if (shared_.with.changes)
      shared_.with.changes(number_, sender, bytes);
    if (!bytes.empty())
      x.queue.emplace_back(x.due, std::move(bytes));
    read(from);
    write(from);
  }

  void write(std::size_t from) {
    auto& x = ways_[from];
    if (shared_.silent || x.writing || x.queue.empty())
      return;
    x.writing = true;
    x.timer.expires_at(x.queue.front().first);
    x.timer.async_wait([self = shared_from_this(), from](const error_code& closed) {
      if (!closed)
        self->write_first(from);
    });
  }

  void write_first(std::size_t from) {
    auto& x = ways_[from];
    if (shared_.silent) {
      x.writing = false;
      return;
    }
    const auto written = [self = shared_from_this(), from](const error_code& failed, std::size_t) {
      self->go_on_after(from, failed);
    };
    asio::async_write(ways_[1 - from].socket, asio::buffer(x.queue.front().second), written);
  }

  void go_on_after(std::size_t from, const error_code& failed) {
    auto& x = ways_[from];
    x.writing = false;
    if (failed)
      return close();
    x.queue.pop_front();
    if (is_over(from))
      return close();
    read(from);
    write(from);
  }

  /// Whether all bytes have been passed on, and the other side may be told of the end.
  [[nodiscard]] bool is_over(std::size_t from) const {
    return ways_[from].ended && ways_[from].queue.empty() && !shared_.silent;
  }

  line& shared_;
  const std::size_t number_;
  bool connected_ = false;
  bool closed_ = false;
  std::array<way, 2> ways_;
};

} // namespace

struct proxy::state {
  explicit state(options with) : listens{with.listen} {
    shared.with = std::move(with);
    listener.listen();
  }

  tcp::acceptor bound_to(const tcp::endpoint& x) {
    tcp::acceptor out{context, x.protocol()};
    out.set_option(tcp::acceptor::reuse_address{true});
    out.bind(x);
    return out;
  }

  void listen_again() {
    if (listener.is_open())
      return;
    listener = bound_to(place.local_endpoint());
    listener.listen();
    if (target)
      accept();
  }

  void accept() {
    listener.async_accept([this](const error_code& failed, tcp::socket client) {
      if (failed)
        return;
      if (!cut) {
        std::erase_if(connections, [](const auto& x) { return x->is_closed(); });
        auto made = std::make_shared<connection>(std::move(client), context, shared);
        connections.push_back(made);
        made->start(*target);
      }
      accept();
    });
  }

  void close_all() {
    for (const auto& x : connections)
      x->close();
  }

  /// Calls a function on the proxy's thread and waits for it.
  template <class Function>
  void run(Function function) {
    std::promise<void> done;
    asio::post(context, [&] {
      function();
      done.set_value();
    });
    done.get_future().wait();
  }

  const registry::node_address listens;
  line shared;
  asio::io_context context;
  /// Keeps the port while nobody listens: a bound socket that does not listen shares its address.
  tcp::acceptor place = bound_to(endpoint_of(listens));
  tcp::acceptor listener = bound_to(place.local_endpoint());
  registry::node_address address{listens.host, listener.local_endpoint().port()};
  std::optional<tcp::endpoint> target;
  bool cut = false;
  /// Held here, too, because in silence no handler holds them.
  std::vector<std::shared_ptr<connection>> connections;
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread;
};

proxy::proxy(options with) {
  // Sockets belong to the network of the thread that makes them.
  std::promise<std::unique_ptr<state>> made;
  auto ready = made.get_future();
  std::thread thread{[made = std::move(made), &with]() mutable {
    state* own = nullptr;
    try {
      if (with.network >= 0 && ::setns(with.network, CLONE_NEWNET) != 0)
        throw std::system_error(errno, std::generic_category(), "entering a network namespace");
      auto out = std::make_unique<state>(std::move(with));
      own = out.get();
      made.set_value(std::move(out));
    } catch (...) {
      return made.set_exception(std::current_exception());
    }
    own->context.run();
  }};
  try {
    state_ = ready.get();
  } catch (...) {
    thread.join();
    throw;
  }
  state_->thread = std::move(thread);
}

proxy::proxy(std::chrono::milliseconds delay, tap hears) : proxy(options{delay, std::move(hears)}) {}

proxy::~proxy() {
  state_->run([this] {
    state_->work.reset();
    state_->listener.close();
    state_->close_all();
  });
  state_->thread.join();
}

const registry::node_address& proxy::address() const noexcept {
  return state_->address;
}

void proxy::lead_to(const registry::node_address& destination) {
  state_->run([&] {
    if (!std::exchange(state_->target, endpoint_of(destination)))
      state_->accept();
  });
}

void proxy::cut() {
  state_->run([this] {
    state_->cut = true;
    state_->close_all();
  });
}

void proxy::refuse() {
  state_->run([this] {
    state_->cut = true; // for connections that the kernel has made, but nobody has accepted
    state_->listener.close();
    state_->close_all();
  });
}

void proxy::silence() {
  state_->run([this] { state_->shared.silent = true; });
}

void proxy::restore() {
  state_->run([this] {
    state_->listen_again();
    state_->cut = false;
    state_->shared.silent = false;
    for (const auto& x : state_->connections)
      x->go_on();
  });
}

void proxy::limit(std::size_t bytes_per_second) {
  state_->run([&] {
    state_->shared.rate = bytes_per_second;
    for (const auto& x : state_->connections)
      x->limit_buffers();
  });
}

void proxy::delay(std::chrono::milliseconds time) {
  state_->run([&] { state_->shared.with.delay = time; });
}

std::size_t proxy::made() const {
  return state_->shared.made;
}

std::size_t proxy::open() const {
  return state_->shared.open;
}

} // namespace cluster_tests
