#include <conformance/notation.hpp>
#include <registry/value/internal/text.hpp>

#include <boost/json/serialize.hpp>

#include <charconv>
#include <cmath>

namespace registry::conformance {

namespace json = boost::json;

void refuse(std::string_view what, const json::value& where) {
  constexpr std::size_t most = 200;
  auto text = json::serialize(where);
  if (text.size() > most)
    text.replace(most, std::string::npos, "...");
  throw malformed(std::string{what} + ", not " + text);
}

const json::array& as_array(const json::value& x, std::string_view what) {
  if (const auto* found = x.if_array())
    return *found;
  refuse(what, x);
}

const json::object& as_object(const json::value& x, std::string_view what) {
  if (const auto* found = x.if_object())
    return *found;
  refuse(what, x);
}

std::string as_text(const json::value& x, std::string_view what) {
  if (const auto* found = x.if_string())
    return {found->data(), found->size()};
  refuse(what, x);
}

namespace {

value read_real(const json::value& x) {
  const auto text = as_text(x, "a double is a text such as \"1.0\"");
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size() || !std::isfinite(number))
    refuse("a double is a finite decimal number", x);
  if (number == 0 && std::signbit(number))
    refuse("a double is never -0.0", x);
  return number;
}

} // namespace

value notation::read_value(const json::value& x) const {
  switch (x.kind()) {
  case json::kind::null:
    return {};
  case json::kind::bool_:
    return x.get_bool();
  case json::kind::int64:
    return x.get_int64();
  case json::kind::array: {
    std::vector<value> elements;
    for (const auto& element : x.get_array())
      elements.push_back(read_value(element));
    return value::list(std::move(elements));
  }
  case json::kind::object:
    return read_tagged(x.get_object());
  default:
    refuse("a number is an integer of 64 bits, a double is written {\"f\":\"1.0\"} and a string {\"b\":\"text\"}", x);
  }
}

value notation::read_tagged(const json::object& x) const {
  if (x.size() != 1)
    refuse("a value has one of the tags \"f\", \"b\", \"p\" and \"m\"", x);
  const auto& [tag, content] = *x.begin();
  if (tag == "f")
    return read_real(content);
  if (tag == "b")
    return as_text(content, "a string is a text");
  if (tag == "p")
    return read_actor(x);
  if (tag != "m")
    refuse("a value has one of the tags \"f\", \"b\", \"p\" and \"m\"", x);
  std::vector<std::pair<std::string, value>> pairs;
  for (const auto& item : as_array(content, "a map is a list of pairs")) {
    const auto& pair = as_array(item, "a map is a list of pairs");
    if (pair.size() != 2)
      refuse("a map is a list of pairs", item);
    auto key = as_text(pair[0], "a key of a map is a text");
    if (!pairs.empty() && key <= pairs.back().first)
      refuse("the keys of a map ascend by their bytes", content);
    pairs.emplace_back(std::move(key), read_value(pair[1]));
  }
  return value::map(std::move(pairs));
}

member notation::read_actor(const json::value& x) const {
  const auto& tagged = as_object(x, "an actor is written {\"p\":\"name\"}");
  if (tagged.size() != 1 || !tagged.contains("p"))
    refuse("an actor is written {\"p\":\"name\"}", x);
  auto who = names_->find(as_text(tagged.at("p"), "the name of an actor is a text"));
  if (who == nullptr)
    refuse("an actor must have been spawned before", x);
  return who;
}

std::string notation::read_subscription(const json::value& x) {
  const auto& tagged = as_object(x, "a subscription is written {\"r\":\"name\"}");
  if (tagged.size() != 1 || !tagged.contains("r"))
    refuse("a subscription is written {\"r\":\"name\"}", x);
  return as_text(tagged.at("r"), "the name of a subscription is a text");
}

std::string notation::write(const value& x) const {
  std::string out;
  const auto tagged = [&](std::string_view tag) { out.append("{\"").append(tag).append("\":"); };
  switch (x.type()) {
  case value::kind::real: {
    tagged("f");
    std::string digits;
    internal::append_real(digits, *x.as_real());
    internal::append_quoted(out, digits);
    return out + "}";
  }
  case value::kind::string:
    tagged("b");
    internal::append_quoted(out, *x.as_string());
    return out + "}";
  case value::kind::actor:
    tagged("p");
    internal::append_quoted(out, names_->name_of(x.as_actor()));
    return out + "}";
  case value::kind::list:
    for (const auto& element : x.as_list())
      out.append(out.empty() ? "" : ",").append(write(element));
    return "[" + out + "]";
  case value::kind::map: {
    for (const auto& [key, mapped] : x.as_map()) {
      out.append(out.empty() ? "[" : ",[");
      internal::append_quoted(out, *key.as_string());
      out.append(",").append(write(mapped)).append("]");
    }
    return "{\"m\":[" + out + "]}";
  }
  default:
    return to_string(x);
  }
}

} // namespace registry::conformance
