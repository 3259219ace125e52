#include <conformance/operation_kind.hpp>

#include <algorithm>

namespace registry::conformance {

namespace {

using enum parameter;

constexpr operation_kind operations[] = {
    {"spawn", opcode::spawn, {new_actor}},
    {"exit", opcode::exit, {actor}},
    {"register", opcode::register_self, {key, data}},
    {"join", opcode::join, {key, handles, optional_data}},
    {"register_name", opcode::register_name, {key, actor, optional_data}},
    {"unregister", opcode::unregister, {key}},
    {"leave", opcode::leave, {key, actors}},
    {"unregister_name", opcode::unregister_name, {key}},
    {"update_value", opcode::update_value, {key, data}},
    {"update_value_pid", opcode::update_value_of, {key, actor, data}},
    {"unregister_match", opcode::unregister_match, {key, which, guards}},
    {"pg_unregister_match", opcode::unregister_match_of, {key, actor, which, guards}},
    {"lookup", opcode::lookup, {key}},
    {"lookup_local", opcode::lookup_local, {key}},
    {"get_members", opcode::members, {key}},
    {"get_local_members", opcode::local_members, {key}},
    {"values", opcode::values, {key, actor}},
    {"keys", opcode::keys, {actor}},
    {"count", opcode::count, {}},
    {"which_groups", opcode::groups, {}},
    {"match", opcode::match, {key, which, guards}},
    {"count_match", opcode::count_match, {key, which, guards}},
    {"select", opcode::select, {clauses}},
    {"count_select", opcode::count_select, {clauses}},
    {"dispatch", opcode::dispatch, {key}},
    {"whereis_name", opcode::whereis, {key}},
    {"send", opcode::send, {key, data}},
    {"monitor_scope", opcode::monitor_scope, {}},
    {"monitor", opcode::monitor, {key}},
    {"demonitor", opcode::demonitor, {subscription}},
    {"put_meta", opcode::put_meta, {name, data}},
    {"meta", opcode::meta, {name}},
    {"delete_meta", opcode::delete_meta, {name}},
};

} // namespace

const operation_kind* find_operation(std::string_view name) noexcept {
  const auto* found =
      std::find_if(std::begin(operations), std::end(operations), [&](const auto& x) { return x.name == name; });
  return found == std::end(operations) ? nullptr : found;
}

} // namespace registry::conformance
