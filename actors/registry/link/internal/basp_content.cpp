#include <registry/link/internal/basp_content.hpp>

#include <algorithm>

namespace registry::inline v0_2 {

namespace {

using bytes = basp_reader::bytes;

// How CAF 0.17 writes the kind of a node's name: six bits a character.
constexpr std::uint64_t no_node_0_17 = 0xF;
constexpr std::uint64_t common_node_0_17 = 0x3E9A'AB9B'AC79; // "default"
constexpr std::size_t process_and_host = 4 + 20;

/// What hides behind a value of unknown length might be nested messages, each of which begins with this. A stack stands more.
constexpr std::size_t most_hidden = 1000;

std::string_view text_of(bytes x) {
  return {reinterpret_cast<const char*>(x.data()), x.size()};
}

/// How often a pattern occurs.
std::size_t count_in(bytes data, std::string_view pattern) {
  std::size_t out = 0;
  const auto text = text_of(data);
  for (auto at = text.find(pattern); at != std::string_view::npos; at = text.find(pattern, at + pattern.size()))
    ++out;
  return out;
}

bool same(bytes a, const std::vector<std::byte>& b) {
  return std::ranges::equal(a, b);
}

} // namespace

bytes basp_reader::take(std::size_t size) {
  if (size > data_.size() - at_)
    refuse("it ends too early");
  if (fault_ != nullptr)
    return {};
  const auto out = data_.subspan(at_, size);
  at_ += size;
  return out;
}

std::uint64_t basp_reader::number(std::size_t size) {
  std::uint64_t out = 0;
  for (const auto x : take(size))
    out = out << 8U | std::to_integer<std::uint64_t>(x);
  return out;
}

std::size_t basp_reader::length() {
  constexpr unsigned longest = 28; // bits before the fifth byte
  std::uint64_t out = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto x = number(1);
    out |= (x & 0x7FU) << shift;
    if ((x & 0x80U) == 0)
      break;
    if (shift == longest)
      refuse("a length is too long");
  }
  if (out > data_.size() - at_)
    refuse("a length is beyond the end");
  return fault_ == nullptr ? out : 0;
}

bytes basp_reader::text(std::size_t character) {
  return take(length() * character);
}

void basp_reader::texts(std::size_t each) {
  for (auto left = length() * each; left > 0 && fault_ == nullptr; --left)
    text();
}

bytes basp_reader::node() {
  const auto begin = at_;
  if (ends_.dialect == basp_dialect::caf_0_17) {
    const auto kind = number(8);
    if (kind == no_node_0_17)
      return {};
    if (kind != common_node_0_17)
      refuse("the name of a node is of an unknown kind");
  } else {
    const auto kind = number(1);
    if (kind == 0xFF)
      return {};
    if (kind != 1)
      refuse("the name of a node is of an unknown kind");
  }
  take(process_and_host);
  if (fault_ != nullptr)
    return {};
  const auto out = data_.subspan(begin, at_ - begin);
  if (same(out, ends_.peer) || same(out, ends_.self))
    return out;
  std::vector<std::byte> third{out.begin(), out.end()};
  if (!nodes_.contains(third) && nodes_.size() >= limits_.nodes)
    refuse("it names too many nodes");
  else
    nodes_.insert(std::move(third));
  return out;
}

bytes basp_reader::handle() {
  if (++handles_ > limits_.handles)
    refuse("too many handles in a message");
  number(8);
  return node();
}

std::size_t basp_reader::handles(bool must_be_local) {
  const auto count = length();
  for (auto left = count; left > 0 && fault_ == nullptr; --left) {
    if (const auto home = handle(); must_be_local && !same(home, ends_.self))
      refuse("it is for actors of another node");
  }
  return count;
}

void basp_reader::error() {
  if (ends_.dialect == basp_dialect::caf_1) {
    const auto present = number(1);
    if (present == 0)
      return;
    number(1); // the code
    number(2); // the type of the code
  } else {
    number(1);
    number(8);
  }
  if (fault_ == nullptr)
    content();
}

