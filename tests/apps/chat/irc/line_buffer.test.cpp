#include <chat/irc/line_buffer.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <random>
#include <vector>

using namespace chat;

namespace {

std::vector<std::string> lines_of(irc::line_buffer& buffer) {
  std::vector<std::string> result;
  while (auto line = buffer.next())
    result.push_back(line->too_long ? "<too long>" : line->content);
  return result;
}

using lines = std::vector<std::string>;

/// What the bytes mean, in the simplest way to say it.
lines reference(const std::string& bytes) {
  lines result;
  std::string line;
  for (auto c : bytes) {
    if (c == '\r' || c == '\n') {
      if (!line.empty())
        result.push_back(line.size() > irc::max_line ? "<too long>" : line);
      line.clear();
    } else if (c != '\0') {
      line += c;
    }
  }
  return result;
}

} // namespace

TEST_CASE("CR LF, LF and CR end a line") {
  irc::line_buffer buffer;
  buffer.append("one\r\ntwo\nthree\rfour");
  CHECK(lines_of(buffer) == lines{"one", "two", "three"});
  buffer.append("\r");
  CHECK(lines_of(buffer) == lines{"four"});
  buffer.append("\n\r\n\n");
  CHECK(lines_of(buffer).empty());
  CHECK(buffer.size() == 0);
}

TEST_CASE("a line may come in pieces") {
  irc::line_buffer buffer;
  for (auto c : std::string_view{"NICK ann\r"}) {
    CHECK_FALSE(buffer.next());
    buffer.append({&c, 1});
  }
  CHECK(lines_of(buffer) == lines{"NICK ann"});
}

TEST_CASE("a line of 510 bytes is taken and one of 511 refused") {
  irc::line_buffer buffer;
  buffer.append(std::string(510, 'a') + "\r\n" + std::string(511, 'b') + "\r\nshort\r\n");
  CHECK(lines_of(buffer) == lines{std::string(510, 'a'), "<too long>", "short"});
}

TEST_CASE("a line without an end costs no more memory than one with") {
  irc::line_buffer buffer;
  for (int i = 0; i < 1000; ++i) {
    buffer.append(std::string(4096, 'x'));
    CHECK_FALSE(buffer.next());
    CHECK(buffer.size() <= irc::max_line);
  }
  buffer.append("\nnext\n");
  CHECK(lines_of(buffer) == lines{"<too long>", "next"});
}

TEST_CASE("NUL is dropped") {
  irc::line_buffer buffer;
  using namespace std::string_view_literals;
  buffer.append("a\0b\0\r\n\0\r\n"sv);
  CHECK(lines_of(buffer) == lines{"ab"});
}

TEST_CASE("lines do not depend on how the bytes were cut into pieces") {
  auto seed = registry::testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (auto n = random() % 12; n > 0; --n) {
      bytes += std::string(random() % 4 == 0 ? random() % 1500 : random() % 20, static_cast<char>('a' + random() % 26));
      for (auto ends = random() % 3; ends > 0; --ends)
        bytes += "\r\n\0"[random() % 3];
    }
    irc::line_buffer buffer;
    lines found;
    for (std::size_t at = 0; at < bytes.size();) {
      auto size = std::min<std::size_t>(1 + random() % 600, bytes.size() - at);
      buffer.append(std::string_view{bytes}.substr(at, size));
      at += size;
      auto more = lines_of(buffer);
      found.insert(found.end(), more.begin(), more.end());
    }
    REQUIRE(found == reference(bytes));
  }
}
