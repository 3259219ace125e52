#include <registry/node/nearest_word.hpp>

#include <support/catch.hpp>

namespace registry {

TEST_CASE("a mistyped word is near to the one that was meant", "[nearest_word]") {
  const std::vector<std::string> words{"worker", "submit", "status", "demo"};
  CHECK(nearest_word("wroker", words) == "worker");
  CHECK(nearest_word("submitt", words) == "submit");
  CHECK(nearest_word("sttus", words) == "status");
  CHECK(nearest_word("dem", words) == "demo");
  CHECK(nearest_word("demo", words) == "demo");
}

TEST_CASE("a word that differs in more than a third of its letters is not near", "[nearest_word]") {
  const std::vector<std::string> words{"worker", "submit", "a", "off"};
  CHECK_FALSE(nearest_word("fly", words));
  CHECK_FALSE(nearest_word("wrkre!", words) == "submit");
  CHECK_FALSE(nearest_word("", words));
  CHECK_FALSE(nearest_word("b", words)); // "a" would share no letter with it
  CHECK_FALSE(nearest_word("worker", {}));
}

TEST_CASE("of several words the nearest is meant, and of equally near ones the first", "[nearest_word]") {
  CHECK(nearest_word("chat.prt", {"chat.part", "chat.port", "chat.prt2"}) == "chat.part");
  CHECK(nearest_word("listenn", {"listing", "listen"}) == "listen");
}

TEST_CASE("a name is near if its last part is", "[nearest_word]") {
  const std::vector<std::string> names{"chat.port", "registry.listen", "registry.seeds"};
  CHECK(nearest_name("regstri.listen", names) == "registry.listen");
  CHECK(nearest_name("listen", names) == "registry.listen");
  CHECK(nearest_name("chat.seed", names) == "registry.seeds");
  CHECK_FALSE(nearest_name("chat.colour", names));
}

TEST_CASE("an error message ends with the word that was meant", "[nearest_word]") {
  CHECK(did_you_mean("listen") == "; did you mean listen?");
  CHECK(did_you_mean(std::nullopt).empty());
}

} // namespace registry
