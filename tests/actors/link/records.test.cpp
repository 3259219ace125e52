#include <registry/link/internal/frame_record.hpp>
#include <registry/link/internal/records.hpp>

#include <support/catch.hpp>
#include <support/effort.hpp>
#include <support/seed.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace registry;
using namespace registry::testing;

namespace {

using byte_string = std::vector<std::byte>;

byte_string random_bytes(std::mt19937_64& random, std::size_t size) {
  byte_string out(size);
  for (auto& x : out)
    x = static_cast<std::byte>(random());
  return out;
}

/// Everything that waits, in one piece.
byte_string all_of(record_writer& from) {
  byte_string out;
  from.write(out, std::size_t{1} << 40);
  CHECK(from.waiting() == 0);
  return out;
}

struct received {
  byte_string basp;
  std::vector<byte_string> frames; // their first byte is their stream
  std::vector<byte_string> heartbeats;
};

/// Gives a reader the bytes in parts of random size.
received read(record_reader& reader, std::span<const std::byte> data, std::mt19937_64& random) {
  received out;
  while (!data.empty() && reader.fault() == nullptr) {
    auto part = data.first(std::min<std::size_t>(data.size(), 1 + random() % 100'000));
    data = data.subspan(part.size());
    while (const auto one = reader.next(part)) {
      const byte_string content{one->content.begin(), one->content.end()};
      if (one->kind == record_kind::basp)
        out.basp.insert(out.basp.end(), content.begin(), content.end());
      else
        (one->kind == record_kind::frame ? out.frames : out.heartbeats).push_back(content);
    }
  }
  return out;
}

constexpr std::size_t limit = std::size_t{1} << 20;

byte_string frame_of(std::uint8_t stream, std::size_t size) {
  byte_string out(size, std::byte{0x77});
  out.front() = std::byte{stream};
  return out;
}

std::vector<byte_string> only(std::uint8_t stream, const std::vector<byte_string>& all) {
  std::vector<byte_string> out;
  std::ranges::copy_if(all, std::back_inserter(out), [&](const auto& x) { return x.front() == std::byte{stream}; });
  return out;
}

} // namespace

TEST_CASE("records arrive as they were written, in parts of any size") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (const bool checksums : {false, true}) {
    record_writer writer{checksums};
    received sent;
    for (int i = 0; i < 50; ++i) {
      const auto size = random() % (random() % 5 == 0 ? 300'000 : 2'000);
      switch (random() % 3) {
      case 0:
        sent.basp.resize(sent.basp.size() + size);
        std::generate(sent.basp.end() - static_cast<std::ptrdiff_t>(size), sent.basp.end(),
                      [&] { return static_cast<std::byte>(random()); });
        writer.put_basp(std::span{sent.basp}.last(size));
        break;
      case 1: {
        auto frame = random_bytes(random, size + 1);
        const auto stream = random() % 4;
        frame.front() = static_cast<std::byte>(stream);
        writer.put_frame(stream, sent.frames.emplace_back(std::move(frame)));
        break;
      }
      default:
        writer.put_heartbeat(sent.heartbeats.emplace_back(random_bytes(random, size % longest_record)));
      }
    }
    record_reader reader{checksums, limit};
    const auto got = read(reader, all_of(writer), random);
    CHECK(reader.fault() == nullptr);
    CHECK((got.basp == sent.basp));
    CHECK(got.frames.size() == sent.frames.size());
    for (std::uint8_t stream = 0; stream < 4; ++stream)
      CHECK((only(stream, got.frames) == only(stream, sent.frames)));
    CHECK((got.heartbeats == sent.heartbeats));
    CHECK(reader.unfinished() == 0);
  }
}

namespace {

/// Of records with checksums.
std::vector<record_kind> kinds_of(std::span<const std::byte> records) {
  std::vector<record_kind> out;
  for (std::size_t at = 0; at < records.size();) {
    out.push_back(static_cast<record_kind>(records[at]));
    const auto size = std::to_integer<std::size_t>(records[at + 1]) << 16 |
                      std::to_integer<std::size_t>(records[at + 2]) << 8 | std::to_integer<std::size_t>(records[at + 3]);
    at += 4 + size + 8;
  }
  return out;
}

} // namespace

TEST_CASE("a frame does not pass what CAF has said before it, and CAF passes frames") {
  record_writer writer{true};
  writer.put_basp(byte_string(3 * longest_piece));
  writer.put_frame(1, byte_string(10));
  writer.put_frame(2, byte_string(2 * longest_piece));
  writer.put_basp(byte_string(10));
  using enum record_kind;
  CHECK((kinds_of(all_of(writer)) == std::vector{basp, basp, basp, frame, basp, piece, last_piece}));
}

TEST_CASE("a heartbeat passes a large frame and CAF's bytes, which take turns") {
  record_writer writer{true};
  writer.put_frame(1, byte_string(5 * longest_piece));
  writer.put_basp(byte_string(5 * longest_piece));
  byte_string out;
  writer.write(out, 1);
  writer.write(out, out.size() + 1);
  writer.put_heartbeat(byte_string(3));
  writer.write(out, std::size_t{1} << 40);
  using enum record_kind;
  CHECK((kinds_of(out) == std::vector{basp, piece, heartbeat, basp, piece, basp, piece, basp, piece, basp, last_piece}));
}

TEST_CASE("frames of other streams pass between the pieces of a large one, and those of each keep their order") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  record_writer writer{true};
  const auto put = [&](std::uint8_t stream, std::size_t size) {
    auto frame = frame_of(stream, size);
    writer.put_frame(stream, frame);
    return frame;
  };
  const auto large = put(1, 10 * longest_piece);
  const auto behind = put(1, 100);
  const auto small = put(2, 100);
  const auto next = put(2, longest_piece);
  const auto medium = put(3, 3 * longest_piece);
  record_reader reader{true, limit};
  const auto got = read(reader, all_of(writer), random);
  CHECK(reader.fault() == nullptr);
  CHECK((got.frames == std::vector{small, next, medium, large, behind}));
}

