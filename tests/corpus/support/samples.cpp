#include <corpus/support/samples.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace registry::corpus {

namespace {

std::vector<std::byte> some_bytes(std::size_t size) {
  std::vector<std::byte> out;
  for (std::size_t i = 0; i < size; ++i)
    out.push_back(static_cast<std::byte>(i & 0xffU));
  return out;
}

std::string alphabet(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i)
    out += static_cast<char>('a' + i % 26);
  return out;
}

value numbers(std::int64_t count) {
  std::vector<value> out;
  for (std::int64_t i = 0; i < count; ++i)
    out.emplace_back(i * i - 100);
  return value::list(std::move(out));
}

value many_keys(std::int64_t count) {
  std::vector<std::pair<std::string, value>> out;
  for (std::int64_t i = 0; i < count; ++i)
    out.emplace_back("key " + std::to_string(i), i);
  return value::map(std::move(out));
}

value nested(std::size_t depth) {
  value out = list();
  for (std::size_t i = 1; i < depth; ++i)
    out = i % 2 == 0 ? list(out) : object("in", out);
  return out;
}

} // namespace

std::vector<std::pair<std::string, value>> samples(const member& actor) {
  using int_limits = std::numeric_limits<std::int64_t>;
  using real_limits = std::numeric_limits<double>;
  return {
      {"null", {}},
      {"false", false},
      {"true", true},
      {"integer 0", 0},
      {"integer 1", 1},
      {"integer -1", -1},
      {"integer 63", 63},
      {"integer 64", 64},
      {"integer 2^32", std::int64_t{1} << 32},
      {"least integer", int_limits::min()},
      {"greatest integer", int_limits::max()},
      {"real 0", 0.0},
      {"real -1.5", -1.5},
      {"real 0.1", 0.1},
      {"least real", real_limits::lowest()},
      {"greatest real", real_limits::max()},
      {"real closest to 0", real_limits::denorm_min()},
      {"infinity", real_limits::infinity()},
      {"-infinity", -real_limits::infinity()},
      {"empty string", ""},
      {"string of 14", alphabet(14)},
      {"string of 15", alphabet(15)},
      {"string of 127", alphabet(127)},
      {"string of 128", alphabet(128)},
      {"string beyond ASCII", "z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x90\x8c"},
      {"string with a zero", std::string("a\0b", 3)},
      {"string that is no UTF-8", "\xff\xfe"},
      {"no bytes", value::bytes({})},
      {"bytes", value::bytes(some_bytes(256))},
      {"actor", actor},
      {"empty list", list()},
      {"list of one", list(1)},
      {"list of all kinds",
       list(nullptr, true, 2, 3.5, "four", value::bytes(some_bytes(5)), actor, list(7), object("eight", 9))},
      {"empty map", object()},
      {"map of one", object("name", "ann")},
      {"map of all kinds",
       object("actor", actor, "boolean", false, "bytes", value::bytes(some_bytes(2)), "integer", -3, "list",
              list(1, list(2)), "map", object("", object("deep", true)), "null", nullptr, "real", 1e-7, "string", "text")},
      {"nested 64 deep", nested(value::max_depth)},
      {"string of 130000", alphabet(130'000)},
      {"list of 2000", numbers(2000)},
      {"map of 500", many_keys(500)},
  };
}

std::vector<value> sample_keys(const member& actor) {
  return {
      {}, true, -7, 2.5, value::bytes(some_bytes(3)), actor, list("room", 12), object("building", 1, "room", list(1, 2))};
}

} // namespace registry::corpus
