#include <conformance/expectation.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace registry::conformance {

namespace json = boost::json;

namespace {

template <class T>
struct spelling {
  std::string_view text;
  T meaning;
};

constexpr spelling<result_order> result_orders[] = {
    {"ins", result_order::exact},
    {"ins*", result_order::moved},
    {"none", result_order::undefined},
    {"snapshot", result_order::snapshot},
};

constexpr spelling<event_order> event_orders[] = {
    {"groups", event_order::groups},
    {"payload", event_order::payload},
    {"dead", event_order::dead},
};

constexpr std::string_view error_types[] = {
    "already_registered",
    "bad_match_spec",
    "invalid_actor",
    "not_joined",
    "not_registered",
    "requires_unique",
    "unique_requires_single_member",
};

template <class T, std::size_t N>
T read_spelling(const json::object& line, std::string_view field, const spelling<T> (&known)[N], T absent) {
  const auto* content = line.if_contains(field);
  if (content == nullptr)
    return absent;
  const auto text = as_text(*content, std::string{field} + " is a text");
  const auto* found = std::find_if(std::begin(known), std::end(known), [&](const auto& x) { return x.text == text; });
  if (found == std::end(known))
    refuse("\"" + std::string{field} + "\" is known", *content);
  return found->meaning;
}

void read_quirk(operation& into, const json::object& line) {
  const auto* quirk = line.if_contains("quirk");
  if (quirk == nullptr)
    return;
  const auto text = as_text(*quirk, "a quirk is a text");
  if (text == "empty_join_event") {
    if (into.kind->code != opcode::join || !into.args.listed || !into.args.members.empty())
      refuse("only a join of nobody has this quirk", *quirk);
    into.empty_join_event = true;
  } else if (text != "tag_cut") {
    refuse("\"quirk\" is known", *quirk);
  }
}

failure read_failure(const json::value& x, const notation& values) {
  const auto& fields = as_object(x, "an error is an object");
  const auto* type = fields.if_contains("type");
  const auto* holder = fields.if_contains("holder");
  if (type == nullptr || fields.size() != (holder == nullptr ? 1U : 2U))
    refuse("an error has a type and perhaps a holder", x);
  failure read;
  read.type = as_text(*type, "the type of an error is a text");
  if (std::find(std::begin(error_types), std::end(error_types), read.type) == std::end(error_types))
    refuse("the type of an error is known", x);
  if ((read.type == "already_registered") != (holder != nullptr))
    refuse("a holder belongs to already_registered and to nothing else", x);
  if (holder != nullptr)
    read.holder = values.read_actor(*holder);
  return read;
}

void read_result(operation& into, const json::object& line, const notation& values) {
  const auto* result = line.if_contains("res");
  const auto* failed = line.if_contains("exc");
  if ((result != nullptr) == (failed != nullptr))
    throw malformed("a line has either \"res\" or \"exc\"");
  if (failed != nullptr) {
    into.expected.error = read_failure(*failed, values);
  } else if (into.kind->subscribes()) {
    const auto& parts = as_array(*result, "a new subscription is [handle, snapshot]");
    if (parts.size() != 2)
      refuse("a new subscription is [handle, snapshot]", *result);
    into.subscription = notation::read_subscription(parts[0]);
    into.expected.result = values.read_value(parts[1]);
  } else {
    into.expected.result = values.read_value(*result);
  }
  if (into.order == result_order::snapshot && !into.kind->subscribes())
    throw malformed("only new subscriptions have the order \"snapshot\"");
}

/// Reads a list of fixed length that begins with a text.
std::vector<value> read_record(const json::value& x, std::size_t size, const notation& values, std::string_view what) {
  const auto& parts = as_array(x, what);
  if (parts.size() != size)
    refuse(what, x);
  std::vector<value> read{as_text(parts[0], what)};
  for (const auto& part : std::span(parts).subspan(1))
    read.push_back(values.read_value(part));
  return read;
}

value read_event(const json::value& x, const notation& values) {
  constexpr std::string_view what =
      "an event is [verb, key, [[member, value], ...]], where update has the old value before the new";
  auto parts = read_record(x, 3, values, what);
  const auto verb = *parts[0].as_string();
  if ((verb != "join" && verb != "leave" && verb != "update") || parts[2].type() != value::kind::list)
    refuse(what, x);
  for (const auto& item : parts[2].as_list()) {
    if (item.as_list().size() != (verb == "update" ? 3U : 2U) || item.as_list()[0].type() != value::kind::actor)
      refuse(what, x);
  }
  return value::list(std::move(parts));
}

value read_listener_message(const json::value& x, const notation& values) {
  constexpr std::string_view what = "a listener gets [\"register\", key, member, value] or [\"unregister\", key, member]";
  const bool registers = as_array(x, what).size() == 4;
  auto parts = read_record(x, registers ? 4 : 3, values, what);
  if (parts[0] != value(registers ? "register" : "unregister") || parts[2].type() != value::kind::actor)
    refuse(what, x);
  return value::list(std::move(parts));
}

void read_events(operation& into, const json::value& x, const notation& values) {
  for (const auto& [name, list] : as_object(x, "events are an object of lists by subscription")) {
    auto& events = into.expected.events[std::string{name.data(), name.size()}];
    for (const auto& one : as_array(list, "the events of a subscription are a list"))
      events.push_back(read_event(one, values));
    if (events.empty())
      refuse("a subscription that got nothing is not listed", x);
  }
}

void read_messages(operation& into, const json::value& x, const notation& values) {
  for (const auto& one : as_array(x, "delivered messages are a list")) {
    const auto& pair = as_array(one, "a delivered message is [actor, message]");
    if (pair.size() != 2)
      refuse("a delivered message is [actor, message]", one);
    static_cast<void>(values.read_actor(pair[0]));
    into.expected.messages[as_text(pair[0].at("p"), "a name")].push_back(values.read_value(pair[1]));
  }
}

} // namespace

void read_expectation(operation& into, const json::object& line, const notation& values) {
  into.order = read_spelling(line, "ord", result_orders, result_order::exact);
  into.unordered = read_spelling(line, "evord", event_orders, event_order::exact);
  read_quirk(into, line);
  read_result(into, line, values);
  if (const auto* events = line.if_contains("ev"))
    read_events(into, *events, values);
  if (const auto* messages = line.if_contains("lis")) {
    for (const auto& one : as_array(*messages, "messages to the listener are a list"))
      into.expected.listener.push_back(read_listener_message(one, values));
  }
  if (const auto* messages = line.if_contains("msgs"))
    read_messages(into, *messages, values);
}

} // namespace registry::conformance