basp_reader::message basp_reader::types_by_name() {
  message out;
  if (number(2) != 0)
    refuse("a message has a type that is no list of types");
  auto names = text_of(text());
  constexpr std::string_view begin = "@<>";
  if (!names.starts_with(begin))
    refuse("a message has a type that is no list of types");
  for (names.remove_prefix(std::min(begin.size(), names.size())); !names.empty() && fault_ == nullptr;) {
    if (names.front() != '+' || out.names.size() >= limits_.types)
      refuse("a message has a malformed or too long list of types");
    names.remove_prefix(1);
    out.names.push_back(names.substr(0, names.find('+')));
    names.remove_prefix(out.names.back().size());
  }
  return out;
}

basp_reader::message basp_reader::types_by_number() {
  message out;
  const auto count = length();
  if (count > limits_.types)
    refuse("a message has too many types");
  for (auto left = count; left > 0 && fault_ == nullptr; --left)
    out.names.push_back(ends_.type_name(static_cast<std::uint16_t>(number(2))));
  return out;
}

basp_reader::message basp_reader::types() {
  auto out = ends_.dialect == basp_dialect::caf_0_17 ? types_by_name() : types_by_number();
  out.begin = at_;
  for (const auto name : out.names) {
    const auto& type = find_basp_type(ends_.dialect, name);
    out.refused = out.refused || type.what == basp_type::kind::refused;
    if (depth_ > 1 && type.what == basp_type::kind::link)
      refuse("a message of the link is inside of another one");
  }
  refused_ = refused_ || out.refused;
  return out;
}

basp_reader::message basp_reader::content() {
  if (++depth_ > limits_.depth)
    refuse("messages are nested too deep");
  auto out = types();
  if (fault_ == nullptr && !out.refused)
    values(out);
  if (out.refused)
    complete_ = false;
  --depth_;
  return out;
}

void basp_reader::values(const message& what) {
  std::size_t nesting_left = 0;
  for (const auto name : what.names)
    nesting_left += find_basp_type(ends_.dialect, name).nests() ? 1 : 0;
  for (const auto name : what.names) {
    if (fault_ != nullptr || !complete_)
      return;
    const auto& type = find_basp_type(ends_.dialect, name);
    nesting_left -= type.nests() ? 1 : 0;
    unchecked_ += nesting_left > 0 ? 1 : 0;
    if (type.what == basp_type::kind::opaque)
      stop();
    else
      value(type.grammar);
    unchecked_ -= nesting_left > 0 ? 1 : 0;
  }
}

void basp_reader::value(std::string_view grammar) {
  for (const auto letter : grammar) {
    if (fault_ != nullptr || !complete_)
      return;
    part(letter);
  }
}

void basp_reader::part(char letter) {
  switch (letter) {
  case 's':
    text();
    return;
  case 'w':
    text(2);
    return;
  case 'W':
    text(4);
    return;
  case 'S':
    return texts();
  case 'M':
    return texts(2);
  case 'h':
    handle();
    return;
  case 'H':
    handles();
    return;
  case 'L':
    handles(true);
    return;
  case 'n':
    node();
    return;
  case 'e':
    return error();
  case 'm':
    content();
    return;
  default:
    number(static_cast<std::size_t>(letter - '0'));
  }
}

/// The rest cannot be read, since nobody here knows how long the next value is.
void basp_reader::stop() {
  complete_ = false;
  if (unchecked_ == 0)
    return;
  constexpr std::size_t shortest = 3; // of a message around another one in CAF 1.x: a number of types and one of them
  const auto rest = data_.subspan(at_);
  const auto hidden = ends_.dialect == basp_dialect::caf_0_17 ? count_in(rest, "@<>") : rest.size() / shortest;
  if (hidden > most_hidden)
    refuse("too many nested messages may hide in it");
}

} // namespace registry::inline v0_2
