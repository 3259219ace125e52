#include <registry/membership/address.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <ostream>

namespace registry::inline v0_2 {

namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, port);
  return failed == std::errc{} && stopped == end ? std::optional{port} : std::nullopt;
}

} // namespace

std::string to_string(const node_address& x) {
  const bool bracketed = x.host.find(':') != std::string::npos;
  std::string out;
  out.append(bracketed ? "[" : "").append(x.host).append(bracketed ? "]:" : ":").append(std::to_string(x.port));
  return out;
}

bool is_host(std::string_view text) noexcept {
  const auto fits = [](char c) { return c > ' ' && c <= '~' && c != '[' && c != ']'; };
  return !text.empty() && text.size() <= node_address::max_host && std::all_of(text.begin(), text.end(), fits);
}

result<node_address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return error::at(errc::malformed, text.size(), "an address is host:port; the port is missing");
  const auto port = parse_port(text.substr(colon + 1));
  if (!port)
    return error::at(errc::malformed, colon + 1, "a port is a number from 0 to 65535");
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  if (bracketed != (host.find(':') != std::string_view::npos))
    return error::at(errc::malformed, 0, "IPv6 addresses, and no others, stand in brackets: [::1]:4000");
  if (!is_host(host))
    return error::at(errc::malformed, 0, "an address is host:port; the host is missing or invalid");
  return node_address{std::string{host}, *port};
}

std::ostream& operator<<(std::ostream& out, const node_address& x) {
  return out << to_string(x);
}

} // namespace registry::inline v0_2
