#pragma once

#include <registry/value/value.hpp>

#include <string>
#include <string_view>

namespace registry::inline v0_2 {

/// @file
/// Values as JSON. Null, booleans, integers, reals, strings, lists and maps have their usual form; a real always has a
/// fraction or an exponent (`1.0`), an integer never (`1`). The rest:
///
/// - Bytes are an object with the sole key `$bytes` and hexadecimal digits: `{"$bytes": "00ff"}`.
/// - To keep maps apart from that, a map whose sole key is `$bytes`, `$$bytes`, … is written with one `$` more, and read
///   with one less. Keys in maps of any other size are never changed.
/// - Actors, infinities, strings that are no UTF-8, and values deeper than `value::max_depth` have no JSON form.
///
/// Every value with a JSON form reads back identical.

/// The value as one line of JSON without blanks. Linear in the text. Errors: `invalid_argument` names the part without a
/// JSON form; `limit_exceeded` for a value that nests deeper than `value::max_depth` or whose text is too long. Any thread.
[[nodiscard]] result<std::string> to_json(const value& x);

/// The value of one JSON text (RFC 8259; no comments, no trailing commas; blanks around it are fine). Of equal keys the last
/// one wins. Integers must fit 64 signed bits and reals the range of double. Linear in the text. Errors: `malformed` with
/// the position in bytes; `limit_exceeded` if it nests deeper than `value::max_depth`. Any thread.
[[nodiscard]] result<value> from_json(std::string_view text);

} // namespace registry::inline v0_2
