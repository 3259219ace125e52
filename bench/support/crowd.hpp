#pragma once

#include <registry/member/member.hpp>

#include <caf/fwd.hpp>

#include <cstddef>
#include <vector>

namespace registry::bench {

/// Idle actors; they end with this object.
class crowd {
public:
  crowd(caf::actor_system& system, std::size_t size);
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;
  ~crowd();

  /// Ends them now. Idempotent.
  void end() const;
  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
  /// The i-th one, counted round and round.
  [[nodiscard]] const member& operator[](std::size_t i) const noexcept { return all_[i % all_.size()]; }

  [[nodiscard]] const std::vector<member>& all() const noexcept { return all_; }

private:
  std::vector<member> all_;
};

} // namespace registry::bench
