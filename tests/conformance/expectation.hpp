#pragma once

#include <conformance/notation.hpp>
#include <conformance/trace.hpp>

#include <boost/json/object.hpp>

namespace registry::conformance {

/// Parses the result, error, events and messages of a line (sections 1, 5 and 6 of FORMAT.md) into an operation whose kind
/// and arguments have been parsed. Throws `malformed`.
void read_expectation(operation& into, const boost::json::object& line, const notation& values);

} // namespace registry::conformance
