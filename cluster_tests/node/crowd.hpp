#pragma once

#include <registry/member/member.hpp>

#include <caf/fwd.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace cluster_tests {

/// Actors that join scopes and count the messages they receive. They end with this object.
class crowd {
public:
  explicit crowd(caf::actor_system& system) : system_(system) {}
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;
  ~crowd();

  /// Adds some actors; returns the index of the first.
  std::size_t add(std::size_t count);
  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  [[nodiscard]] const registry::member& at(std::size_t index) const { return members_.at(index); }
  /// Ends one.
  void kill(std::size_t index) const;
  /// Ends all, and forgets them.
  void end();
  /// The number of messages that all of them have received.
  [[nodiscard]] std::size_t received() const noexcept { return counts_->all; }
  /// The number of those with the text "probe".
  [[nodiscard]] std::size_t probes() const noexcept { return counts_->probes; }

private:
  struct counts {
    std::atomic<std::size_t> all{0};
    std::atomic<std::size_t> probes{0};
  };

  caf::actor_system& system_;
  std::vector<registry::member> members_;
  std::shared_ptr<counts> counts_ = std::make_shared<counts>();
};

} // namespace cluster_tests
