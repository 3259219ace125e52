#include <apps/chat/support/irc_user.hpp>

#include <algorithm>
#include <stdexcept>

namespace chat::testing {

void irc_user::log_in(const std::string& nick) {
  send("NICK " + nick);
  send("USER " + nick + " 0 * :The real " + nick);
  expect(" 001 ");
  read_all();
}

void irc_user::join(const std::string& channel) {
  send("JOIN " + channel);
  expect(" 366 ");
}

std::string irc_user::expect(std::string_view part) {
  return read_until(part).back();
}

std::vector<std::string> irc_user::read_until(std::string_view part) {
  std::vector<std::string> lines;
  while (auto line = next()) {
    lines.push_back(*line);
    if (line->find(part) != std::string::npos)
      return lines;
  }
  throw std::runtime_error("the connection ended before a line with \"" + std::string{part} + "\" came; there were\n" +
                           text_of(lines));
}

// What a session has been told of, it tells its client some messages later.
std::vector<std::string> irc_user::read_all() {
  std::vector<std::string> result;
  for (int i = 0; i < 3; ++i) {
    auto token = "sync-" + std::to_string(++syncs_);
    send("PING " + token);
    auto lines = read_until(token);
    result.insert(result.end(), lines.begin(), lines.end() - 1);
  }
  return result;
}

std::vector<std::string> irc_user::ask(std::string_view line) {
  send(line);
  return read_all();
}

std::string irc_user::read_to_end() {
  std::string last;
  while (auto line = next())
    last = *line;
  return last;
}

std::size_t count_of(const std::vector<std::string>& lines, std::string_view part) {
  return static_cast<std::size_t>(
      std::ranges::count_if(lines, [&](const auto& line) { return line.find(part) != std::string::npos; }));
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string result;
  for (const auto& line : lines)
    result += line + "\n";
  return result;
}

} // namespace chat::testing
