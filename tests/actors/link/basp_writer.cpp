#include <link/basp_writer.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace registry::testing {

namespace {

using names = std::pair<std::string_view, std::string_view>;

constexpr std::array known{
    names{"@atom", "caf::sys_atom"},
    names{"@str", "std::string"},
    names{"@strong_actor_ptr", "caf::strong_actor_ptr"},
    names{"@message", "caf::message"},
    names{"@error", "caf::error"},
    names{"@down", "caf::down_msg"},
    names{"@exit", "caf::exit_msg"},
    names{"@group", "caf::stream_open_msg"},
    names{"@charbuf", "caf::byte_buffer"},
    names{"@i32", "int32_t"},
    names{"@config_value", "caf::config_value"},
    names{"@link", "caf::link_atom"},
    names{"@get", "caf::get_atom"},
    names{"@unit", "caf::unit_t"},
    names{"@strvec", "std::vector<std::string>"},
};

constexpr std::array equal{
    std::string_view{"registry::link_greeting"},
    std::string_view{"registry::link_welcome"},
    std::string_view{"registry::heartbeat_message"},
    std::string_view{"registry::frame_message"},
    std::string_view{"registry::fan_out_message"},
    std::string_view{"registry::ordered_fan_out_message"},
    std::string_view{"shop::order"},
};

} // namespace

std::string_view basp_type_name(basp_dialect dialect, std::string_view name) {
  const auto found = std::ranges::find(known, name, &names::first);
  return dialect == basp_dialect::caf_0_17 || found == known.end() ? name : found->second;
}

std::string_view basp_type_of(std::uint16_t number) {
  if (number < known.size())
    return known[number].second;
  return number - known.size() < equal.size() ? equal[number - known.size()] : std::string_view{};
}

basp_bytes basp_node(basp_dialect dialect, std::uint8_t which) {
  constexpr std::uint64_t common = 0x3E9A'AB9B'AC79;
  basp_writer out{dialect};
  if (dialect == basp_dialect::caf_0_17)
    out.number(common, 8);
  else
    out.number(1, 1);
  return out.number(which, 4).raw(basp_bytes(20, std::byte{which})).take();
}

basp_writer& basp_writer::number(std::uint64_t x, std::size_t size) {
  for (auto left = size; left > 0; --left)
    out_.push_back(static_cast<std::byte>(x >> 8 * (left - 1)));
  return *this;
}

basp_writer& basp_writer::length(std::uint64_t x) {
  for (; x > 0x7F; x >>= 7)
    number((x & 0x7F) | 0x80, 1);
  return number(x, 1);
}

basp_writer& basp_writer::text(std::string_view x) {
  length(x.size());
  for (const auto c : x)
    out_.push_back(static_cast<std::byte>(c));
  return *this;
}

basp_writer& basp_writer::raw(const basp_bytes& x) {
  out_.insert(out_.end(), x.begin(), x.end());
  return *this;
}

basp_writer& basp_writer::no_node() {
  return dialect_ == basp_dialect::caf_0_17 ? number(0xF, 8) : number(0xFF, 1);
}

basp_writer& basp_writer::handle(std::uint64_t actor, const basp_bytes& node) {
  return number(actor, 8).raw(node);
}

basp_writer& basp_writer::types(const std::vector<std::string_view>& names) {
  if (dialect_ == basp_dialect::caf_0_17) {
    std::string all = "@<>";
    for (const auto x : names)
      all.append("+").append(x);
    return number(0, 2).text(all);
  }
  length(names.size());
  for (const auto x : names) {
    const auto name = basp_type_name(dialect_, x);
    std::uint16_t at = 0;
    while (at < known.size() + equal.size() && basp_type_of(at) != name)
      ++at;
    number(at, 2);
  }
  return *this;
}

basp_writer& basp_writer::error_head() {
  return dialect_ == basp_dialect::caf_0_17 ? number(1, 1).number(0xF, 8) : number(1, 1).number(1, 1).number(1, 2);
}

basp_bytes encoded(const basp_header& x) {
  return basp_writer{basp_dialect::caf_0_17}
      .number(static_cast<std::uint64_t>(x.operation), 1)
      .number(0, 2)
      .number(x.flags, 1)
      .number(x.payload_size, 4)
      .number(x.data, 8)
      .number(x.source, 8)
      .number(x.destination, 8)
      .take();
}

} // namespace registry::testing
