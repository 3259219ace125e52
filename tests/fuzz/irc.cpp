// What clients of the chat server send.

#include <fuzz/target.hpp>

#include <chat/irc/line_buffer.hpp>
#include <chat/irc/message.hpp>
#include <chat/irc/names.hpp>

#include <registry/hash/detail/splitmix64.hpp>

#include <algorithm>

namespace registry::fuzz::irc_target {

namespace {

namespace irc = chat::irc;

std::vector<irc::input_line> lines_of(std::string_view stream, std::uint64_t random, std::size_t longest_piece) {
  std::vector<irc::input_line> out;
  irc::line_buffer buffer;
  while (!stream.empty()) {
    const auto size = std::min<std::size_t>(stream.size(), 1 + detail::splitmix64(random) % longest_piece);
    buffer.append(stream.substr(0, size));
    stream.remove_prefix(size);
    while (auto line = buffer.next())
      out.push_back(*line);
    expect(buffer.size() <= irc::max_line, "an endless line is kept");
  }
  return out;
}

bool is_one_line(std::string_view line) {
  return line.size() <= irc::max_line && line.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

void check_names(std::string_view word) {
  const auto folded = irc::fold(word);
  expect(irc::fold(folded) == folded && irc::same_name(word, folded), "folding is not final");
  expect(!irc::is_nick(word) || irc::is_nick(folded), "a name is valid in one case only");
  expect(irc::is_channel(word) == irc::is_channel(folded), "a name is valid in one case only");
  const auto upper = irc::upper(word);
  expect(irc::upper(upper) == upper, "upper case is not final");
  const auto user = irc::clean_user(word);
  expect(!user.empty() && user.size() <= irc::max_user && irc::clean_user(user) == user, "a user name is not clean");
  for (const auto part : irc::split_list(word))
    expect(!part.empty() && part.find(',') == std::string_view::npos, "a list is split wrongly");
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, word.size() / 2})
    expect(irc::cut(word, size).size() <= size && word.starts_with(irc::cut(word, size)), "a text is cut wrongly");
}

/// A message as the server passes it on: it is one line, and has the same parts. The server's own commands begin with a letter.
void check_composed(const irc::message& x) {
  if (x.command.starts_with(':'))
    return;
  irc::composer out{x.prefix, x.command};
  for (std::size_t i = 0; i + 1 < x.params.size(); ++i)
    out.add(x.params[i]);
  if (!x.params.empty())
    out.add(irc::text{x.params.back()});
  const auto line = std::move(out).line();
  expect(is_one_line(line), "what is composed is not one line");
  const auto again = irc::parse(line);
  expect(again.has_value(), "what is composed cannot be read");
  if (line.size() == irc::max_line) // something may have been cut
    return;
  expect(again->prefix == x.prefix && again->command == x.command, "the message comes back as another one");
  expect(again->params.size() == x.params.size(), "the message comes back with other parameters");
}

void check_line(const std::string& line) {
  expect(!line.empty() && is_one_line(line), "a line that is none");
  const auto x = irc::parse(line);
  if (!x)
    return;
  expect(!x->command.empty() && x->params.size() <= irc::max_params, "a message is too long");
  check_names(x->command);
  for (const auto word : x->params)
    check_names(word);
  expect(is_one_line(irc::compose("here", irc::numeric::rpl_topic, x->param(0), x->param(1), irc::text{x->param(2)})),
         "what is composed is not one line");
  check_composed(*x);
}

/// A stream, behind a byte that says how it is cut.
void run(input data) {
  script in{data};
  const std::uint64_t random = in.byte();
  const auto stream = text_of(in.rest());
  const auto lines = lines_of(stream, random, 700);
  const auto same = lines_of(stream, random, 3);
  expect(std::ranges::equal(lines, same,
                            [](const auto& a, const auto& b) { return a.content == b.content && a.too_long == b.too_long; }),
         "the pieces make a difference");
  for (const auto& line : lines) {
    if (line.too_long)
      expect(line.content.empty(), "a line that is too long has a content");
    else
      check_line(line.content);
  }
}

const registration it{"irc", run};

} // namespace

} // namespace registry::fuzz::irc_target
