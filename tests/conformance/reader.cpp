#include <conformance/expectation.hpp>
#include <conformance/notation.hpp>
#include <conformance/reader.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace registry::conformance {

namespace json = boost::json;

namespace {

json::object parse_line(const std::string& line) {
  json::parse_options options;
  options.max_depth = value::nesting_limit;
  json::error_code failure;
  const auto parsed = json::parse(line, failure, {}, options);
  if (failure)
    throw malformed("no JSON: " + failure.message());
  return as_object(parsed, "a line is an object");
}

void check_fields(const json::object& line, std::initializer_list<std::string_view> known) {
  for (const auto& [name, content] : line) {
    if (std::find(known.begin(), known.end(), std::string_view{name.data(), name.size()}) == known.end())
      throw malformed("unknown field \"" + std::string{name.data(), name.size()} + "\"");
  }
}

const json::value& required(const json::object& line, std::string_view field) {
  if (const auto* found = line.if_contains(field))
    return *found;
  throw malformed("the field \"" + std::string{field} + "\" is missing");
}

std::int64_t as_number(const json::value& x) {
  if (const auto* number = x.if_int64())
    return *number;
  refuse("an integer is expected", x);
}

bool mentions_actor(const json::value& x) {
  if (const auto* list = x.if_array())
    return std::any_of(list->begin(), list->end(), mentions_actor);
  if (const auto* fields = x.if_object())
    return fields->contains("p") ||
           std::any_of(fields->begin(), fields->end(), [](const auto& field) { return mentions_actor(field.value()); });
  return false;
}

/// Reads the lines one by one into a trace.
class trace_reader {
public:
  trace_reader(trace& into, const spawn_function& spawn) : trace_(into), spawn_(spawn), notation_(into.actors) {}

  void read_header(const json::object& line);
  void read_operation(const json::object& line, std::size_t number);
  void finish();

private:
  void read_arguments(operation& into, const json::array& args);
  void read_argument(arguments& into, parameter what, const json::value& x);
  void read_members(arguments& into, parameter what, const json::value& x);
  void spawn(const json::value& x);
  void exit(const json::value& x);

