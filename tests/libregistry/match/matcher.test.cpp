#include <registry/match/matcher.hpp>
#include <registry/match/operators.hpp>

#include <support/catch.hpp>

#include <memory>

using namespace registry;

namespace {

bool is_answer(const value& x) {
  return identical(x, value(42));
}

std::size_t count(const std::vector<value>& values, const matcher& which) {
  return static_cast<std::size_t>(std::count_if(values.begin(), values.end(), which));
}

} // namespace

TEST_CASE("a matcher is made of a specification or of any predicate", "[match]") {
  const std::vector<value> values{1, 42, "a", list(), 43};
  CHECK(count(values, match_spec::compile(var<1>, {is_int(var<1>)}).value()) == 3);
  CHECK(count(values, is_answer) == 1);
  CHECK(count(values, [](const value& x) { return x.as_integer().value_or(0) > 41; }) == 2);
  CHECK(count(values, [limit = std::make_shared<int>(41)](const value& x) { return x > value(*limit); }) == 4);
}

TEST_CASE("matchers can be copied and assigned", "[match]") {
  matcher first = is_answer;
  const matcher second = match_spec::compile("a").value();
  CHECK(first(42));
  first = second;
  CHECK(first("a"));
  CHECK_FALSE(first(42));
  const matcher copy = first;
  CHECK(copy("a"));
}

TEST_CASE("only predicates on values make matchers", "[match]") {
  static_assert(std::is_constructible_v<matcher, bool (*)(const value&)>);
  static_assert(!std::is_constructible_v<matcher, int>);
  static_assert(!std::is_constructible_v<matcher, bool (*)(int*)>);
  static_assert(!std::is_constructible_v<matcher, pattern>);
}
