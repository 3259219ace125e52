#include <chat/irc/message.hpp>

#include <algorithm>

namespace chat::irc {

namespace {

/// Takes the next word off the front, and the spaces around it.
std::string_view next_word(std::string_view& rest) {
  auto word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return word;
}

bool ends_line(char c) {
  return c == '\r' || c == '\n' || c == '\0';
}

} // namespace

std::optional<message> parse(std::string_view line) {
  message result;
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  if (line.starts_with(':'))
    result.prefix = next_word(line).substr(1);
  result.command = next_word(line);
  if (result.command.empty())
    return std::nullopt;
  while (!line.empty()) {
    if (line.starts_with(':')) {
      result.params.push_back(line.substr(1));
      break;
    }
    if (result.params.size() + 1 == max_params) {
      result.params.push_back(line);
      break;
    }
    result.params.push_back(next_word(line));
  }
  return result;
}

composer::composer(std::string_view source, std::string_view command) {
  line_.reserve(128);
  if (!source.empty()) {
    line_ += ':';
    line_ += source;
    std::replace_if(line_.begin(), line_.end(), [](char c) { return c == ' ' || ends_line(c); }, '_');
    line_ += ' ';
  }
  line_ += command;
}

composer& composer::add(std::string_view word) {
  line_ += ' ';
  if (word.empty())
    line_ += '*';
  else if (word.front() == ':')
    line_ += '_';
  auto start = static_cast<std::ptrdiff_t>(line_.size());
  line_ += word;
  std::replace_if(line_.begin() + start, line_.end(), [](char c) { return c == ' ' || ends_line(c); }, '_');
  return *this;
}

composer& composer::add(text rest) {
  line_ += " :";
  auto start = static_cast<std::ptrdiff_t>(line_.size());
  line_ += rest.content;
  std::replace_if(line_.begin() + start, line_.end(), ends_line, ' ');
  return *this;
}

std::string composer::line() && {
  line_.resize(cut(line_, max_line).size());
  return std::move(line_);
}

std::string_view cut(std::string_view content, std::size_t size) noexcept {
  if (content.size() <= size)
    return content;
  auto end = size;
  // A character has at most three continuation bytes; more of them in a row are no UTF-8 and are cut anywhere.
  for (int i = 0; i < 3 && end > 0 && (static_cast<unsigned char>(content[end]) & 0xc0U) == 0x80U; ++i)
    --end;
  if ((static_cast<unsigned char>(content[end]) & 0xc0U) == 0x80U)
    end = size;
  return content.substr(0, end);
}

std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    auto part = list.substr(0, list.find(','));
    list.remove_prefix(std::min(part.size() + 1, list.size()));
    if (!part.empty())
      parts.push_back(part);
  }
  return parts;
}

} // namespace chat::irc
