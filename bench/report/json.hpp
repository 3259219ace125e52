#pragma once

#include <registry/value/value.hpp>

#include <string>

namespace registry::bench {

/// The content of a file of JSON. Ends the program with a message if it cannot be read.
value read_json(const std::string& file);

/// A field as a number, or as text; a default if there is none.
double number(const value& in, const char* field, double otherwise = 0);
std::string text(const value& in, const char* field);

/// Ends the program with a message.
[[noreturn]] void give_up(const std::string& why);

} // namespace registry::bench
