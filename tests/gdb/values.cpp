// What gdb is to show; see printers.sh.

#include <registry/entry/entry.hpp>
#include <registry/error/error.hpp>
#include <registry/member/incarnation.hpp>
#include <registry/value/value.hpp>

#include <support/fake_member.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

[[gnu::noinline]] void stop_here(const void* what) {
  asm volatile("" : : "r"(what) : "memory");
}

registry::value nested(int depth) {
  registry::value out = 1;
  for (int i = 0; i < depth; ++i)
    out = registry::list(out);
  return out;
}

} // namespace

int main() {
  constexpr std::array<std::byte, 3> few{std::byte{0}, std::byte{0xab}, std::byte{0xff}};
  const std::vector<std::byte> many(20, std::byte{0x11});

  const registry::value null;
  const registry::value yes = true;
  const registry::value integer = -42;
  const registry::value smallest = std::numeric_limits<std::int64_t>::min();
  const registry::value real = 2.5;
  const registry::value whole = 3.0;
  const registry::value short_text = "ann";
  const registry::value longest_inside = "fourteen bytes";
  const registry::value long_text = "more than the fourteen bytes that are inside";
  const registry::value odd_text = "a \"quote\", a line\n, Zoë and \xff";
  const registry::value huge_text = std::string(300, 'x');
  const registry::value short_bytes = registry::value::bytes(few);
  const registry::value long_bytes = registry::value::bytes(many);
  const registry::value empty_list = registry::list();
  const registry::value list = registry::list(1, "two", registry::list(3.5, nullptr));
  const registry::value long_list = registry::value::list(std::vector<registry::value>(300, 7));
  const registry::value empty_map = registry::object();
  const registry::value map = registry::object("nick", "ann", "age", 42, "at", registry::object("room", "lobby"));
  const registry::value deep = nested(20);
  const registry::value* pointer = &map;
  const registry::member nobody;
  const auto somebody = registry::testing::make_member(7);
  const registry::value actor = somebody;
  const registry::entry entry{somebody, map, 3, 5, 2};
  [[maybe_unused]] const registry::entry_id id = entry.id();
  [[maybe_unused]] const registry::incarnation run{0x0123456789abcdef, 0x42};
  const registry::error plain = registry::errc::not_joined;
  const registry::error told{registry::errc::invalid_argument, "the option 'listen' is missing"};
  stop_here(&pointer);
}
