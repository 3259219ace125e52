#include <registry/value/codec.hpp>

#include <libregistry/value/encoded_form.hpp>
#include <support/fake_member.hpp>

#include <rapidcheck/catch.h>
#include <support/catch.hpp>

#include <initializer_list>
#include <limits>

using namespace registry;
using testing::encoded_form;
using testing::make_member;
using testing::octets;

namespace {

octets raw(std::initializer_list<int> numbers) {
  octets data;
  for (auto x : numbers)
    data.push_back(static_cast<std::byte>(x));
  return data;
}

octets operator+(octets a, const octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

void check_bytes(const value& x, const octets& expected) {
  CAPTURE(to_string(x));
  const auto form = encoded_form(x);
  CHECK(form.data == expected);
  auto back = decode(form.data, form.handles);
  REQUIRE(back);
  CHECK(identical(back.value(), x));
}

void check_refused(const octets& data, std::size_t position, errc code = errc::malformed, const decode_limits& limits = {}) {
  const std::vector<member> handles{make_member(1), member{}};
  auto x = decode(data, handles, limits);
  CAPTURE(value::bytes(data));
  REQUIRE_FALSE(x);
  CAPTURE(to_string(x.error()));
  CHECK(x.error() == code);
  CHECK(x.error().position() == position);
}

} // namespace

// The encoding is part of the protocol: these bytes must never change.
TEST_CASE("every kind of value has its canonical bytes") {
  check_bytes(nullptr, raw({0}));
  check_bytes(false, raw({1}));
  check_bytes(true, raw({2}));
  check_bytes(0, raw({3, 0}));
  check_bytes(-1, raw({3, 1}));
  check_bytes(1, raw({3, 2}));
  check_bytes(63, raw({3, 126}));
  check_bytes(-64, raw({3, 127}));
  check_bytes(64, raw({3, 0x80, 1}));
  check_bytes(INT64_MAX, raw({3, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}));
  check_bytes(INT64_MIN, raw({3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}));
  check_bytes(1.0, raw({4, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0}));
  check_bytes(-0.0, raw({4, 0, 0, 0, 0, 0, 0, 0, 0}));
  check_bytes(-std::numeric_limits<double>::infinity(), raw({4, 0xff, 0xf0, 0, 0, 0, 0, 0, 0}));
  check_bytes("", raw({5, 0}));
  check_bytes("ab", raw({5, 2, 'a', 'b'}));
  check_bytes(std::string(200, 'x'), raw({5, 0xc8, 1}) + octets(200, std::byte{'x'}));
  check_bytes(value::bytes(raw({0, 255})), raw({6, 2, 0, 255}));
  check_bytes(make_member(1), raw({7, 0}));
  check_bytes(list(), raw({8, 0}));
  check_bytes(list(1, list("a")), raw({8, 2, 3, 2, 8, 1, 5, 1, 'a'}));
  check_bytes(object(), raw({9, 0}));
  check_bytes(object("b", true, "a", nullptr), raw({9, 2, 1, 'a', 0, 1, 'b', 2}));
}

TEST_CASE("an actor is encoded as its index in the table, once however often it appears") {
  const auto a = make_member(1);
  const auto b = make_member(2);
  const auto form = encoded_form(list(b, a, make_member(2), a));
  CHECK(form.data == raw({8, 4, 7, 0, 7, 1, 7, 0, 7, 1}));
  REQUIRE(form.handles.size() == 2);
  CHECK(form.handles[0].get() == b.get());
  CHECK(form.handles[1].get() == a.get());
}

TEST_CASE("a table can be shared by several values and starts empty after it is taken") {
  octets out;
  handle_table handles;
  REQUIRE(encode(make_member(1), out, handles));
  REQUIRE(encode(make_member(2), out, handles));
  REQUIRE(encode(make_member(1), out, handles));
  CHECK(out == raw({7, 0, 7, 1, 7, 0}));
  CHECK(handles.handles().size() == 2);
  CHECK(handles.take().size() == 2);
  CHECK(handles.handles().empty());
  CHECK(handles.add(make_member(2)) == 0);
}

TEST_CASE("encoding refuses values that nest too deep, and writes nothing then") {
  value x = list();
  while (x.depth() < value::max_depth)
    x = list(x);
  const auto form = encoded_form(x);
  CHECK(identical(decode(form.data, {}).value(), x));
  octets out = raw({1, 2, 3});
  handle_table handles;
  CHECK(encode(list(make_member(1), x), out, handles).error() == errc::limit_exceeded);
  CHECK(out.size() == 3);
  CHECK(handles.handles().empty());
}

TEST_CASE("decoding refuses a non-canonical encoding at its position") {
  check_refused({}, 0);
  check_refused(raw({10}), 0);
  check_refused(raw({255}), 0);
  check_refused(raw({0, 0}), 1);
  SECTION("numbers cut short, too long or too large") {
    check_refused(raw({3}), 1);
    check_refused(raw({3, 0x80}), 2);
    check_refused(raw({3, 0x80, 0}), 1);
    check_refused(raw({3, 0x82, 0x80, 0}), 1);
    check_refused(raw({3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2}), 1);
    check_refused(raw({3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x81, 0}), 1);
  }
  SECTION("reals that are no values") {
    check_refused(raw({4, 0, 0, 0}), 1);
    check_refused(raw({4, 0x80, 0, 0, 0, 0, 0, 0, 0}), 1);
    check_refused(raw({4, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0}), 1);
    check_refused(raw({4, 0xff, 0xf0, 0, 0, 0, 0, 0, 1}), 1);
  }
  SECTION("lengths beyond the end") {
    check_refused(raw({5, 1}), 1);
    check_refused(raw({5, 3, 'a', 'b'}), 1);
    check_refused(raw({6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}), 1);
    check_refused(raw({8, 2, 0}), 1);
    check_refused(raw({8, 0xff, 0xff, 0xff, 0xff, 0x0f, 0}), 1);
    check_refused(raw({9, 1, 0}), 1);
  }
  SECTION("handles that are not there") {
    check_refused(raw({7, 2}), 1);
    check_refused(raw({7, 1}), 1);
    check_refused(raw({7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}), 1);
  }
  SECTION("keys out of order") {
    check_refused(raw({9, 2, 1, 'b', 0, 1, 'a', 0}), 5);
    check_refused(raw({9, 2, 1, 'a', 0, 1, 'a', 0}), 5);
    check_refused(raw({9, 2, 1, 'a', 0, 0, 0, 0}), 5);
  }
  SECTION("a failure deep inside") {
    check_refused(raw({8, 2, 3, 2, 8, 1, 5, 9, 'a'}), 7);
  }
}

TEST_CASE("decoding refuses input beyond its limits") {
  octets deep;
  for (std::size_t i = 0; i < value::max_depth; ++i)
    deep = deep + raw({8, 1});
  check_refused(deep + raw({8, 0}), 2 * value::max_depth, errc::limit_exceeded);
  check_refused(raw({9, 1, 0, 8, 0}), 3, errc::limit_exceeded, {.depth = 1});
  check_refused(raw({8, 0}), 0, errc::limit_exceeded, {.depth = 0});
  check_refused(raw({5, 3, 'a', 'b', 'c'}), 4, errc::limit_exceeded, {.bytes = 4});
  check_refused(raw({8, 3, 0, 0, 0}), 2, errc::limit_exceeded, {.elements = 3});
  check_refused(raw({9, 1, 0, 0}), 2, errc::limit_exceeded, {.elements = 2});
  CHECK(decode(raw({8, 3, 0, 0, 0}), {}, {.bytes = 5, .elements = 4}));
  CHECK(decode(raw({9, 1, 0, 0}), {}, {.depth = 1, .bytes = 4, .elements = 3}));
}

TEST_CASE("a bomb of nested lists that each announce the whole rest is refused before memory is reserved") {
  // 60 lists that each claim a million elements would reserve 1 GB if every claim were accepted on its own.
  octets bomb;
  for (int i = 0; i < 60; ++i)
    bomb = bomb + raw({8, 0xc0, 0x84, 0x3d});
  bomb.resize(bomb.size() + 1'000'000);
  auto x = decode(bomb, {});
  REQUIRE_FALSE(x);
  CHECK(x.error() == errc::limit_exceeded);
  CHECK(x.error().position() < 60);
}

TEST_CASE("a reader can be deeper than the default but never deeper than values nest") {
  octets deep;
  for (std::size_t i = 0; i < value::nesting_limit; ++i)
    deep = deep + raw({8, 1});
  CHECK(decode(deep + raw({0}), {}, {.depth = SIZE_MAX}));
  check_refused(deep + raw({8, 0}), deep.size(), errc::limit_exceeded, {.depth = SIZE_MAX});
}

TEST_CASE("a reader decodes the output of a writer") {
  octets out;
  handle_table handles;
  byte_writer writer{out, handles};
  writer.u8(200);
  writer.u64(0x0123456789abcdef);
  writer.varint(300);
  writer.bytes(raw({1, 2, 3}));
  writer.string("name");
  writer.actor(make_member(5));
  REQUIRE(writer.put(object("a", 1)));
  REQUIRE(writer.put(2.5));
  writer.varint(2);
  CHECK(out[1] == std::byte{0x01}); // big endian

  byte_reader reader{out, handles.handles()};
  CHECK(reader.u8() == 200);
  CHECK(reader.u64() == 0x0123456789abcdef);
  CHECK(reader.varint() == 300);
  CHECK(std::ranges::equal(reader.bytes(), raw({1, 2, 3})));
  CHECK(reader.string() == "name");
  CHECK(same_member(reader.actor(), make_member(5)));
  CHECK(identical(reader.get(), object("a", 1)));
  CHECK(identical(reader.get(), 2.5));
  CHECK(reader.remaining() == 1);
  CHECK(reader.position() == out.size() - 1);
  CHECK(reader.varint() == 2);
  reader.expect_end();
  CHECK(reader.status());
}

TEST_CASE("the first failure of a reader sticks, and reads after it return nothing") {
  const auto data = raw({1, 0x80, 0, 5, 3, 'a', 'b', 'c'});
  byte_reader reader{data, {}};
  CHECK(reader.u8() == 1);
  CHECK_FALSE(reader.failed());
  CHECK(reader.varint() == 0);
  CHECK(reader.failed());
  const auto position = reader.position();
  CHECK(reader.u8() == 0);
  CHECK(reader.u64() == 0);
  CHECK(reader.varint() == 0);
  CHECK(reader.bytes().empty());
  CHECK(reader.string().empty());
  CHECK_FALSE(reader.actor());
  CHECK(reader.get().is_null());
  CHECK(reader.count(1) == 0);
  reader.refuse("too late");
  reader.expect_end();
  CHECK(reader.position() == position);
  CHECK(reader.status().error() == errc::malformed);
  CHECK(reader.status().error().position() == 1);
}

TEST_CASE("a count is accepted only if that much input can follow") {
  const auto data = raw({3, 0, 0, 0, 0, 0, 0});
  CHECK(byte_reader(data, {}).count(1) == 3);
  CHECK(byte_reader(data, {}).count(2) == 3);
  byte_reader greedy{data, {}};
  CHECK(greedy.count(3) == 0);
  CHECK(greedy.status().error().position() == 0);
}

TEST_CASE("the caller of a reader can refuse input by its own rules") {
  const auto data = raw({7, 1});
  byte_reader reader{data, {}};
  reader.u8();
  reader.refuse("version 7 is unknown");
  CHECK(reader.status().error().position() == 1);
  CHECK(reader.status().error().message().find("version 7 is unknown") != std::string_view::npos);
}

TEST_CASE("elements are counted over all values of one reader") {
  const auto data = raw({8, 2, 0, 0, 8, 2, 0, 0});
  byte_reader reader{data, {}, {.elements = 5}};
  CHECK(reader.get().as_list().size() == 2);
  CHECK_FALSE(reader.failed());
  CHECK(reader.get().is_null());
  CHECK(reader.status().error() == errc::limit_exceeded);
}
