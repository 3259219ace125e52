#include <registry/compat/error.hpp>
#include <registry/scope/requests.hpp>

#include <caf/message.hpp>

#include <string>

#if REGISTRY_CAF_0_17
#include <caf/atom.hpp>
#include <caf/make_message.hpp>
#endif

namespace registry::inline v0_2 {

namespace {

constexpr auto first_code = static_cast<std::uint8_t>(errc::invalid_argument);
constexpr auto last_code = static_cast<std::uint8_t>(errc::failed);

} // namespace

#if !REGISTRY_CAF_0_17
bool from_integer(std::underlying_type_t<errc> number, errc& code) noexcept {
  if (number < first_code || number > last_code)
    return false;
  code = static_cast<errc>(number);
  return true;
}

bool from_string(std::string_view name, errc& code) noexcept {
  for (auto number = first_code; number <= last_code; ++number) {
    if (to_string(static_cast<errc>(number)) == name)
      return from_integer(number, code);
  }
  return false;
}
#endif

namespace compat {

namespace {

#if REGISTRY_CAF_0_17
constexpr auto category = caf::atom("registry");
#endif

} // namespace

caf::error to_caf(const error& e) {
  auto context = caf::make_message(std::string{e.message()}, e.holder());
#if REGISTRY_CAF_0_17
  return {static_cast<std::uint8_t>(e.code()), category, std::move(context)};
#else
  return {e.code(), std::move(context)};
#endif
}

std::optional<error> from_caf(const caf::error& e) {
  if (!e)
    return std::nullopt;
#if REGISTRY_CAF_0_17
  const bool ours = e.category() == category;
#else
  const bool ours = e.category() == caf::type_id_v<errc>;
#endif
  const auto code = e.code();
  if (!ours || code < first_code || code > last_code)
    return std::nullopt;
  const auto& context = e.context();
  if (!context.match_elements<std::string, member>())
    return error(static_cast<errc>(code));
  if (const auto& holder = context.get_as<member>(1); holder != nullptr)
    return error::held_by(holder);
  return error(static_cast<errc>(code), context.get_as<std::string>(0));
}

void add_error_category(caf::actor_system_config& config) {
#if REGISTRY_CAF_0_17
  config.add_error_category(category, [](std::uint8_t code, caf::atom_value, const caf::message& context) {
    std::string text{to_string(static_cast<errc>(code))};
    if (context.match_elements<std::string, member>())
      text += ": " + context.get_as<std::string>(0);
    return text;
  });
#else
  static_cast<void>(config);
#endif
}

} // namespace compat
} // namespace registry::inline v0_2
