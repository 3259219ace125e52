#include <corpus/support/text.hpp>

#include <support/fake_member.hpp>

#include <caf/error.hpp>
#include <caf/node_id.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>
#include <vector>

namespace registry::corpus {

namespace {

constexpr std::size_t longest_text = 200; // in bytes
constexpr std::size_t longest_list = 64;  // in elements
constexpr std::size_t shown = 8;          // of what is longer

/// FNV-1a.
std::string checksum(std::string_view text) {
  std::uint64_t out = 0xcbf29ce484222325U;
  for (const auto c : text)
    out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hex(out);
}

std::string summary(std::string_view all, std::size_t size) {
  return "... " + std::to_string(size) + " in all, checksum " + checksum(all);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const auto c : text) {
    if (c >= ' ' && c <= '~' && c != '"' && c != '\\')
      out += c;
    else
      out += "\\x" + hex(std::as_bytes(std::span{&c, 1}));
  }
  return out;
}

std::string abbreviated(const char* open, const std::vector<std::string>& items, const char* close) {
  std::string all;
  for (const auto& x : items)
    all += (all.empty() ? "" : ", ") + x;
  if (items.size() <= longest_list)
    return open + all + close;
  std::string beginning;
  for (std::size_t i = 0; i < shown; ++i)
    beginning += items[i] + ", ";
  return open + beginning + summary(all, items.size()) + close;
}

std::string text_of_real(double x) {
  std::string out(32, '\0');
  const auto end = std::to_chars(out.data(), out.data() + out.size(), x).ptr;
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out.find_first_of(".en") == std::string::npos ? out + ".0" : out; // inf has an n
}

std::string text_of_list(std::span<const value> elements) {
  std::vector<std::string> items;
  for (const auto& x : elements)
    items.push_back(text_of(x));
  return abbreviated("[", items, "]");
}

std::string text_of_map(const map_view& pairs) {
  std::vector<std::string> items;
  for (const auto& [key, mapped] : pairs)
    items.push_back(text_of(key) + ": " + text_of(mapped));
  return abbreviated("{", items, "}");
}

} // namespace

std::string text_of(std::string_view text) {
  if (text.size() <= longest_text)
    return '"' + escaped(text) + '"';
  return '"' + escaped(text.substr(0, 4 * shown)) + '"' + summary(text, text.size());
}

std::string text_of(std::span<const std::byte> bytes) {
  const auto all = hex(bytes);
  return "bytes " + (bytes.size() <= longest_text ? all : all.substr(0, 4 * shown) + summary(all, bytes.size()));
}

std::string text_of(const member& actor) {
  return actor ? std::to_string(actor->id()) + "@" + to_string(actor->node()) : "nobody";
}

std::string text_of(const value& x) {
  switch (x.type()) {
  case value::kind::null:
    return "null";
  case value::kind::boolean:
    return *x.as_bool() ? "true" : "false";
  case value::kind::integer:
    return std::to_string(*x.as_integer());
  case value::kind::real:
    return text_of_real(*x.as_real());
  case value::kind::string:
    return text_of(*x.as_string());
  case value::kind::bytes:
    return text_of(*x.as_bytes());
  case value::kind::actor:
    return "actor " + text_of(x.as_actor());
  case value::kind::list:
    return text_of_list(x.as_list());
  case value::kind::map:
    return text_of_map(x.as_map());
  }
  throw std::logic_error("a value of no kind");
}

member actor_of(std::string_view text) {
  if (text == "nobody")
    return nullptr;
  const auto at = text.find('@');
  std::uint64_t id = 0;
  caf::node_id node;
  const auto number = std::from_chars(text.data(), text.data() + std::min(at, text.size()), id);
  if (at == std::string_view::npos || number.ptr != text.data() + at || parse(std::string{text.substr(at + 1)}, node))
    throw std::invalid_argument("no actor: " + std::string{text});
  return testing::make_member(id, node);
}

} // namespace registry::corpus