  trace& trace_;
  const spawn_function& spawn_;
  notation notation_;
  std::vector<member> exited_;
  std::int64_t announced_ = 0;
};

void trace_reader::read_header(const json::object& line) {
  check_fields(line, {"format", "seed", "mode", "ops", "peer", "otp"});
  if (const auto format = as_text(required(line, "format"), "the format has a name"); format != "portable-1")
    throw malformed("the format \"" + format + "\" is unknown; this program reads \"portable-1\"");
  const auto mode = as_text(required(line, "mode"), "the mode is a text");
  if (mode != "duplicate" && mode != "unique")
    throw malformed("the mode \"" + mode + "\" is neither \"duplicate\" nor \"unique\"");
  trace_.mode = mode == "unique" ? key_mode::unique : key_mode::duplicate;
  for (const auto* field : {"seed", "ops"}) {
    if (const auto* found = line.if_contains(field))
      as_number(*found);
  }
  for (const auto* field : {"peer", "otp"}) {
    if (const auto* found = line.if_contains(field))
      as_text(*found, std::string{field} + " is a text");
  }
  if (const auto* found = line.if_contains("ops"))
    announced_ = as_number(*found);
}

void trace_reader::read_operation(const json::object& line, std::size_t number) {
  check_fields(line, {"n", "op", "by", "args", "res", "exc", "ord", "ev", "msgs", "lis", "evord", "quirk"});
  const auto expected_number = trace_.operations.size() + 1;
  if (as_number(required(line, "n")) != static_cast<std::int64_t>(expected_number))
    refuse("\"n\" must be " + std::to_string(expected_number), line.at("n"));
  operation read;
  read.line = number;
  const auto name = as_text(required(line, "op"), "the name of an operation is a text");
  read.kind = find_operation(name);
  if (read.kind == nullptr)
    throw malformed("the operation \"" + name + "\" is unknown");
  if (const auto* by = line.if_contains("by"))
    read.by = notation_.read_actor(*by);
  read_arguments(read, as_array(required(line, "args"), "arguments are a list"));
  read_expectation(read, line, notation_);
  trace_.operations.push_back(std::move(read));
}

void trace_reader::read_arguments(operation& into, const json::array& args) {
  const auto& wanted = into.kind->parameters;
  const auto most = static_cast<std::size_t>(
      std::count_if(wanted.begin(), wanted.end(), [](parameter x) { return x != parameter::none; }));
  const auto least = most - static_cast<std::size_t>(std::count(wanted.begin(), wanted.end(), parameter::optional_data));
  if (args.size() < least || args.size() > most)
    throw malformed(std::string{into.kind->name} + " takes " + std::to_string(least) +
                    (least == most ? "" : " or " + std::to_string(most)) + " arguments, not " + std::to_string(args.size()));
  for (std::size_t i = 0; i < args.size(); ++i)
    read_argument(into.args, wanted[i], args[i]);
  if (into.kind->code == opcode::register_self && into.by == nullptr)
    throw malformed("register needs the actor that makes the call in \"by\"");
  if (into.kind->code == opcode::exit)
    exit(args[0]);
}

void trace_reader::read_argument(arguments& into, parameter what, const json::value& x) {
  switch (what) {
  case parameter::key:
    into.key = notation_.read_value(x);
    break;
  case parameter::name:
    into.key = notation_.read_value(x);
    if (!into.key.as_string())
      refuse("the name of metadata is a string", x);
    break;
  case parameter::data:
  case parameter::optional_data:
    into.data = notation_.read_value(x);
    break;
  case parameter::new_actor:
    spawn(x);
    [[fallthrough]];
  case parameter::actor:
    into.members.push_back(notation_.read_actor(x));
    break;
  case parameter::actors:
  case parameter::handles:
    read_members(into, what, x);
    break;
  case parameter::which:
    into.names_actors |= mentions_actor(x);
    into.which = notation_.read_pattern(x);
    break;
  case parameter::guards:
    into.names_actors |= mentions_actor(x);
    into.guards = notation_.read_expressions(x);
    break;
  case parameter::clauses:
    into.names_actors |= mentions_actor(x);
    into.clauses = notation_.read_clauses(x);
    break;
  case parameter::subscription:
    into.subscription = notation::read_subscription(x);
    break;
  case parameter::none:
    break;
  }
}

void trace_reader::read_members(arguments& into, parameter what, const json::value& x) {
  const auto read_one = [&](const json::value& one) {
    if (const auto data = notation_.read_value(one); data.type() == value::kind::actor)
      into.members.push_back(data.as_actor());
    else if (what == parameter::handles)
      into.members.push_back(nullptr);
    else
      refuse("an actor or a list of actors", one);
  };
  into.listed = x.is_array();
  if (!into.listed)
    return read_one(x);
  for (const auto& one : x.get_array())
    read_one(one);
}

void trace_reader::spawn(const json::value& x) {
  const auto& fields = as_object(x, "a new actor is written {\"p\":\"name\"}");
  const auto* name = fields.if_contains("p");
  if (fields.size() != 1 || name == nullptr)
    refuse("a new actor is written {\"p\":\"name\"}", x);
  auto text = as_text(*name, "the name of an actor is a text");
  if (trace_.actors.find(text) != nullptr)
    refuse("the name of a new actor is new", x);
  trace_.actors.add(std::move(text), spawn_());
}

void trace_reader::exit(const json::value& x) {
  auto who = notation_.read_actor(x);
  if (std::find(exited_.begin(), exited_.end(), who) != exited_.end())
    refuse("an actor exits once", x);
  exited_.push_back(std::move(who));
}

void trace_reader::finish() {
  const auto found = static_cast<std::int64_t>(trace_.operations.size());
  if (found < announced_)
    trace_.remark = "the file ends early: " + std::to_string(found) + " of " + std::to_string(announced_) + " operations";
}

} // namespace

result<trace> read_trace(std::istream& in, const std::string& file, const spawn_function& spawn) {
  trace read;
  read.file = file;
  trace_reader reader(read, spawn);
  std::size_t number = 1;
  try {
    std::string line;
    for (; std::getline(in, line); ++number) {
      if (number == 1)
        reader.read_header(parse_line(line));
      else
        reader.read_operation(parse_line(line), number);
    }
    if (number == 1)
      throw malformed("a trace begins with a header");
    reader.finish();
  } catch (const std::exception& e) { // the constructors of values throw more than `malformed`
    return error(errc::malformed, file + ":" + std::to_string(number) + ": " + e.what());
  }
  return read;
}

} // namespace registry::conformance
