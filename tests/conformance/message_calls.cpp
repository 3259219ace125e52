#include <conformance/message_calls.hpp>
#include <registry/compat/error.hpp>

namespace registry::conformance {

namespace {

std::string in_text(const expression& x) {
  return to_string(x);
}
std::string in_text(const select_clause& x);

template <class T>
std::string joined(const std::vector<T>& parts, std::string_view between) {
  std::string text;
  for (const auto& part : parts)
    text.append(text.empty() ? "" : between).append(in_text(part));
  return text;
}

std::string guarded(std::string text, const std::vector<expression>& guards) {
  return guards.empty() ? text : text.append(" when ").append(joined(guards, ", "));
}

std::string in_text(const select_clause& x) {
  const auto patterns = "[" + to_string(x.key) + ", " + to_string(x.member) + ", " + to_string(x.value) + "]";
  return guarded(patterns, x.guards) + " -> " + joined(x.body, ", ");
}

/// Replaces the value of a successful result.
result<value> instead(const result<value>& outcome, const value& answer) {
  return outcome ? result<value>(answer) : outcome;
}

} // namespace

template <class Request>
result<value> message_calls::ask(const Request& question) {
  return actors_.ask(scope_.actor(), question);
}

template <class Request>
result<value> message_calls::tell(const Request& order, const value& answer) {
  if (auto done = actors_.tell(scope_.actor(), order); !done)
    return done.error();
  return answer;
}

result<value> message_calls::run(const operation& what, const member& by, subscription_ref named) {
  switch (what.kind->code) {
  case opcode::register_self:
  case opcode::join:
  case opcode::register_name:
  case opcode::unregister:
  case opcode::leave:
  case opcode::unregister_name:
  case opcode::update_value:
  case opcode::update_value_of:
  case opcode::put_meta:
  case opcode::delete_meta:
    return change(what, by);
  case opcode::unregister_match:
  case opcode::unregister_match_of:
  case opcode::match:
  case opcode::count_match:
  case opcode::select:
  case opcode::count_select:
    return what.args.names_actors ? direct_.run(what, by, named) : query(what, by);
  case opcode::monitor:
  case opcode::monitor_scope:
  case opcode::demonitor:
    return subscribe(what, by, named);
  case opcode::dispatch:
    return direct_.run(what, by, named);
  default:
    return read(what);
  }
}

result<value> message_calls::change(const operation& what, const member& by) {
  const auto& args = what.args;
  switch (what.kind->code) {
  case opcode::register_self:
    return tell(join_request{args.key, {by}, args.data}, by);
  case opcode::join:
    return tell(join_request{args.key, args.members, args.data});
  case opcode::register_name:
    return ask(register_name_request{args.key, args.members[0], args.data});
  case opcode::unregister: {
    const auto left = tell(leave_request{args.key, {by}});
    return !left && left.error() == errc::not_joined ? value{} : left;
  }
  case opcode::leave:
    return tell(leave_request{args.key, args.members});
  case opcode::unregister_name:
    return tell(unregister_name_request{args.key});
  case opcode::update_value:
    return tell(update_request{args.key, by, args.data});
  case opcode::update_value_of:
    return tell(update_request{args.key, args.members[0], args.data});
  case opcode::put_meta:
    return tell(put_meta_request{args.key, args.data});
  default:
    return tell(delete_meta_request{args.key});
  }
}

result<value> message_calls::read(const operation& what) {
  const auto& args = what.args;
  switch (what.kind->code) {
  case opcode::lookup:
    return ask(lookup_request{args.key, false});
  case opcode::lookup_local:
    return ask(lookup_request{args.key, true});
  case opcode::members:
    return ask(members_request{args.key, false});
  case opcode::local_members:
    return ask(members_request{args.key, true});
  case opcode::values:
    return ask(values_request{args.key, args.members[0]});
  case opcode::keys:
    return ask(keys_request{args.members[0]});
  case opcode::count:
    return ask(count_request{});
  case opcode::groups:
    return ask(groups_request{});
  case opcode::whereis:
    return ask(whereis_request{args.key});
  case opcode::send:
    return ask(send_request{args.key, caf::make_message(args.data)});
  default:
    return ask(meta_request{args.key});
  }
}

result<value> message_calls::query(const operation& what, const member& by) {
  const auto& args = what.args;
  const auto condition = guarded(to_string(args.which), args.guards);
  switch (what.kind->code) {
  case opcode::unregister_match:
    return instead(ask(unregister_match_request{args.key, by, condition}), {});
  case opcode::unregister_match_of:
    return ask(unregister_match_request{args.key, args.members[0], condition});
  case opcode::match:
    return ask(match_request{args.key, condition});
  case opcode::count_match:
    return ask(count_match_request{args.key, condition});
  case opcode::select:
    return ask(select_request{joined(args.clauses, "; ")});
  default:
    return ask(count_select_request{joined(args.clauses, "; ")});
  }
}

result<value> message_calls::subscribe(const operation& what, const member& by, subscription_ref named) {
  if (what.kind->code == opcode::demonitor) {
    const auto ended = tell(demonitor_request{named.number}, true);
    return !ended && ended.error() == errc::unknown_reference ? value(false) : ended;
  }
  const auto started = what.kind->code == opcode::monitor
                           ? actors_.ask_as(by, scope_.actor(), monitor_request{what.args.key})
                           : actors_.ask_as(by, scope_.actor(), monitor_scope_request{});
  if (!started)
    return started;
  const auto parts = started.value().as_list(); // reference, commit, view
  return list(parts[0], parts[2]);
}

} // namespace registry::conformance
