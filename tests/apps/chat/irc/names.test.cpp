#include <chat/irc/names.hpp>
#include <chat/irc/numeric.hpp>

#include <support/catch.hpp>

using namespace chat;

TEST_CASE("names are folded as RFC 1459 has it") {
  CHECK(irc::fold("#Lobby[]\\~") == "#lobby{}|^");
  CHECK(irc::fold("ÄÖ") == "ÄÖ");
  CHECK(irc::same_name("Ann[1]", "aNN{1}"));
  CHECK_FALSE(irc::same_name("ann", "anna"));
}

TEST_CASE("nicknames are of letters, digits and a few others") {
  for (auto good : {"a", "Ann", "[x]", "_", "`^|", "a-1", "{}\\"})
    CHECK(irc::is_nick(good));
  for (auto bad : {"", "1a", "-a", "a b", "a!", "a@b", "#a", "ä", ":a", "a,b", "a*", "a\x01"})
    CHECK_FALSE(irc::is_nick(bad));
  CHECK(irc::is_nick(std::string(irc::max_nick, 'a')));
  CHECK_FALSE(irc::is_nick(std::string(irc::max_nick + 1, 'a')));
}

TEST_CASE("channel names begin with a number sign and have no separators") {
  for (auto good : {"#a", "##", "#Über", "#a!b@c", "#1"})
    CHECK(irc::is_channel(good));
  for (auto bad : {"", "#", "a", "&a", "#a b", "#a,b", "#a:b", "#a\x07", "#\x7f", "#a\r"})
    CHECK_FALSE(irc::is_channel(bad));
  CHECK(irc::is_channel("#" + std::string(irc::max_channel - 1, 'a')));
  CHECK_FALSE(irc::is_channel("#" + std::string(irc::max_channel, 'a')));
}

TEST_CASE("a user name cannot pretend to be more than one") {
  CHECK(irc::clean_user("ann") == "ann");
  CHECK(irc::clean_user("a!b@c d") == "abcd");
  CHECK(irc::clean_user("@@") == "user");
  CHECK(irc::clean_user(std::string(100, 'x')).size() == irc::max_user);
}

TEST_CASE("numerics have three digits") {
  CHECK(std::string_view{irc::digits(irc::numeric::rpl_welcome)} == "001");
  CHECK(std::string_view{irc::digits(irc::numeric::err_nosuchnick)} == "401");
}

TEST_CASE("commands are compared in upper case") {
  CHECK(irc::upper("privMsg") == "PRIVMSG");
}
