#pragma once

#include <registry/link/internal/basp_guard.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace registry::testing {

using basp_bytes = std::vector<std::byte>;

/// A node as CAF writes it.
basp_bytes basp_node(basp_dialect dialect, std::uint8_t which);

/// Writes as CAF serialises. Numbers of types in CAF 1.x are indexes of `type_names()`.
class basp_writer {
public:
  explicit basp_writer(basp_dialect dialect) : dialect_(dialect) {}

  basp_writer& number(std::uint64_t x, std::size_t size);
  basp_writer& length(std::uint64_t x);
  basp_writer& text(std::string_view x);
  basp_writer& raw(const basp_bytes& x);
  basp_writer& no_node();
  basp_writer& handle(std::uint64_t actor, const basp_bytes& node);
  /// Types of a message, by their names in CAF 0.17.
  basp_writer& types(const std::vector<std::string_view>& names);
  /// The beginning of an error, before the types of its context.
  basp_writer& error_head();

  [[nodiscard]] basp_bytes take() { return std::move(out_); }

private:
  basp_dialect dialect_;
  basp_bytes out_;
};

/// A name of CAF 0.17 in the dialect.
std::string_view basp_type_name(basp_dialect dialect, std::string_view name);
/// The name of a number that `basp_writer` wrote.
std::string_view basp_type_of(std::uint16_t number);

basp_bytes encoded(const basp_header& x);

} // namespace registry::testing
