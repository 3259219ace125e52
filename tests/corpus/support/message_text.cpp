#include <corpus/support/message_text.hpp>
#include <corpus/support/text.hpp>
#include <corpus/support/type_blocks.hpp>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <caf/actor_cast.hpp>
#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/node_id.hpp>
#include <caf/system_messages.hpp>

#include <concepts>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

namespace registry::corpus {

namespace {

template <std::integral T>
std::string field_text(T x) {
  return std::to_string(x);
}
std::string field_text(bool x) {
  return x ? "true" : "false";
}
std::string field_text(const std::string& x) {
  return text_of(x);
}
std::string field_text(const value& x) {
  return text_of(x);
}
std::string field_text(const member& x) {
  return text_of(x);
}
std::string field_text(const caf::error& x) {
  return text_of(x);
}
std::string field_text(const caf::message& x) {
  return "message" + text_of(x);
}
/// With its number, as several have one text.
std::string field_text(const caf::atom_value& x) {
  return "'" + to_string(x) + "' " + std::to_string(static_cast<std::uint64_t>(x));
}
std::string field_text(errc x) {
  return std::to_string(static_cast<int>(x));
}
std::string field_text(const caf::node_id& x) {
  return to_string(x);
}
std::string field_text(const caf::down_msg& x) {
  return text_of(caf::actor_cast<member>(x.source)) + " " + text_of(x.reason);
}
std::string field_text(const std::vector<member>& x) {
  std::string out;
  for (const auto& one : x)
    out += (out.empty() ? "" : ", ") + text_of(one);
  return "[" + out + "]";
}

template <class T>
constexpr bool is_described = boost::describe::has_describe_members<T>::value;

template <class T>
  requires is_described<T>
std::string field_text(const T& x) {
  std::string out;
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
      [&](auto field) { out += (out.empty() ? "" : ", ") + std::string{field.name} + " " + field_text(x.*field.pointer); });
  return "{" + out + "}";
}

template <class T>
bool append(std::string& out, const caf::message& x, std::size_t i) {
  if constexpr (requires(const T& element) { field_text(element); }) {
    if (!x.match_element<T>(i))
      return false;
    out += std::string{caf::type_name<T>::value} + " " + field_text(x.get_as<T>(i));
    return true;
  } else {
    return false; // it never leaves its process
  }
}

/// The messages of CAF itself.
template <class... Ts>
bool append_any(std::string& out, const caf::message& x, std::size_t i) {
  return (append<Ts>(out, x, i) || ...);
}

template <class Block, std::size_t... Is>
bool append_of_block(std::string& out, const caf::message& x, std::size_t i, std::index_sequence<Is...>) {
  return (append<typename caf::type_by_id<static_cast<caf::type_id_t>(Block::begin + Is)>::type>(out, x, i) || ...);
}

template <class... Blocks>
bool append_of(std::string& out, const caf::message& x, std::size_t i, type_blocks<Blocks...>) {
  return (append_of_block<Blocks>(out, x, i, std::make_index_sequence<Blocks::end - Blocks::begin>{}) || ...);
}

} // namespace

std::string text_of(const caf::error& x) {
  if (!x)
    return "no error";
  auto category = to_string(x.category());
  if (caf::atom_from_string(category) != x.category())
    category = field_text(x.category()); // a text that several have
  return category + " " + std::to_string(x.code()) + " " + text_of(x.context());
}

std::string text_of(const caf::message& x) {
  std::string out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    out += i == 0 ? "" : ", ";
    if (!append_of(out, x, i, all_type_blocks{}) &&
        !append_any<std::string, caf::error, caf::atom_value, caf::node_id, member, caf::down_msg, std::uint64_t>(out, x, i))
      throw std::runtime_error("a message has an element of an unexpected type: " + to_string(x));
  }
  return "(" + out + ")";
}

} // namespace registry::corpus
