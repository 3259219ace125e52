#pragma once

#include <conformance/notation.hpp>
#include <conformance/trace.hpp>

#include <boost/json/object.hpp>

namespace registry::conformance {

/// Reads what a line says about result, error, events and messages (sections 1, 5 and 6 of FORMAT.md) into an operation whose
/// kind and arguments have been read. Throws `malformed`.
void read_expectation(operation& into, const boost::json::object& line, const notation& values);

} // namespace registry::conformance
