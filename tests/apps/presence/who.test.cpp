#include <apps/presence/local_scope.hpp>

#include <presence/who.hpp>

#include <support/catch.hpp>

using presence::who_is_online;
using presence::testing::local_scope;

using names = std::vector<std::string>;

TEST_CASE("users are found by the pattern of their status") {
  local_scope where;
  CHECK(who_is_online(where.people, "_").value().empty());
  where.come("cleo", "busy", "office");
  where.come("ann", "online", "office");
  where.come("bob", "busy", "home");
  CHECK(who_is_online(where.people, "_").value() == names{"ann", "bob", "cleo"});
  CHECK(who_is_online(where.people, R"({"state": "busy"})").value() == names{"bob", "cleo"});
  CHECK(who_is_online(where.people, R"({"state": "busy", "place": "office"})").value() == names{"cleo"});
  CHECK(who_is_online(where.people, R"({"state": "asleep"})").value().empty());
}

TEST_CASE("a user who is online in two places is named once") {
  local_scope where;
  where.come("ann", "online", "office");
  where.come("ann", "online", "home");
  CHECK(where.people.count("ann") == 2);
  CHECK(who_is_online(where.people, "_").value() == names{"ann"});
}

TEST_CASE("an invalid pattern is an error that says where") {
  local_scope where;
  const auto asked = who_is_online(where.people, R"({"state": })");
  REQUIRE_FALSE(asked);
  CHECK(asked.error() == registry::errc::bad_match_spec);
  CHECK(asked.error().position() > 0);
}