TEST_CASE("large frames that are under way at a time have bounds in number and bytes, which suffice for all to arrive") {
  const auto sizes = GENERATE(std::pair<std::size_t, std::size_t>{200, 2 * longest_piece},
                              std::pair<std::size_t, std::size_t>{5, 12 << 20});
  const auto& [count, size] = sizes;
  record_writer writer{false};
  for (std::size_t i = 0; i < count; ++i)
    writer.put_frame(i, frame_of(static_cast<std::uint8_t>(i), size));
  record_reader reader{false, size};
  std::size_t most = 0;
  std::size_t arrived = 0;
  while (writer.has_more()) {
    byte_string out;
    writer.write(out, 1);
    std::span<const std::byte> data{out};
    arrived += reader.next(data) ? 1 : 0;
    most = std::max(most, reader.unfinished());
    REQUIRE(reader.fault() == nullptr);
  }
  CHECK(arrived == count);
  CHECK(most > size);
  CHECK(most <= std::min(most_lanes * size, size + most_beside));
}

TEST_CASE("a change of any bit in records with checksums is noticed, and so are lost, repeated and swapped records") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  const auto record = [&](record_writer& writer, std::size_t size) {
    writer.put_frame(1, random_bytes(random, size));
    return all_of(writer);
  };
  const auto is_noticed = [&](const byte_string& data) {
    record_reader reader{true, limit};
    const auto got = read(reader, data, random);
    return reader.fault() != nullptr;
  };
  record_writer writer{true};
  const auto first = record(writer, 20);
  const auto second = record(writer, 20);
  auto both = first;
  both.insert(both.end(), second.begin(), second.end());
  CHECK_FALSE(is_noticed(both));
  for (std::size_t bit = 0; bit < first.size() * 8; ++bit) {
    auto changed = both;
    changed[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
    changed.resize(changed.size() + longest_record); // more comes, if the length was changed
    CAPTURE(bit);
    CHECK(is_noticed(changed));
  }
  CHECK(is_noticed(second));
  auto twice = first;
  twice.insert(twice.end(), first.begin(), first.end());
  CHECK(is_noticed(twice));
  auto swapped = second;
  swapped.insert(swapped.end(), first.begin(), first.end());
  CHECK(is_noticed(swapped));
}

