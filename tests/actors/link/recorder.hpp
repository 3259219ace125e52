#pragma once

#include <registry/link/internal/link_service.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace registry::testing {

/// Items that one thread reports and another one waits for.
template <class T>
class mailbox {
public:
  void put(T x) {
    {
      std::lock_guard guard{mutex_};
      waiting_.push_back(std::move(x));
    }
    arrived_.notify_one();
  }

  /// The next one; throws if none comes for a minute.
  T take() {
    std::unique_lock guard{mutex_};
    if (!arrived_.wait_for(guard, std::chrono::minutes{1}, [&] { return !waiting_.empty(); }))
      throw std::runtime_error("nothing came for a minute");
    T x = std::move(waiting_.front());
    waiting_.pop_front();
    return x;
  }

  [[nodiscard]] std::size_t size() const {
    std::lock_guard guard{mutex_};
    return waiting_.size();
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<T> waiting_;
};

struct turned_away {
  node_address who;
  dial_failure why;
  std::string detail;
};

/// Keeps the reports of a service.
class recorder : public link_observer {
public:
  std::optional<dial_failure> objection(const link_info& info, std::string_view node_id) override;
  void established(established_link x) override { links.put(std::move(x)); }
  void dial_failed(const node_address& where, dial_failure why, std::string detail) override;
  void dialler_refused(const node_address& who, dial_failure why, std::string detail) override;

  [[nodiscard]] bool is_empty() const { return links.size() + failures.size() + refusals.size() == 0; }

  /// Must be set before the service starts.
  std::function<std::optional<dial_failure>(const link_info&, std::string_view)> object;
  mailbox<established_link> links;
  mailbox<turned_away> failures;
  mailbox<turned_away> refusals;
};

/// An identity that differs from others by its number.
handshake_identity identity(std::uint64_t number);

/// Options of a node on this host, with a free port.
link_service_options options(std::uint64_t number, std::string host = "127.0.0.1");

/// A service and its observer.
class running_service {
public:
  using setup = std::function<void(link_service_options&, recorder&)>;
  explicit running_service(std::uint64_t number, const setup& change = {});
  explicit running_service(link_service_options with);

  link_service* operator->() const { return service.get(); }
  [[nodiscard]] const node_address& where() const { return service->local_address(); }

  recorder seen;
  std::unique_ptr<link_service> service;
};

} // namespace registry::testing
