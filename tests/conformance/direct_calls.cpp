#include <conformance/calls.hpp>

namespace registry::conformance {

namespace {

template <class Entries>
value pairs_of(const Entries& entries) {
  std::vector<value> pairs;
  for (const auto& x : entries)
    pairs.push_back(list(x.who, x.data));
  return value::list(std::move(pairs));
}

template <class Elements>
value list_of(const Elements& elements) {
  return value::list(std::vector<value>(elements.begin(), elements.end()));
}

value groups_of(const table_snapshot& snapshot) {
  std::vector<value> groups;
  snapshot.for_each([&](const value& key, const group& entries) { groups.push_back(list(key, pairs_of(entries))); });
  return value::list(std::move(groups));
}

/// The value of a successful result, converted; or its error.
template <class T, class Convert>
result<value> with(const result<T>& outcome, Convert convert) {
  if (!outcome)
    return outcome.error();
  return value(convert(outcome.value()));
}

template <class T>
result<value> plain(const result<T>& outcome) {
  return with(outcome, [](const T& x) { return value(x); });
}

result<value> done(const result<void>& outcome, const value& answer = {}) {
  if (!outcome)
    return outcome.error();
  return answer;
}

} // namespace

result<value> direct_calls::run(const operation& what, const member& by, subscription_ref named) {
  switch (what.kind->code) {
  case opcode::register_self:
  case opcode::join:
  case opcode::register_name:
  case opcode::unregister:
  case opcode::leave:
  case opcode::unregister_name:
  case opcode::update_value:
  case opcode::update_value_of:
  case opcode::unregister_match:
  case opcode::unregister_match_of:
  case opcode::put_meta:
  case opcode::delete_meta:
    return change(what, by);
  case opcode::match:
  case opcode::count_match:
  case opcode::select:
  case opcode::count_select:
    return query(what);
  case opcode::monitor:
  case opcode::monitor_scope:
  case opcode::demonitor:
    return subscribe(what, by, named);
  default:
    return read(what);
  }
}

result<value> direct_calls::change(const operation& what, const member& by) {
  const auto& [key, members, listed, data, which, guards, clauses, subscription, names_actors] = what.args;
  switch (what.kind->code) {
  case opcode::register_self:
    return done(scope_.join(key, by, data), by);
  case opcode::join:
    return done(listed ? scope_.join(key, members, data) : scope_.join(key, members[0], data));
  case opcode::register_name:
    return plain(scope_.register_name(key, members[0], data));
  case opcode::unregister: {
    const auto left = scope_.leave(key, by);
    return !left && left.error() == errc::not_joined ? value{} : done(left);
  }
  case opcode::leave:
    return done(listed ? scope_.leave(key, members) : scope_.leave(key, members[0]));
  case opcode::unregister_name:
    return done(scope_.unregister_name(key));
  case opcode::update_value:
    return done(scope_.update_value(key, by, data));
  case opcode::update_value_of:
    return done(scope_.update_value(key, members[0], data));
  case opcode::put_meta:
    return done(scope_.put_meta(key, data));
  case opcode::delete_meta:
    return done(scope_.delete_meta(key));
  default: {
    const auto spec = match_spec::compile(which, guards);
    if (!spec)
      return spec.error();
    if (what.kind->code == opcode::unregister_match)
      return with(scope_.unregister_match(key, by, spec.value()), [](std::size_t) { return value{}; });
    return plain(scope_.unregister_match(key, members[0], spec.value()));
  }
  }
}

result<value> direct_calls::read(const operation& what) const {
  const auto& key = what.args.key;
  switch (what.kind->code) {
  case opcode::lookup:
    return pairs_of(scope_.lookup(key));
  case opcode::lookup_local:
    return pairs_of(scope_.lookup_local(key));
  case opcode::members:
    return list_of(scope_.members(key));
  case opcode::local_members:
    return list_of(scope_.local_members(key));
  case opcode::values:
    return list_of(scope_.values(key, what.args.members[0]));
  case opcode::keys:
    return list_of(scope_.keys(what.args.members[0]));
  case opcode::count:
    return value(scope_.count());
  case opcode::groups:
    return list_of(scope_.keys());
  case opcode::whereis:
    return plain(scope_.whereis(key));
  case opcode::send:
    return plain(scope_.send(key, what.args.data));
  case opcode::meta: {
    const auto found = scope_.meta(key);
    return found ? list(*found) : list();
  }
  default: { // dispatch
    value given;
    scope_.dispatch(key, [&](const group& entries) {
      std::vector<value> members;
      for (const auto& x : entries)
        members.emplace_back(x.who);
      given = value::list(std::move(members));
    });
    return given;
  }
  }
}

result<value> direct_calls::query(const operation& what) const {
  const auto& [key, members, listed, data, which, guards, clauses, subscription, names_actors] = what.args;
  if (what.kind->code == opcode::match || what.kind->code == opcode::count_match) {
    const auto spec = match_spec::compile(which, guards);
    if (!spec)
      return spec.error();
    if (what.kind->code == opcode::count_match)
      return plain(scope_.count_match(key, spec.value()));
    return with(scope_.match(key, spec.value()), [](const auto& found) { return pairs_of(found); });
  }
  const auto spec = select_spec::compile(clauses);
  if (!spec)
    return spec.error();
  if (what.kind->code == opcode::count_select)
    return plain(scope_.count_select(spec.value()));
  return with(scope_.select(spec.value()), [](const auto& found) { return list_of(found); });
}

result<value> direct_calls::subscribe(const operation& what, const member& by, subscription_ref named) {
  switch (what.kind->code) {
  case opcode::monitor:
    return with(scope_.monitor(what.args.key, by),
                [](const auto& x) { return list(x.reference.number, pairs_of(x.entries)); });
  case opcode::monitor_scope:
    return with(scope_.monitor_scope(by), [](const auto& x) { return list(x.reference.number, groups_of(x.snapshot)); });
  default: {
    const auto ended = scope_.demonitor(named);
    return !ended && ended.error() == errc::unknown_reference ? value(false) : done(ended, true);
  }
  }
}

} // namespace registry::conformance
