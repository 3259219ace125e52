#include <chat/irc/message.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <random>

using namespace chat;

namespace {

using words = std::vector<std::string_view>;

std::string random_bytes(std::mt19937_64& random, std::size_t most) {
  // Mostly the bytes that mean something to the protocol.
  constexpr std::string_view special{" :,#\r\n\0!@*\x01\xc3\xa4\xff", 15};
  std::string result(random() % (most + 1), ' ');
  for (auto& c : result)
    c = random() % 2 == 0 ? special[random() % special.size()] : static_cast<char>(random() % 256);
  return result;
}

bool is_within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

} // namespace

TEST_CASE("a line is taken apart into prefix, command and parameters") {
  auto line = irc::parse(":ann!a@host PRIVMSG #lobby :hello : you");
  REQUIRE(line);
  CHECK(line->prefix == "ann!a@host");
  CHECK(line->command == "PRIVMSG");
  CHECK(line->params == words{"#lobby", "hello : you"});
  CHECK(line->param(1) == "hello : you");
  CHECK(line->param(2).empty());
}

TEST_CASE("spaces between the parts of a line may be many") {
  auto line = irc::parse("   USER  ann   0 *    :");
  REQUIRE(line);
  CHECK(line->command == "USER");
  CHECK(line->params == words{"ann", "0", "*", ""});
}

TEST_CASE("a line without a command is none") {
  CHECK_FALSE(irc::parse(""));
  CHECK_FALSE(irc::parse("    "));
  CHECK_FALSE(irc::parse(":prefix"));
  CHECK_FALSE(irc::parse(":prefix    "));
}

TEST_CASE("the fifteenth parameter takes the rest of the line") {
  auto line = irc::parse("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 :17");
  REQUIRE(line);
  CHECK(line->params.size() == irc::max_params);
  CHECK(line->params.back() == "15 16 :17");
}

TEST_CASE("a line is put together from words and a text") {
  CHECK(irc::compose("server", "PONG", "server", irc::text{"a b"}) == ":server PONG server :a b");
  CHECK(irc::compose({}, "PING", irc::text{}) == "PING :");
  CHECK(irc::compose("server", irc::numeric::rpl_welcome, "ann", irc::text{"Hi"}) == ":server 001 ann :Hi");
  CHECK(irc::compose("server", irc::numeric::err_nicknameinuse, "", "ann") == ":server 433 * ann");
}

TEST_CASE("nothing that stands in a parameter can begin another line or another parameter") {
  CHECK(irc::compose("a b\r\nQUIT", "NICK", "x y\n:z") == ":a_b__QUIT NICK x_y_:z");
  CHECK(irc::compose("s", "PRIVMSG", ":odd", irc::text{"one\r\nQUIT\0two"}) == ":s PRIVMSG _:odd :one  QUIT");
  using namespace std::string_view_literals;
  CHECK(irc::compose("s", "PRIVMSG", "a", irc::text{"x\0y"sv}) == ":s PRIVMSG a :x y");
}

TEST_CASE("a line that is too long is cut between characters") {
  std::string text;
  while (text.size() < 600)
    text += "ä";
  auto even = irc::compose("s", "P", irc::text{text});
  auto odd = irc::compose("s", "PP", irc::text{text});
  CHECK((even.size() == irc::max_line || odd.size() == irc::max_line));
  CHECK((even.size() == irc::max_line - 1 || odd.size() == irc::max_line - 1));
  for (const auto& line : {even, odd})
    CHECK(line.substr(line.size() - 2) == "ä");
}

TEST_CASE("bytes that are no UTF-8 are cut anywhere") {
  CHECK(irc::cut(std::string(600, '\x80'), 510).size() == 510);
  CHECK(irc::cut("abc", 3) == "abc");
  CHECK(irc::cut("abc", 2) == "ab");
  CHECK(irc::cut("\xf0\x9f\x99\x82", 3).empty());
}

TEST_CASE("a list is split at its commas") {
  CHECK(irc::split_list("#a,,#b,") == words{"#a", "#b"});
  CHECK(irc::split_list("").empty());
}

TEST_CASE("whatever bytes come in, a line goes out") {
  auto seed = registry::testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  int lines = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = random_bytes(random, 700);
    CAPTURE(bytes);
    auto parsed = irc::parse(bytes);
    if (!parsed)
      continue;
    ++lines;
    REQUIRE(parsed->params.size() <= irc::max_params);
    REQUIRE(is_within(parsed->prefix, bytes));
    REQUIRE(is_within(parsed->command, bytes));
    irc::composer composer{parsed->prefix, "X"};
    for (auto param : parsed->params) {
      REQUIRE(is_within(param, bytes));
      composer.add(param);
    }
    auto line = std::move(composer.add(irc::text{bytes})).line();
    REQUIRE(line.size() <= irc::max_line);
    REQUIRE(line.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos);
  }
  CHECK(lines > 10'000);
}

TEST_CASE("a composed message is parsed into its parts again") {
  auto seed = registry::testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  auto word = [&] {
    std::string result;
    for (auto n = 1 + random() % 8; n > 0; --n)
      result += static_cast<char>('a' + random() % 26);
    return result;
  };
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::string> params;
    for (auto n = random() % 14; n > 0; --n)
      params.push_back(word());
    auto rest = word() + " : " + word();
    irc::composer composer{"source", "COMMAND"};
    for (const auto& each : params)
      composer.add(each);
    auto line = std::move(composer.add(irc::text{rest})).line();
    auto parsed = irc::parse(line);
    REQUIRE(parsed);
    params.push_back(rest);
    CHECK(std::vector<std::string>{parsed->params.begin(), parsed->params.end()} == params);
  }
}
