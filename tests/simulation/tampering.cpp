#include <simulation/tampering.hpp>

#include <registry/wire/internal/codec.hpp>

#include <limits>
#include <utility>
#include <variant>

namespace registry::simulation {

bool tampering::sends(const incarnation& to, const frame& what) {
  if (fault_ != mutant::no_acknowledgement && fault_ != mutant::any_token)
    return true;
  const auto read = decode_frame(what).value();
  if (const auto* hello = std::get_if<hello_message>(&read.what))
    asked_[to] = hello->token;
  return fault_ != mutant::no_acknowledgement || !std::holds_alternative<acknowledge_message>(read.what);
}

frame tampering::shown(const incarnation& from, const frame& what) const {
  if (fault_ != mutant::any_token && fault_ != mutant::no_gap_check)
    return what;
  auto read = decode_frame(what).value();
  const auto asked = asked_.find(from);
  std::visit(
      [&](auto& x) {
        if constexpr (requires { x.header; }) {
          if (fault_ == mutant::any_token && asked != asked_.end())
            x.header.token = asked->second;
        }
        if constexpr (requires { x.previous; }) {
          if (fault_ == mutant::no_gap_check)
            x.previous = 0;
        }
      },
      read.what);
  return encode_frame(read.scope, read.what);
}

std::optional<frame> tampering::acknowledgement_of_all(const incarnation& from, const frame& what) {
  const auto read = decode_frame(what).value();
  const auto* hello = std::get_if<hello_message>(&read.what);
  if (hello == nullptr)
    return std::nullopt;
  const auto before = std::exchange(served_[from], hello->token);
  return encode_frame(read.scope, acknowledge_message{before, std::numeric_limits<std::uint32_t>::max()});
}

bool tampering::is_chunk(const frame& what) {
  return std::holds_alternative<snapshot_chunk_message>(decode_frame(what).value().what);
}

} // namespace registry::simulation
