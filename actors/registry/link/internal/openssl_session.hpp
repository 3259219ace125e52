#pragma once

#include <registry/link/internal/openssl.hpp>
#include <registry/link/internal/tls.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace registry::inline v0_2 {

/// A session of OpenSSL, whatever the two ends prove to each other.
class openssl_session : public tls_session {
public:
  openssl_session(SSL_CTX* context, int socket);

  [[nodiscard]] bool is_ready() const noexcept { return ssl_ != nullptr; }

  status shake_hands() override;
  outcome read(std::span<std::byte> into) override;
  outcome write(std::span<const std::byte> data) override;
  void read_ahead() override;
  [[nodiscard]] bool has_pending() const override { return SSL_has_pending(ssl_.get()) == 1; }
  [[nodiscard]] std::size_t secret() const override { return 0; }
  [[nodiscard]] const std::string& failure() const override { return failure_; }

protected:
  [[nodiscard]] SSL* ssl() const noexcept { return ssl_.get(); }
  /// Of the call that has just failed.
  [[nodiscard]] virtual std::string describe_failure() const = 0;

private:
  status judge(int result);

  openssl_ptr<SSL> ssl_;
  std::string failure_;
};

} // namespace registry::inline v0_2
