#include <simulation/world.hpp>

namespace registry::simulation {

namespace {

constexpr std::uint64_t large_percent = 10;

} // namespace

value world::next_value() {
  const auto number = ++last_value;
  if (around.large_value == 0)
    return value{number};
  if (!random.percent(large_percent))
    return list(number);
  const auto size = random.between(around.large_value / 8, around.large_value);
  return list(number, std::string(size, static_cast<char>('a' + number % 26)));
}

} // namespace registry::simulation
