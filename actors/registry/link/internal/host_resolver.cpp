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
std::string look_up(const std::string& host, host_resolver::endpoints& found) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const auto failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &list); failed != 0)
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
  const auto [shared, is_new] = by_host_.try_emplace(host);
  shared->second.push_back(++last_);
  if (is_new)
    waiting_.push_back(host);
  lookups_.emplace(last_, lookup{std::move(host), port, std::move(done)});
  run_next();
  return last_;
}

void host_resolver::cancel(std::uint64_t number) {
  lookups_.erase(number);
}

void host_resolver::run_next() {
  while (threads_ < max_threads && !waiting_.empty()) {
    const auto host = waiting_.front();
    waiting_.pop_front();
    const auto wanted = by_host_.find(host);
    if (std::ranges::none_of(wanted->second, [&](auto number) { return lookups_.contains(number); })) {
      by_host_.erase(wanted); // cancelled
      continue;
    }
    auto work = [box = mailbox_, host] {
      endpoints all;
      const auto failed = look_up(host, all);
      const std::lock_guard guard(box->lock);
      if (box->context == nullptr)
        return;
      asio::post(*box->context, [box, host, failed, all = std::move(all)] {
        // In the I/O thread, as the destructor: the owner cannot go away meanwhile.
        if (box->owner != nullptr)
          box->owner->finish(host, failed, all);
      });
    };
    ++threads_;
    ++asked_;
    try {
      std::thread{std::move(work)}.detach();
    } catch (const std::system_error& failed) {
      asio::post(*mailbox_->context, [box = mailbox_, host, why = std::string{failed.what()}] {
        if (box->owner != nullptr)
          box->owner->finish(host, why, {});
      });
    }
  }
}

void host_resolver::finish(const std::string& host, const std::string& failed, const endpoints& found) {
  --threads_;
  const auto answered = by_host_.extract(host);
  run_next();
  for (const auto number : answered.mapped()) {
    auto ended = lookups_.extract(number);
    if (ended.empty())
      continue;
    auto own = found;
    for (auto& each : own)
      each.port(ended.mapped().port);
    ended.mapped().done(failed, std::move(own));
  }
}

} // namespace registry::inline v0_2
