#include <support/random_value.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace registry::testing {

namespace {

constexpr double two_63 = 9223372036854775808.0;

// Where numbers of the two kinds meet: the ends of the integers and of what a double tells apart.
constexpr std::array<std::int64_t, 12> integers{
    0, 1, -1, 2, 42, INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX - 1, 1LL << 53, (1LL << 53) + 1, -(1LL << 53) - 1};

constexpr std::array<double, 14> reals{
    0.0,   1.0,    -1.0,     2.0,    0.5, 42.0, two_63, -two_63, 9007199254740992.0, -9007199254740992.0,
    1e300, 5e-324, 0x1.8p62, -0x1p64};

bool coin(std::mt19937_64& random) {
  return random_below(random, 2) == 0;
}

value random_real(std::mt19937_64& random, bool finite) {
  if (!finite && random_below(random, 8) == 0)
    return coin(random) ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
  if (coin(random))
    return reals[random_below(random, reals.size())];
  const auto any = std::bit_cast<double>(random());
  return std::isfinite(any) ? any : 0.25;
}

value random_integer(std::mt19937_64& random) {
  if (coin(random))
    return integers[random_below(random, integers.size())];
  return static_cast<std::int64_t>(random() >> random_below(random, 64));
}

value random_bytes(std::mt19937_64& random) {
  const auto text = random_text(random, false);
  return value::bytes(std::as_bytes(std::span{text}));
}

value random_list(std::mt19937_64& random, const value_shape& inner) {
  std::vector<value> elements(random_below(random, inner.width + 1));
  for (auto& x : elements)
    x = random_value(random, inner);
  return value::list(std::move(elements));
}

value random_map(std::mt19937_64& random, const value_shape& inner) {
  std::vector<std::pair<std::string, value>> pairs(random_below(random, inner.width + 1));
  for (auto& [key, mapped] : pairs) {
    key = random_text(random, inner.json);
    mapped = random_value(random, inner);
  }
  return value::map(std::move(pairs));
}

value random_scalar(std::mt19937_64& random, const value_shape& shape) {
  switch (random_below(random, shape.actors.empty() ? 6 : 7)) {
  case 0:
    return nullptr;
  case 1:
    return coin(random);
  case 2:
    return random_integer(random);
  case 3:
    return random_real(random, shape.json);
  case 4:
    return random_text(random, shape.json);
  case 5:
    return random_bytes(random);
  default:
    return shape.actors[random_below(random, shape.actors.size())];
  }
}

} // namespace

std::size_t random_below(std::mt19937_64& random, std::size_t bound) {
  // Not std::uniform_int_distribution: its results differ between libraries, and a seed must replay everywhere.
  return static_cast<std::size_t>(random() % bound);
}

std::string random_text(std::mt19937_64& random, bool utf8) {
  constexpr std::array<const char*, 14> pieces{"a",      "b", "A", "0",  "\"", "\\",   "$",
                                               "$bytes", "é", "€", "😀", "\n", "\x01", "nick"};
  std::string text;
  const auto size = coin(random) ? random_below(random, 3) : random_below(random, 24);
  while (text.size() < size) {
    if (!utf8 && random_below(random, 4) == 0)
      text += static_cast<char>(random_below(random, 256));
    else
      text += pieces[random_below(random, pieces.size())];
  }
  return text;
}

value random_value(std::mt19937_64& random, const value_shape& shape) {
  if (shape.depth == 0 || coin(random))
    return random_scalar(random, shape);
  auto inner = shape;
  --inner.depth;
  return coin(random) ? random_list(random, inner) : random_map(random, inner);
}

} // namespace registry::testing
