#include <corpus/support/type_blocks.hpp>

#include <support/catch.hpp>

#include <caf/type_id.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <utility>

using namespace registry::corpus;

namespace {

using ids_by_name = std::map<std::string, caf::type_id_t>;

template <class Block, std::size_t... Is>
void add_block(ids_by_name& to, std::index_sequence<Is...>) {
  (to.emplace(caf::type_name<typename caf::type_by_id<static_cast<caf::type_id_t>(Block::begin + Is)>::type>::value,
              static_cast<caf::type_id_t>(Block::begin + Is)),
   ...);
}

template <class... Blocks>
ids_by_name ids_of(type_blocks<Blocks...>) {
  ids_by_name out;
  (add_block<Blocks>(out, std::make_index_sequence<Blocks::end - Blocks::begin>{}), ...);
  return out;
}

// These numbers and names are sent between nodes, so existing ones stay; add a new message at the end of its block and here.
const ids_by_name known{
    {"registry::value", 1200},
    {"registry::errc", 1201},
    {"registry::events", 1202},
    {"registry::registered", 1203},
    {"registry::unregistered", 1204},
    {"registry::wake_up", 1205},
    {"registry::await_done", 1206},
    {"registry::await_expired", 1207},
    {"registry::join_request", 1208},
    {"registry::leave_request", 1209},
    {"registry::update_request", 1210},
    {"registry::unregister_match_request", 1211},
    {"registry::leave_all_request", 1212},
    {"registry::register_name_request", 1213},
    {"registry::unregister_name_request", 1214},
    {"registry::whereis_request", 1215},
    {"registry::send_request", 1216},
    {"registry::lookup_request", 1217},
    {"registry::members_request", 1218},
    {"registry::values_request", 1219},
    {"registry::keys_request", 1220},
    {"registry::count_request", 1221},
    {"registry::count_key_request", 1222},
    {"registry::groups_request", 1223},
    {"registry::match_request", 1224},
    {"registry::count_match_request", 1225},
    {"registry::select_request", 1226},
    {"registry::count_select_request", 1227},
    {"registry::dispatch_request", 1228},
    {"registry::put_meta_request", 1229},
    {"registry::meta_request", 1230},
    {"registry::delete_meta_request", 1231},
    {"registry::monitor_request", 1232},
    {"registry::monitor_scope_request", 1233},
    {"registry::demonitor_request", 1234},
    {"registry::await_request", 1235},
    {"registry::link_greeting", 1300},
    {"registry::link_welcome", 1301},
    {"registry::heartbeat_message", 1302},
    {"registry::frame_message", 1303},
    {"registry::fan_out_message", 1304},
    {"registry::hand_over_step", 1305},
    {"registry::link_deadline", 1306},
    {"registry::mesh_tick", 1307},
    {"registry::ordered_fan_out_message", 1308},
    {"registry::coroutine_wake_up", 1700},
    {"registry::coroutine_resume", 1701},
    {"chat::relay", 2200},
    {"chat::set_topic", 2201},
    {"chat::line_received", 2202},
    {"chat::connection_ended", 2203},
    {"chat::tick", 2204},
    {"chat::shut_down", 2205},
    {"dispatch::run_job", 2700},
    {"dispatch::outcome", 2701},
    {"dispatch::drain", 2702},
    {"dispatch::stop", 2703},
    {"dispatch::job_result", 2704},
    {"dispatch::progress_report", 2705},
    {"dispatch::submission_ended", 2706},
    {"dispatch::start_command", 2707},
    {"dispatch::command_ended", 2708},
    {"dispatch::perform_job", 2709},
    {"dispatch::give_up_job", 2710},
    {"dispatch::withdraw_job", 2711},
    {"dispatch::ask_job", 2712},
    {"dispatch::job_waiting", 2713},
    {"dispatch::job_begun", 2714},
    {"dispatch::job_dropped", 2715},
    {"dispatch::job_refused", 2716},
    {"dispatch::job_done", 2717},
    {"dispatch::job_report", 2718},
    {"dispatch::command_finished", 2719},
};

} // namespace

TEST_CASE("the ids of message types never change", "[corpus]") {
  CHECK(ids_of(all_type_blocks{}) == known);
}
