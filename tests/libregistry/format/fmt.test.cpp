#include <registry/format/fmt.hpp>

#include <support/fake_member.hpp>

#include <support/catch.hpp>

#include <string>

using namespace registry;
using registry::testing::make_member;

TEST_CASE("entries, events and members are formatted as text", "[format]") {
  const member who = make_member(7);
  const entry held{who, object("nick", "ann"), 1, 2, 3};
  CHECK(fmt::format("{}", value{1}) == "1");
  CHECK(fmt::format("[{:>4}]", value{1}) == "[   1]");
  CHECK(fmt::format("{}", held.id()) == "3:2");
  CHECK(fmt::format("{}", who) == to_string(who));
  CHECK(fmt::format("{}", held) == to_string(who) + R"(: {"nick": "ann"} (3:2))");
  CHECK(fmt::format("{}", errc::timeout) == "timeout");
  CHECK(fmt::format("{}", error{errc::timeout}) == to_string(error{errc::timeout}));
  CHECK(fmt::format("{} {}", verb::join, reason::node_down) == "join node_down");
  CHECK(fmt::format("{}", incarnation{1, 2}) == "00000000000000010000000000000002");
  CHECK(fmt::format("{}", node_address{"host", 4700}) == "host:4700");
  const event change{5, verb::leave, reason::down, "k", {{held.id(), who, held.data, {}}, {held.id(), who, 1, {}}}};
  CHECK(fmt::format("{}", change) ==
        "commit 5: leave \"k\" (down): " + to_string(who) + R"( {"nick": "ann"}, )" + to_string(who) + " 1");
}
