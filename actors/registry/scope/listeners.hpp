#pragma once

#include <registry/entry/event.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace registry {

/// Finds the actor that has a name on this node; null if there is none. Any thread.
using name_resolver = std::function<member(std::string_view name)>;

/// The named actors that are told of every entry that comes or goes: in commit order, and with no lock held, because a companion
/// handles a message inside of its delivery.
class listeners : public std::enable_shared_from_this<listeners> {
public:
  listeners(std::string scope_name, std::vector<std::string> names, name_resolver resolve);

  [[nodiscard]] bool empty() const noexcept { return names_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

  /// Takes changes that follow those before; they are told when no deferral is open. One thread at a time.
  void tell(const std::vector<event_ptr>& changes);

private:
  void tell_pending();
  void tell(const member& listener, const event& change) const;

  const std::string scope_name_;
  const std::vector<std::string> names_;
  const name_resolver resolve_;

  std::mutex lock_;
  std::vector<event_ptr> pending_;
  bool telling_ = false; // some thread is, and goes on until nothing is pending
};

} // namespace registry
