#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace registry::fuzz {

/// The bytes that a target is given: any.
using input = std::span<const std::byte>;

/// A function that has to be right about any input: it crashes, or throws what `expect` throws, if something else is not.
struct target {
  std::string_view name; ///< that of its corpus, too
  void (*run)(input data);
};

/// All targets that are part of this program.
[[nodiscard]] std::vector<target>& targets();

/// Adds a target before main begins.
struct registration {
  registration(std::string_view name, void (*run)(input data)) { targets().push_back({name, run}); }
};

/// Throws `std::logic_error`, which names the place, unless the condition is true.
void expect(bool condition, std::string_view what, std::source_location where = std::source_location::current());

/// Reads an input as a list of choices, from its front. What is missing at the end is 0 or empty.
class script {
public:
  explicit script(input data) noexcept : left_(data) {}

  [[nodiscard]] bool done() const noexcept { return left_.empty(); }
  std::uint8_t byte() noexcept;
  /// A number from 0 to bound - 1; the bound is at most 256.
  std::size_t below(std::size_t bound) noexcept { return byte() % bound; }
  bool coin() noexcept { return (byte() & 1U) != 0; }
  /// Some bytes, behind the byte that says how many.
  input bytes() noexcept { return take(byte()); }
  input rest() noexcept { return take(left_.size()); }

private:
  input take(std::size_t size) noexcept;

  input left_;
};

[[nodiscard]] inline std::string_view text_of(input data) noexcept {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

/// The parts of an input between these bytes; at least one.
[[nodiscard]] std::vector<std::string_view> split(input data, char separator);

} // namespace registry::fuzz
