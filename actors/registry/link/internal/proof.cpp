#include <registry/link/internal/openssl.hpp>
#include <registry/link/internal/proof.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace registry::inline v0_2 {

std::optional<nonce> make_nonce() noexcept {
  nonce made;
  if (RAND_bytes(raw(made.data()), static_cast<int>(made.size())) != 1)
    return std::nullopt;
  return made;
}

std::optional<digest_256> hmac_sha_256(std::string_view key, std::span<const std::byte> data) {
  digest_256 made;
  std::size_t size = 0;
  // An absent key would mean "none was set"; HMAC pads keys with zeros, so this one equals the empty one.
  const std::string_view bytes = key.empty() ? std::string_view{"\0", 1} : key;
  const auto* ok = EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, bytes.data(), bytes.size(), raw(data.data()),
                             data.size(), raw(made.data()), made.size(), &size);
  if (ok == nullptr || size != made.size())
    return std::nullopt;
  return made;
}

bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace registry::inline v0_2
