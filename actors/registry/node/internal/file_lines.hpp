#pragma once

#include <map>
#include <string>
#include <string_view>

namespace registry::inline v0_2 {

/// The lines, from 1, where the groups and options of a configuration file stand, by their full names; of several of one name
/// the last. The content is well-formed; what else stands in it is of no interest here. O(size).
[[nodiscard]] std::map<std::string, int, std::less<>> file_lines(std::string_view content);

} // namespace registry::inline v0_2
