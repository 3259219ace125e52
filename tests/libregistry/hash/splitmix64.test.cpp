#include <registry/hash/detail/splitmix64.hpp>
#include <registry/hash/secret.hpp>

#include <support/catch.hpp>

using registry::detail::splitmix64;

TEST_CASE("splitmix64 gives the numbers of its authors") {
  std::uint64_t state = 1234567;
  CHECK(splitmix64(state) == 6457827717110365317U);
  CHECK(splitmix64(state) == 3203168211198807973U);
  CHECK(splitmix64(state) == 9817491932198370423U);
  CHECK(splitmix64(state) == 4593380528125082431U);
}

TEST_CASE("a secret of a seed consists of the numbers of splitmix64") {
  constexpr auto secret = registry::hash_secret::from_seed(1234567);
  CHECK(secret.words[0] == 6457827717110365317U);
  CHECK(secret.words[3] == 4593380528125082431U);
}