TEST_CASE("a reader of records refuses what is too long or of no kind, and survives noise") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  const auto fault_of = [&](byte_string data) {
    record_reader reader{false, limit};
    static_cast<void>(read(reader, data, random));
    return std::string{reader.fault() == nullptr ? "" : reader.fault()};
  };
  const auto header = [](std::uint8_t kind, std::uint8_t high, std::uint8_t low) {
    return byte_string{std::byte{kind}, std::byte{high}, std::byte{low}, std::byte{0}};
  };
  CHECK(fault_of(header(1, 1, 1)) == "a record that is too long");
  CHECK(fault_of(header(0, 0, 0)) == "a record of an unknown kind");
  CHECK(fault_of(header(6, 0, 0)) == "a record of an unknown kind");
  CHECK(fault_of(header(2, 0, 0)).empty());
  record_writer writer{false};
  writer.put_frame(1, byte_string(limit));
  CHECK(fault_of(all_of(writer)).empty());
  writer.put_frame(1, byte_string(limit + 1));
  CHECK(fault_of(all_of(writer)) == "a frame that is too long");
  for (auto left = repetitions(200); left > 0; --left)
    static_cast<void>(fault_of(random_bytes(random, random() % 5'000)));
}

TEST_CASE("a reader of records refuses pieces of nothing, in no lane, and of more frames than it holds") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  record_reader reader{false, limit};
  const auto fault_after = [&](record_kind kind, std::uint8_t lane, std::size_t size) {
    byte_string data{std::byte{static_cast<std::uint8_t>(kind)}, static_cast<std::byte>(size >> 16),
                     static_cast<std::byte>(size >> 8), static_cast<std::byte>(size)};
    data.resize(data.size() + size);
    if (size > 0)
      data[4] = std::byte{lane};
    static_cast<void>(read(reader, data, random));
    return std::string{reader.fault() == nullptr ? "" : reader.fault()};
  };
  SECTION("nothing") {
    CHECK(fault_after(record_kind::piece, 0, 0) == "a piece of a frame without content");
  }
  SECTION("a lane alone") {
    CHECK(fault_after(record_kind::last_piece, 0, 1) == "a piece of a frame without content");
  }
  SECTION("a lane too many") {
    CHECK(fault_after(record_kind::last_piece, most_lanes - 1, 2).empty());
    CHECK(fault_after(record_kind::piece, most_lanes, 2) == "a piece of a frame in a lane that does not exist");
  }
  SECTION("too long a frame") {
    for (std::size_t size = 0; size + longest_record <= limit; size += longest_record - 1)
      REQUIRE(fault_after(record_kind::piece, 5, longest_record).empty());
    CHECK(fault_after(record_kind::piece, 5, longest_record) == "a frame that is too long");
  }
  SECTION("too many frames") {
    std::string fault;
    for (std::uint8_t lane = 0; fault.empty(); lane = static_cast<std::uint8_t>((lane + 1) % most_lanes))
      fault = fault_after(record_kind::piece, lane, longest_record);
    CHECK(fault == "too many large frames at a time");
    CHECK(reader.unfinished() <= limit + most_beside);
    CHECK(reader.unfinished() > limit + most_beside - longest_record);
  }
}

TEST_CASE("the actors and the bytes of a frame survive a record") {
  const byte_string bytes(100, std::byte{7});
  frame_record about;
  about.nodes = {byte_string(32, std::byte{3}), byte_string(32, std::byte{4})};
  about.actors = {{frame_record::sender, 1}, {frame_record::receiver, 300}, {3, std::uint64_t{1} << 63U}, {2, 5}, {0, 0}};
  const auto content = encode(about, bytes);
  const auto read = decode_frame_record(content, 5).value();
  CHECK(read.about.nodes == about.nodes);
  CHECK(read.about.actors == about.actors);
  CHECK(std::ranges::equal(read.frame, bytes));
  CHECK(decode_frame_record(content, 4).error() == errc::limit_exceeded);
  about.actors.push_back({4, 1});
  CHECK(decode_frame_record(encode(about, bytes), 10).error() == errc::malformed);
  CHECK(decode_frame_record({}, 10).error() == errc::malformed);
  for (std::size_t size = 0; size < content.size() - bytes.size(); ++size)
    CHECK_FALSE(decode_frame_record(std::span{content}.first(size), 10).has_value());
}
