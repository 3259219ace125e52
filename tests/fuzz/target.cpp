#include <fuzz/target.hpp>

#include <algorithm>
#include <stdexcept>

namespace registry::fuzz {

std::vector<target>& targets() {
  static std::vector<target> all;
  return all;
}

void expect(bool condition, std::string_view what, std::source_location where) {
  if (!condition)
    throw std::logic_error(std::string{where.file_name()} + ":" + std::to_string(where.line()) + ": " + std::string{what});
}

std::uint8_t script::byte() noexcept {
  const auto one = take(1);
  return one.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(one.front());
}

input script::take(std::size_t size) noexcept {
  const auto out = left_.first(std::min(size, left_.size()));
  left_ = left_.subspan(out.size());
  return out;
}

std::vector<std::string_view> split(input data, char separator) {
  std::vector<std::string_view> out;
  auto left = text_of(data);
  for (;;) {
    const auto end = left.find(separator);
    out.push_back(left.substr(0, end));
    if (end == std::string_view::npos)
      return out;
    left.remove_prefix(end + 1);
  }
}

} // namespace registry::fuzz
