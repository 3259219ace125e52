#include <registry/hash/secret.hpp>

namespace registry::inline v0_2 {

namespace {

enum class stage : std::uint8_t { open, being_set, settled };

constinit hash_secret chosen = hash_secret::from_seed(0x6b65796564206861U);
constinit std::atomic<stage> progress{stage::open};

} // namespace

bool set_hash_secret(const hash_secret& secret) noexcept {
  auto expected = stage::open;
  if (!progress.compare_exchange_strong(expected, stage::being_set, std::memory_order_acquire))
    return false;
  chosen = secret;
  progress.store(stage::open, std::memory_order_release);
  return true;
}

const hash_secret& internal::settle_secret() noexcept {
  // Spins only while another thread sets the secret, which callers must not allow to happen.
  auto now = progress.load(std::memory_order_acquire);
  while (now != stage::settled) {
    now = stage::open;
    if (progress.compare_exchange_weak(now, stage::settled, std::memory_order_acq_rel))
      break;
  }
  settled_secret.store(&chosen, std::memory_order_release);
  return chosen;
}

} // namespace registry::inline v0_2
