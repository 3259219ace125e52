#include <registry/link/internal/basp_types.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace registry::inline v0_2 {

namespace {

using type_kind = basp_type::kind;
using row = std::pair<std::string_view, basp_type>;

constexpr basp_type opaque{"", type_kind::opaque};
constexpr basp_type refused{"", type_kind::refused};
constexpr basp_type nothing{"", type_kind::known};

constexpr row known(std::string_view name, std::string_view grammar) {
  return {name, {grammar, type_kind::known}};
}

constexpr row of_link(std::string_view name, std::string_view grammar) {
  return {name, {grammar, type_kind::link}};
}

// A value is its bytes and its handles.
constexpr std::array ours{
    of_link("registry::link_greeting", "888"),
    of_link("registry::link_welcome", ""),
    of_link("registry::heartbeat_message", "s"),
    of_link("registry::frame_message", "sH"),
    of_link("registry::fan_out_message", "Lm"),
    of_link("registry::ordered_fan_out_message", "Ls88m"),
    known("registry::value", "sH"),
    known("registry::send_request", "sHm"),
    known("registry::dispatch_request", "sHsHm"),
    row{"registry::hand_over_step", refused},
    row{"registry::link_deadline", refused},
    row{"registry::mesh_tick", refused},
    row{"registry::wake_up", refused},
    row{"registry::coroutine_wake_up", refused},
    row{"registry::coroutine_resume", refused},
};

constexpr std::array of_caf_0_17{
    known("@actor", "h"),
    known("@actorvec", "H"),
    known("@addr", "h"),
    known("@addrvec", "H"),
    known("@atom", "8"),
    known("@charbuf", "s"),
    known("@down", "he"),
    known("@duration", "48"),
    known("@error", "e"),
    known("@exit", "he"),
    known("@i16", "2"),
    known("@i32", "4"),
    known("@i64", "8"),
    known("@i8", "1"),
    known("@ldouble", "s"),
    known("@message", "m"),
    known("@message_id", "8"),
    known("@node", "n"),
    known("@str", "s"),
    known("@strmap", "M"),
    known("@strong_actor_ptr", "h"),
    known("@strset", "S"),
    known("@strvec", "S"),
    known("@timeout", "88"),
    known("@timespan", "8"),
    known("@timestamp", "8"),
    known("@u16", "2"),
    known("@u16str", "w"),
    known("@u32", "4"),
    known("@u32str", "W"),
    known("@u64", "8"),
    known("@u8", "1"),
    known("@unit", ""),
    known("@weak_actor_ptr", "h"),
    known("bool", "1"),
    known("double", "8"),
    known("float", "4"),
};

constexpr std::array of_caf_1{
    known("bool", "1"),
    known("double", "8"),
    known("float", "4"),
    known("int16_t", "2"),
    known("int32_t", "4"),
    known("int64_t", "8"),
    known("int8_t", "1"),
    known("ldouble", "s"),
    known("uint16_t", "2"),
    known("uint32_t", "4"),
    known("uint64_t", "8"),
    known("uint8_t", "1"),
    known("std::string", "s"),
    known("std::u16string", "w"),
    known("std::u32string", "W"),
    known("std::set<std::string>", "S"),
    known("std::vector<std::string>", "S"),
    known("caf::actor", "h"),
    known("caf::actor_addr", "h"),
    known("caf::byte_buffer", "s"),
    known("caf::cow_string", "s"),
    known("caf::cow_u16string", "w"),
    known("caf::cow_u32string", "W"),
    known("caf::down_msg", "he"),
    known("caf::error", "e"),
    known("caf::exit_msg", "he"),
    known("caf::exit_reason", "1"),
    known("caf::message", "m"),
    known("caf::message_id", "8"),
    known("caf::node_down_msg", "ne"),
    known("caf::node_id", "n"),
    known("caf::none_t", ""),
    known("caf::pec", "1"),
    known("caf::sec", "1"),
    known("caf::strong_actor_ptr", "h"),
    known("caf::timeout_msg", "s8"),
    known("caf::timespan", "8"),
    known("caf::timestamp", "8"),
    known("caf::unit_t", ""),
    known("caf::uri", "s"),
    known("caf::weak_actor_ptr", "h"),
    known("std::vector<caf::actor>", "H"),
    known("std::vector<caf::actor_addr>", "H"),
    known("std::vector<caf::strong_actor_ptr>", "H"),
    known("std::vector<caf::weak_actor_ptr>", "H"),
};

template <class Rows>
const basp_type* find(const Rows& rows, std::string_view name) noexcept {
  const auto found = std::ranges::find(rows, name, &row::first);
  return found == rows.end() ? nullptr : &found->second;
}

bool is_of_caf_1(std::string_view name) noexcept {
  return name.starts_with("caf::") || name.starts_with("std::vector<caf::") || name.starts_with("std::vector<std::pair<");
}

} // namespace

const basp_type& find_basp_type(basp_dialect dialect, std::string_view name) noexcept {
  if (const auto* found = find(ours, name))
    return *found;
  if (dialect == basp_dialect::caf_0_17) {
    if (const auto* found = find(of_caf_0_17, name))
      return *found;
    return name.empty() || name.front() == '@' ? refused : opaque; // '@' marks the names of CAF's own types
  }
  if (const auto* found = find(of_caf_1, name))
    return *found;
  if (name.starts_with("caf::") && name.ends_with("_atom"))
    return nothing;
  return name.empty() || is_of_caf_1(name) ? refused : opaque;
}

} // namespace registry::inline v0_2
