#include <registry/node/internal/file_lines.hpp>

#include <support/catch.hpp>

namespace registry {

TEST_CASE("the lines of groups and options in a configuration file are known", "[configuration]") {
  const auto lines = file_lines("# chat { port = 1 }\n"
                                "chat {\n"
                                "  name = \"a } { = # b\\\"\" # name = 3\n"
                                "  tick = 1min\n"
                                "  hosts = [\n"
                                "    \"x\"\n"
                                "  ]\n"
                                "  port = 6667\n"
                                "}\n"
                                "\n"
                                "a {\n"
                                "  b { c = 1 }\n"
                                "  d = 2 }\n"
                                "registry.listen = \"x:1\"\n");
  CHECK(lines == std::map<std::string, int, std::less<>>{{"chat", 2},
                                                         {"chat.name", 3},
                                                         {"chat.tick", 4},
                                                         {"chat.hosts", 5},
                                                         {"chat.port", 8},
                                                         {"a", 11},
                                                         {"a.b", 12},
                                                         {"a.b.c", 12},
                                                         {"a.d", 13},
                                                         {"registry.listen", 14}});
}

TEST_CASE("a file that breaks off has lines, too", "[configuration]") {
  CHECK(file_lines("").empty());
  CHECK(file_lines("}}\nchat { name = \"").size() == 2);
  CHECK(file_lines("x = \"\\").at("x") == 1);
}

} // namespace registry
