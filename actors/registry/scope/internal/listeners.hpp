#pragma once

#include <registry/entry/event.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

/// Finds the actor with a name on this node; null if there is none. Any thread.
using name_resolver = std::function<member(std::string_view name)>;

/// The named actors that are told about every entry that joins or leaves, in commit order. Changes are queued under the
/// scope's drain lock and delivered with no lock held, because a companion handles a message during its delivery.
class listeners {
public:
  listeners(std::string scope_name, std::vector<std::string> names, name_resolver resolve);

  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

  /// Takes the next changes. Returns whether any are waiting to be delivered. One thread at a time.
  [[nodiscard]] bool queue(const std::vector<event_ptr>& changes);
  /// Delivers the queued changes, unless another thread is doing so. Returns whether more have been queued meanwhile, which
  /// the caller must handle: no thread delivers for ever, however much others commit. Any thread, with no lock held.
  [[nodiscard]] bool tell();

private:
  void tell(const member& listener, const event& change) const;

  const std::string scope_name_;
  const std::vector<std::string> names_;
  const name_resolver resolve_;

  std::mutex lock_;
  std::vector<event_ptr> queued_;
  bool telling_ = false;
};

} // namespace registry::inline v0_2
