#include <registry/internal/hex.hpp>
#include <registry/link/internal/proof.hpp>

#include <link/raw_peer.hpp>

#include <support/catch.hpp>

#include <string>

using namespace registry;
using registry::internal::hex;
using registry::testing::bytes_of;

TEST_CASE("a proof is the HMAC-SHA-256 of RFC 4231") {
  CHECK(hex(hmac_sha_256(std::string(20, '\x0b'), bytes_of("Hi There")).value()) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_sha_256("Jefe", bytes_of("what do ya want for nothing?")).value()) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(hmac_sha_256(std::string(131, '\xaa'), bytes_of("Test Using Larger Than Block-Size Key - Hash Key First"))
                .value()) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("an empty secret makes a proof, too") {
  CHECK(hex(hmac_sha_256("", {}).value()) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("no two nonces are the same") {
  CHECK(make_nonce().value() != make_nonce().value());
}

TEST_CASE("byte strings are equal only if all bytes are") {
  auto a = bytes_of("abcdefgh");
  CHECK(same_bytes(a, bytes_of("abcdefgh")));
  CHECK_FALSE(same_bytes(a, bytes_of("abcdefg")));
  CHECK_FALSE(same_bytes(a, bytes_of("abcdefgi")));
  CHECK_FALSE(same_bytes(a, bytes_of("bbcdefgh")));
  CHECK(same_bytes({}, {}));
}
