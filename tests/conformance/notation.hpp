#pragma once

#include <conformance/actor_names.hpp>
#include <registry/match/specification.hpp>
#include <registry/value/value.hpp>

#include <boost/json/value.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace registry::conformance {

/// Thrown inside the reader, and nowhere else, for a line that violates the format; the message describes the violation.
struct malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws `malformed` with a message that shows the offending JSON.
[[noreturn]] void refuse(std::string_view what, const boost::json::value& where);

// The parts of JSON; all throw `malformed` if it is another kind, `what` says what was expected.
const boost::json::array& as_array(const boost::json::value& x, std::string_view what);
const boost::json::object& as_object(const boost::json::value& x, std::string_view what);
std::string as_text(const boost::json::value& x, std::string_view what);

/// The JSON notation of values, patterns and expressions (sections 2 and 3 of FORMAT.md). Reading throws `malformed`.
class notation {
public:
  /// The names must outlive the notation; actors are looked up there when something is parsed.
  explicit notation(const actor_names& names) : names_(&names) {}

  [[nodiscard]] value read_value(const boost::json::value& x) const;
  [[nodiscard]] member read_actor(const boost::json::value& x) const;
  [[nodiscard]] pattern read_pattern(const boost::json::value& x) const;
  [[nodiscard]] expression read_expression(const boost::json::value& x) const;
  [[nodiscard]] std::vector<expression> read_expressions(const boost::json::value& x) const;
  [[nodiscard]] std::vector<select_clause> read_clauses(const boost::json::value& x) const;
  /// The name in a subscription handle.
  [[nodiscard]] static std::string read_subscription(const boost::json::value& x);

  /// A value as it is written in a trace. Different values have different texts.
  [[nodiscard]] std::string write(const value& x) const;

private:
  [[nodiscard]] value read_tagged(const boost::json::object& x) const;
  [[nodiscard]] select_clause read_clause(const boost::json::value& x) const;

  const actor_names* names_;
};

} // namespace registry::conformance
