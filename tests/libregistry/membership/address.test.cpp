#include <registry/membership/address.hpp>

#include <support/catch.hpp>

#include <string>
#include <utility>

using namespace registry;

TEST_CASE("an address is read as it was written") {
  for (const auto& x : {node_address{"alpha.example", 4000}, node_address{"10.0.0.1", 0}, node_address{"::1", 65535},
                        node_address{"fe80::1%eth0", 1}, node_address{std::string(255, 'a'), 1}}) {
    CAPTURE(to_string(x));
    CHECK(parse_address(to_string(x)).value() == x);
  }
  CHECK(to_string(node_address{"::1", 4000}) == "[::1]:4000");
}

TEST_CASE("an invalid address is refused with its position") {
  const std::pair<std::string, std::size_t> wrong[] = {{"", 0},
                                                       {"alpha", 5},
                                                       {":4000", 0},
                                                       {"alpha:", 6},
                                                       {"alpha:x", 6},
                                                       {"alpha:-1", 6},
                                                       {"alpha:+1", 6},
                                                       {"alpha: 1", 6},
                                                       {"alpha:1 ", 6},
                                                       {"alpha:65536", 6},
                                                       {"::1:4000", 0},
                                                       {"[::1]", 3},
                                                       {"[::1]4000", 3},
                                                       {"[alpha]:1", 0},
                                                       {"[]:1", 0},
                                                       {"[:1", 0},
                                                       {"al pha:1", 0},
                                                       {"al\npha:1", 0},
                                                       {"[[::1]]:1", 0},
                                                       {"http://alpha:1", 0},
                                                       {std::string(256, 'a') + ":1", 0}};
  for (const auto& [text, position] : wrong) {
    CAPTURE(text);
    const auto read = parse_address(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error() == errc::malformed);
    CHECK(read.error().position() == position);
  }
}
