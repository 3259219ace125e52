#include <registry/node/internal/file_lines.hpp>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <functional>
#include <vector>

namespace registry::inline v0_2 {

namespace {

bool is_in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

class scanner {
public:
  explicit scanner(std::string_view content) : content_(content) {}

  std::map<std::string, int, std::less<>> run() {
    while (at_ < content_.size())
      take(content_[at_]);
    return std::move(found_);
  }

private:
  void take(char c) {
    if (c == '#')
      at_ = std::min(content_.find('\n', at_), content_.size());
    else if (c == '"' || c == '\'')
      skip_quoted(c);
    else if (is_in_name(c))
      take_word();
    else
      take_mark(c);
  }

  void take_mark(char c) {
    if (c == '\n')
      ++line_;
    else if (c == '{')
      groups_.push_back(name_);
    else if (c == '}' && !groups_.empty())
      groups_.pop_back();
    ++at_;
  }

  void skip_quoted(char quote) {
    for (++at_; at_ < content_.size() && content_[at_] != quote; ++at_) {
      if (content_[at_] == '\\')
        ++at_;
    }
    ++at_;
  }

  void take_word() {
    const auto begin = at_;
    while (at_ < content_.size() && is_in_name(content_[at_]))
      ++at_;
    const auto next = content_.find_first_not_of(" \t\r\n", at_);
    if (next == std::string_view::npos || (content_[next] != '=' && content_[next] != '{'))
      return; // a value
    name_ = groups_.empty() ? std::string{} : groups_.back() + ".";
    name_ += content_.substr(begin, at_ - begin);
    found_[name_] = line_;
  }

  std::string_view content_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::string name_;
  std::vector<std::string> groups_; // by their full names
  std::map<std::string, int, std::less<>> found_;
};

} // namespace

std::map<std::string, int, std::less<>> file_lines(std::string_view content) {
  return scanner{content}.run();
}

} // namespace registry::inline v0_2
