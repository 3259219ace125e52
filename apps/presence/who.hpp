#pragma once

#include <registry/error/error.hpp>
#include <registry/scope/scope.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace presence {

/// The names of the users whose status matches a pattern, in alphabetical order, at one moment. `bad_match_spec` if it is none.
registry::result<std::vector<std::string>> who_is_online(const registry::scope& people, std::string_view pattern);

} // namespace presence
