#pragma once

#include <registry/match/expression.hpp>
#include <registry/match/pattern.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace registry::inline v0_2::internal {

/// The position of a node that was not parsed from text.
inline constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

/// Common part of patterns and expressions. Depth and size are tracked while building, so that no tree can exhaust the stack
/// or take for ever to walk, even when a part is shared many times.
struct node {
  std::uint32_t depth = 1;
  std::uint32_t size = 1;
  std::uint32_t position = nowhere;
  unsigned number = 0;           ///< of a variable
  value constant;                ///< of a literal
  std::string text;              ///< the name of a call; the error of an invalid node
  std::vector<std::string> keys; ///< of a map, ascending, one for each part
};

struct pattern_node : node {
  enum class kind : std::uint8_t { any, variable, literal, list, map, invalid, too_large };
  kind what = kind::any;
  std::vector<pattern> parts;
  std::shared_ptr<const pattern_node> tail; ///< of a list, or null
};

struct expression_node : node {
  enum class kind : std::uint8_t { constant, variable, row, bindings, list, map, call, invalid, too_large };
  kind what = kind::constant;
  std::vector<expression> parts;
};

struct node_access {
  static const pattern_node& of(const pattern& p) noexcept { return *p.node_; }
  static const expression_node& of(const expression& e) noexcept { return *e.node_; }
  static const std::shared_ptr<const pattern_node>& share(const pattern& p) noexcept { return p.node_; }
  static pattern make(pattern_node node) { return pattern(std::make_shared<const pattern_node>(std::move(node))); }
  static expression make(expression_node node) {
    return expression(std::make_shared<const expression_node>(std::move(node)));
  }
  /// The same node with a position in a text.
  template <class Tree>
  static Tree located(const Tree& tree, std::size_t position) {
    auto copy = of(tree);
    copy.position = static_cast<std::uint32_t>(position);
    return make(std::move(copy));
  }
};

/// Computes depth and size from the parts. A node that would be too deep or too large loses its parts and becomes
/// `too_large`.
template <class Node>
void measure(Node& node) {
  std::size_t depth = 0;
  std::size_t size = 1;
  for (const auto& part : node.parts) {
    depth = std::max<std::size_t>(depth, node_access::of(part).depth);
    size += node_access::of(part).size;
  }
  node.depth = static_cast<std::uint32_t>(depth + 1);
  node.size = static_cast<std::uint32_t>(std::min(size, max_match_size + 1));
  if (node.depth <= max_match_depth && node.size <= max_match_size)
    return;
  node = Node{};
  node.what = Node::kind::too_large;
}

/// Makes a map node from pairs, or an `invalid` one if a key occurs twice.
template <class Node, class Part>
Node map_node(std::vector<std::pair<std::string, Part>> pairs) {
  std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto twice =
      std::adjacent_find(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
  Node result;
  if (twice != pairs.end()) {
    result.what = Node::kind::invalid;
    result.text = "the key " + to_string(value(twice->first)) + " occurs twice in one map; write it once";
    return result;
  }
  result.what = Node::kind::map;
  for (auto& [key, part] : pairs) {
    result.keys.push_back(std::move(key));
    result.parts.push_back(std::move(part));
  }
  measure(result);
  return result;
}

} // namespace registry::inline v0_2::internal
