#pragma once

#include <registry/link/internal/tls.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace registry::inline v0_2 {

/// Reads from and writes to a connected socket of somebody else, which is non-blocking; by TLS if there is a session.
class link_socket {
public:
  using outcome = tls_session::outcome;

  explicit link_socket(int descriptor, std::shared_ptr<tls_session> tls) : descriptor_(descriptor), tls_(std::move(tls)) {
    if (tls_ != nullptr)
      tls_->read_ahead();
  }

  outcome read(std::span<std::byte> into) const;
  /// See `tls_session::write`.
  outcome write(std::span<const std::byte> data) const;
  /// Whether there is more to read that the system does not know of.
  [[nodiscard]] bool has_pending() const { return tls_ != nullptr && tls_->has_pending(); }
  [[nodiscard]] bool is_plain() const noexcept { return tls_ == nullptr; }
  /// Why TLS has failed, if it has.
  [[nodiscard]] const std::string& failure() const { return tls_->failure(); }
  void end_writing() const;
  void end() const;

private:
  int descriptor_;
  std::shared_ptr<tls_session> tls_;
};

} // namespace registry::inline v0_2
