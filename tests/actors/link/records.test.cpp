#include <registry/link/internal/frame_record.hpp>
#include <registry/link/internal/records.hpp>

#include <support/catch.hpp>
#include <support/effort.hpp>
#include <support/seed.hpp>

#include <algorithm>
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
  std::vector<byte_string> frames;
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
      case 1:
        writer.put_frame(sent.frames.emplace_back(random_bytes(random, size)));
        break;
      default:
        writer.put_heartbeat(sent.heartbeats.emplace_back(random_bytes(random, size % longest_record)));
      }
    }
    record_reader reader{checksums, limit};
    const auto got = read(reader, all_of(writer), random);
    CHECK(reader.fault() == nullptr);
    CHECK((got.basp == sent.basp));
    CHECK((got.frames == sent.frames));
    CHECK((got.heartbeats == sent.heartbeats));
  }
}

TEST_CASE("a heartbeat passes a large frame and CAF's bytes, which take turns") {
  record_writer writer{true};
  writer.put_frame(byte_string(5 * longest_record));
  writer.put_basp(byte_string(5 * longest_record));
  byte_string out;
  writer.write(out, 1);
  writer.write(out, out.size() + 1);
  writer.put_heartbeat(byte_string(3));
  writer.write(out, std::size_t{1} << 40);
  std::vector<record_kind> kinds;
  for (std::size_t at = 0; at < out.size();) {
    kinds.push_back(static_cast<record_kind>(out[at]));
    const auto size = std::to_integer<std::size_t>(out[at + 1]) << 16 | std::to_integer<std::size_t>(out[at + 2]) << 8 |
                      std::to_integer<std::size_t>(out[at + 3]);
    at += 4 + size + 8;
  }
  using enum record_kind;
  CHECK((kinds == std::vector{basp, piece, heartbeat, basp, piece, basp, piece, basp, piece, basp, frame}));
}

TEST_CASE("a change of any bit in records with checksums is noticed, and so are lost, repeated and swapped records") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  const auto record = [&](record_writer& writer, std::size_t size) {
    writer.put_frame(random_bytes(random, size));
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
  CHECK(fault_of(header(5, 0, 0)) == "a record of an unknown kind");
  CHECK(fault_of(header(2, 0, 0)).empty());
  record_writer writer{false};
  writer.put_frame(byte_string(limit));
  CHECK(fault_of(all_of(writer)).empty());
  writer.put_frame(byte_string(limit + 1));
  CHECK(fault_of(all_of(writer)) == "a frame that is too long");
  for (auto left = repetitions(200); left > 0; --left)
    static_cast<void>(fault_of(random_bytes(random, random() % 5'000)));
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
