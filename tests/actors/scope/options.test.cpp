#include <registry/scope/options.hpp>

#include <support/catch.hpp>

namespace registry {

TEST_CASE("scope options are read from a map", "[options]") {
  const auto options = scope_options::from_value(object("name", "rooms", "mode", "unique", "listeners", list("a", "b"),
                                                        "subscription_limit", 10, "log_capacity", 20, "partitions", 4));
  REQUIRE(options);
  CHECK(options.value().name == "rooms");
  CHECK(options.value().mode == key_mode::unique);
  CHECK(options.value().listeners == std::vector<std::string>{"a", "b"});
  CHECK(options.value().subscription_limit == 10);
  CHECK(options.value().log_capacity == 20);
  CHECK(options.value().partitions == 4);
}

TEST_CASE("a log of one change is enough for a scope", "[options]") {
  CHECK(scope_options::from_value(object("name", "x", "log_capacity", 1)));
}

TEST_CASE("unknown, ill-typed and invalid scope options are refused by name", "[options]") {
  const std::vector<std::pair<value, std::string>> cases{
      {object("name", ""), "name"},
      {object(), "name"},
      {object("name", 1), "name"},
      {object("name", "x", "mode", "bag"), "mode"},
      {object("name", "x", "mode", 1), "mode"},
      {object("name", "x", "listeners", "audit"), "listeners"},
      {object("name", "x", "listeners", list(1)), "listeners"},
      {object("name", "x", "listeners", list("")), "listeners"},
      {object("name", "x", "partitions", 0), "partitions"},
      {object("name", "x", "partitions", "many"), "partitions"},
      {object("name", "x", "subscription_limit", 0), "subscription_limit"},
      {object("name", "x", "log_capacity", -1), "log_capacity"},
      {object("name", "x", "colour", "red"), "colour"},
  };
  for (const auto& [options, culprit] : cases) {
    CAPTURE(to_string(options));
    const auto refused = scope_options::from_value(options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == errc::invalid_argument);
    CHECK(refused.error().message().find("'" + culprit + "'") != std::string::npos);
  }
  CHECK(scope_options::from_value(list("name", "x")).error() == errc::invalid_argument);
}

} // namespace registry
