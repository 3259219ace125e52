#include <simulation/tampering.hpp>

#include <registry/wire/internal/codec.hpp>

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

} // namespace registry::simulation
