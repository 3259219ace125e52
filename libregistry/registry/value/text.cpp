#include <registry/internal/hex.hpp>
#include <registry/value/internal/text.hpp>
#include <registry/value/value.hpp>

#include <array>
#include <ostream>

namespace registry::inline v0_2 {

namespace {

void append(std::string& out, const value& x);

/// Whether the text is already too long to be useful: values share parts, and may have more places to print than there is
/// memory or time for.
bool is_enough(std::string& out) {
  if (out.size() <= longest_text)
    return false;
  out += "…";
  return true;
}

void append(std::string& out, std::span<const value> elements) {
  out += '[';
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i != 0)
      out += ", ";
    if (is_enough(out))
      break;
    append(out, elements[i]);
  }
  out += ']';
}

void append(std::string& out, const map_view& pairs) {
  out += '{';
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i != 0)
      out += ", ";
    if (is_enough(out))
      break;
    append(out, pairs[i].key);
    out += ": ";
    append(out, pairs[i].mapped);
  }
  out += '}';
}

void append(std::string& out, const member& actor) {
  out += "<actor ";
  out += std::to_string(actor->id());
  out += '@';
  out += to_string(actor->node());
  out += '>';
}

void append(std::string& out, const value& x) {
  switch (x.type()) {
  case value::kind::null:
    out += "null";
    break;
  case value::kind::boolean:
    out += *x.as_bool() ? "true" : "false";
    break;
  case value::kind::integer:
    out += std::to_string(*x.as_integer());
    break;
  case value::kind::real:
    internal::append_real(out, *x.as_real());
    break;
  case value::kind::string:
    internal::append_quoted(out, *x.as_string());
    break;
  case value::kind::bytes:
    out += "b\"";
    internal::append_hex(out, *x.as_bytes());
    out += '"';
    break;
  case value::kind::actor:
    append(out, x.as_actor());
    break;
  case value::kind::list:
    append(out, x.as_list());
    break;
  case value::kind::map:
    append(out, x.as_map());
    break;
  }
}

} // namespace

std::string_view to_string(value::kind x) noexcept {
  constexpr std::array<std::string_view, 9> names{"null",  "boolean", "integer", "real", "string",
                                                  "bytes", "actor",   "list",    "map"};
  return names[static_cast<std::size_t>(x)];
}

std::string to_string(const value& x) {
  std::string out;
  append(out, x);
  return out;
}

std::ostream& operator<<(std::ostream& out, const value& x) {
  return out << to_string(x);
}

} // namespace registry::inline v0_2
