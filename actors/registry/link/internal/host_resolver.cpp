#include <registry/link/internal/host_resolver.hpp>

#include <boost/asio/post.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace registry::inline v0_2 {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Asio has no text for most of these errors.
std::string describe(int failed) {
  return failed == EAI_SYSTEM ? std::generic_category().message(errno) : ::gai_strerror(failed);
}

/// Waits for the name server. Returns what went wrong, or nothing.
std::string look_up(const std::string& host, std::uint16_t port, host_resolver::endpoints& found) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  if (const auto failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list); failed != 0)
    return describe(failed);
  for (const auto* x = list; x != nullptr; x = x->ai_next) {
    tcp::endpoint one;
    if (x->ai_addrlen > one.capacity() || (x->ai_family != AF_INET && x->ai_family != AF_INET6))
      continue;
    std::memcpy(one.data(), x->ai_addr, x->ai_addrlen);
    one.resize(x->ai_addrlen);
    if (std::find(found.begin(), found.end(), one) == found.end())
      found.push_back(one);
  }
  ::freeaddrinfo(list);
  return found.empty() ? "the name has no address" : "";
}

} // namespace

struct host_resolver::mailbox {
  std::mutex lock;
  asio::io_context* context = nullptr; // null when the resolver is gone
  host_resolver* owner = nullptr;
};

host_resolver::host_resolver(asio::io_context& context) : mailbox_(std::make_shared<mailbox>()) {
  mailbox_->context = &context;
  mailbox_->owner = this;
}

host_resolver::~host_resolver() {
  const std::lock_guard guard(mailbox_->lock);
  mailbox_->context = nullptr;
  mailbox_->owner = nullptr;
}

std::uint64_t host_resolver::start(std::string host, std::uint16_t port, handler done) {
  lookups_.emplace(++last_, lookup{std::move(host), port, std::move(done)});
  waiting_.push_back(last_);
  run_next();
  return last_;
}

void host_resolver::cancel(std::uint64_t number) {
  lookups_.erase(number);
}

void host_resolver::run_next() {
  while (threads_ < max_threads && !waiting_.empty()) {
    const auto number = waiting_.front();
    waiting_.pop_front();
    const auto found = lookups_.find(number);
    if (found == lookups_.end())
      continue; // cancelled
    auto work = [box = mailbox_, number, host = found->second.host, port = found->second.port] {
      endpoints all;
      const auto failed = look_up(host, port, all);
      const std::lock_guard guard(box->lock);
      if (box->context == nullptr)
        return;
      asio::post(*box->context, [box, number, failed, all = std::move(all)]() mutable {
        // In the I/O thread, as the destructor: the owner cannot go away meanwhile.
        if (box->owner != nullptr)
          box->owner->finish(number, failed, std::move(all));
      });
    };
    ++threads_;
    try {
      std::thread{std::move(work)}.detach();
    } catch (const std::system_error& failed) {
      asio::post(*mailbox_->context, [box = mailbox_, number, why = std::string{failed.what()}] {
        if (box->owner != nullptr)
          box->owner->finish(number, why, {});
      });
    }
  }
}

void host_resolver::finish(std::uint64_t number, const std::string& failed, endpoints found) {
  --threads_;
  auto ended = lookups_.extract(number);
  run_next();
  if (!ended.empty())
    ended.mapped().done(failed, std::move(found));
}

} // namespace registry::inline v0_2
