#pragma once

#include <registry/member/member.hpp>
#include <registry/value/value.hpp>

#include <string>
#include <utility>
#include <vector>

namespace registry::corpus {

/// Values of every kind, the smallest and the largest of each, and large ones, each under a name. The recordings contain
/// them, so the meaning of a name never changes. `actor` is the handle in some of them.
std::vector<std::pair<std::string, value>> samples(const member& actor);

/// Keys of every kind that are not strings.
std::vector<value> sample_keys(const member& actor);

} // namespace registry::corpus
