#pragma once

#include <conformance/trace.hpp>
#include <registry/error/error.hpp>

#include <functional>
#include <istream>
#include <string>

namespace registry::conformance {

/// Makes the actor for a `spawn`; never null.
using spawn_function = std::function<member()>;

/// Reads a whole trace. The actors of its `spawn` operations are made while reading, so that the values of later operations
/// can hold them; nothing but the reader can see that they exist earlier than in the recording.
///
/// Fails with `errc::malformed`, and a message that begins with file and line, for everything that is not of the format:
/// JSON that does not parse, an unknown version, operation, field, remark or error, an argument or result of the wrong kind,
/// an actor that has not been spawned, a number out of sequence.
result<trace> read_trace(std::istream& in, const std::string& file, const spawn_function& spawn);

} // namespace registry::conformance
