// What libFuzzer calls, whose main function this program has.

#include <fuzz/target.hpp>

#include <registry/hash/secret.hpp>

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  // The order of tables depends on it: a finding happens again when it is replayed.
  if (!registry::set_hash_secret(registry::hash_secret::from_seed(1)))
    std::abort();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto& x : registry::fuzz::targets())
    x.run(std::as_bytes(std::span{data, size}));
  return 0;
}
