#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// Looks up the addresses of hosts as the system does (getaddrinfo), a few names at a time and each once for all who want it at that
/// time, and can be destroyed while a name server does not answer: Asio's resolver would wait for it. I/O thread only.
///
/// 1. A lookup runs in a thread of its own, which is detached and shares nothing with this object but the mailbox.
/// 2. Handlers stay here; a thread knows the name only. So handlers are destroyed in the I/O thread.
/// 3. After the destructor no result reaches the context.
class host_resolver {
public:
  using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  /// `failed` says what went wrong; it is empty if there are addresses.
  using handler = std::function<void(const std::string& failed, endpoints found)>;

  explicit host_resolver(boost::asio::io_context& context);
  host_resolver(const host_resolver&) = delete;
  host_resolver& operator=(const host_resolver&) = delete;
  ~host_resolver();

  /// Calls `done` once, and not from inside; unless the lookup is cancelled or this object is destroyed before. Returns its number.
  std::uint64_t start(std::string host, std::uint16_t port, handler done);
  /// Idempotent. The thread goes on until the name server has answered.
  void cancel(std::uint64_t number);

  /// How many names are looked up at a time; more wait.
  static constexpr std::size_t max_threads = 8;
  /// How many names the system has been asked for.
  [[nodiscard]] std::uint64_t asked() const noexcept { return asked_; }

private:
  struct lookup {
    std::string host;
    std::uint16_t port = 0;
    handler done;
  };
  struct mailbox;

  void run_next();
  void finish(const std::string& host, const std::string& failed, const endpoints& found);

  std::shared_ptr<mailbox> mailbox_;
  std::map<std::uint64_t, lookup> lookups_;
  std::map<std::string, std::vector<std::uint64_t>> by_host_; // those that wait for one answer, some of them cancelled
  std::deque<std::string> waiting_;
  std::size_t threads_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t last_ = 0;
};

} // namespace registry::inline v0_2
