// The stream between two nodes: records from a hostile peer, and the frames in them; and what is written, read again.

#include <fuzz/target.hpp>

#include <registry/link/internal/frame_record.hpp>
#include <registry/link/internal/records.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace registry::fuzz::records_target {

namespace {

using bytes = std::vector<std::byte>;

constexpr std::size_t longest_frame = std::size_t{100} << 10;
constexpr std::size_t most_actors = 100;

bool is_same(const frame_record& a, const frame_record& b) {
  return a.nodes == b.nodes && a.actors == b.actors;
}

void check_frame(input content) {
  const auto read = decode_frame_record(content, most_actors);
  if (!read) {
    expect(read.error() == errc::malformed || read.error() == errc::limit_exceeded, "an unexpected error");
    return;
  }
  const auto& [about, frame] = read.value();
  expect(about.actors.size() <= most_actors, "a frame has too many actors");
  const auto again = encode(about, frame);
  const auto twice = decode_frame_record(again, most_actors);
  expect(twice.has_value() && is_same(twice.value().about, about) && std::ranges::equal(twice.value().frame, frame),
         "what was encoded is decoded as something else");
}

struct reading {
  explicit reading(bool checksums) : reader(checksums, longest_frame) {}

  void take(input data) {
    while (const auto one = reader.next(data)) {
      expect(one->kind == record_kind::basp || one->kind == record_kind::frame || one->kind == record_kind::heartbeat,
             "a record of another kind");
      expect(one->content.size() <= (one->kind == record_kind::frame ? longest_frame : longest_record), "it is too long");
      all.emplace_back(one->kind, bytes{one->content.begin(), one->content.end()});
    }
    expect(reader.fault() != nullptr || data.empty(), "bytes are left");
    expect(reader.unfinished() <= longest_frame + most_beside, "more is held than may be");
  }

  record_reader reader;
  std::vector<std::pair<record_kind, bytes>> all;
};

/// At once, and one byte after the other.
void read_anything(input stream) {
  reading whole{false};
  whole.take(stream);
  reading pieces{false};
  for (; !stream.empty() && pieces.reader.fault() == nullptr; stream = stream.subspan(1))
    pieces.take(stream.first(1));
  expect(whole.all == pieces.all && (whole.reader.fault() == nullptr) == (pieces.reader.fault() == nullptr),
         "the pieces make a difference");
  for (const auto& [kind, content] : whole.all) {
    if (kind == record_kind::frame)
      check_frame(content);
  }
}

/// Frames of some streams, CAF's bytes and heartbeats, of any sizes, written at any time.
void write_and_read(script in) {
  const bool checksums = in.coin();
  record_writer writer{checksums};
  reading got{checksums};
  std::map<std::uint8_t, std::vector<bytes>> frames;
  bytes basp;
  std::size_t heartbeats = 0;
  const auto write = [&](std::size_t enough) {
    bytes out;
    writer.write(out, enough);
    got.take(out);
  };
  for (int left = 100; left > 0 && !in.done(); --left) {
    const auto what = in.below(4);
    const std::size_t size = std::size_t{in.byte()} * in.byte() + 1;
    if (what == 0) {
      writer.put_basp(bytes(size, std::byte{1}));
      basp.resize(basp.size() + size, std::byte{1});
    } else if (what == 1) {
      writer.put_heartbeat(bytes(std::min(size, longest_record)));
      ++heartbeats;
    } else if (what == 2) {
      const auto stream = static_cast<std::uint8_t>(in.below(70));
      bytes frame(size, static_cast<std::byte>(left));
      frame.front() = std::byte{stream};
      writer.put_frame(stream, frames[stream].emplace_back(frame));
    } else {
      write(size);
    }
  }
  while (writer.has_more())
    write(1);
  expect(got.reader.fault() == nullptr && writer.waiting() == 0 && got.reader.unfinished() == 0, "not all of it arrives");
  std::map<std::uint8_t, std::vector<bytes>> arrived;
  for (auto& [kind, content] : got.all) {
    if (kind == record_kind::frame)
      arrived[std::to_integer<std::uint8_t>(content.front())].push_back(content);
    heartbeats -= kind == record_kind::heartbeat ? 1 : 0;
    if (kind == record_kind::basp)
      basp.resize(basp.size() - content.size());
  }
  expect(arrived == frames, "frames arrive in another order");
  expect(basp.empty() && heartbeats == 0, "it is not what was written");
}

/// The first byte decides.
void run(input data) {
  script in{data};
  if (in.coin())
    read_anything(in.rest());
  else
    write_and_read(in);
}

const registration it{"records", run};

} // namespace

} // namespace registry::fuzz::records_target
