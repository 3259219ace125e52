#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace registry::inline v0_2 {

// Version 2 of the stream between two nodes: records. Four bytes, big endian: the kind in the first, the length of what follows
// in the others. Then that; in plain also eight bytes of checksum, XXH3 of all before under the number of the record, so that
// records that are changed, lost, repeated or in another order are noticed.

enum class record_kind : std::uint8_t {
  basp = 1,       ///< bytes of CAF's stream, which knows nothing of records
  frame = 2,      ///< one of our frames
  piece = 3,      ///< a part of a large frame, behind one byte, the number of its lane; the frame goes on in this lane
  heartbeat = 4,  ///< passes everything else that waits
  last_piece = 5, ///< the last part of the frame in this lane
};

/// The longest content of a record that is read.
inline constexpr std::size_t longest_record = std::size_t{64} << 10;
/// The longest that is written, heartbeats aside: larger frames travel in pieces.
inline constexpr std::size_t longest_piece = std::size_t{16} << 10;
/// How many large frames may be under way at a time, each in a lane.
inline constexpr std::size_t most_lanes = 64;
/// The most bytes of all of them but the largest.
inline constexpr std::size_t most_beside = std::size_t{16} << 20;

/// What waits to be sent. Frames belong to streams: those of one stream keep their order, and those of others pass between the
/// pieces of a large one. CAF's stream keeps its order, too, and passes frames; a frame does not pass what CAF has said before it.
/// Not thread-safe.
class record_writer {
public:
  using bytes = std::span<const std::byte>;

  explicit record_writer(bool checksums) : checksums_(checksums) {}

  void put_basp(bytes data);
  void put_frame(std::uint64_t stream, std::vector<std::byte> content);
  /// At most `longest_record` bytes.
  void put_heartbeat(std::vector<std::byte> content);

  /// The bytes that wait, without those that records add.
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
  [[nodiscard]] bool has_more() const noexcept { return !heartbeats_.empty() || !turns_.empty() || !basp_.empty(); }
  void clear();
  /// Appends records until there are `enough` bytes or nothing waits.
  void write(std::vector<std::byte>& out, std::size_t enough);

private:
  struct waiting_frame {
    std::vector<std::byte> content;
    std::uint64_t after = 0; // as many bytes of CAF
  };
  struct stream {
    std::deque<waiting_frame> frames;
    std::size_t written = 0;               // of the first one
    std::optional<std::uint8_t> lane = {}; // of the first one, if it is large and has begun
  };

  void write_one(std::vector<std::byte>& out);
  void write_basp(std::vector<std::byte>& out);
  bool write_turn(std::vector<std::byte>& out);
  bool write_frames(std::vector<std::byte>& out, stream& from);
  void write_piece(std::vector<std::byte>& out, stream& from);
  [[nodiscard]] std::optional<std::uint8_t> free_lane(std::size_t size) const;
  void append(std::vector<std::byte>& out, record_kind kind, bytes content, std::optional<std::uint8_t> lane = {});

  const bool checksums_;
  std::deque<std::vector<std::byte>> heartbeats_;
  std::unordered_map<std::uint64_t, stream> streams_; // that have frames
  std::deque<std::uint64_t> turns_;                   // all of them, the next one first
  std::array<std::size_t, most_lanes> lanes_{};       // the sizes of the frames in them
  std::vector<std::byte> basp_;
  std::size_t basp_at_ = 0;
  std::uint64_t basp_put_ = 0;
  std::uint64_t basp_written_ = 0;
  bool basp_is_next_ = true;
  std::size_t waiting_ = 0;
  std::uint64_t number_ = 0;
};

/// Reads records from a peer that may be hostile. Not thread-safe.
class record_reader {
public:
  using bytes = std::span<const std::byte>;

  /// Frames longer than `longest_frame` are a fault, and so are large ones that have begun and have more than that and `most_beside`
  /// bytes together.
  record_reader(bool checksums, std::size_t longest_frame) : checksums_(checksums), longest_frame_(longest_frame) {}

  struct record {
    record_kind kind = record_kind::basp; ///< never a piece
    bytes content;                        ///< valid until the next call
  };
  /// Takes bytes away from the front of `data`: the next whole record, or whole frame; nothing if more bytes are needed, or upon
  /// a fault, which sticks.
  std::optional<record> next(bytes& data);
  /// A literal, or null if all is well so far.
  [[nodiscard]] const char* fault() const noexcept { return fault_; }
  /// The bytes of frames that have begun.
  [[nodiscard]] std::size_t unfinished() const noexcept { return unfinished_; }

private:
  void begin_next();
  std::optional<record> complete();
  std::optional<record> take_piece(record_kind kind, bytes content);
  std::optional<record> refuse(const char* why);

  const bool checksums_;
  const std::size_t longest_frame_;
  std::vector<std::byte> record_;
  std::size_t wanted_ = 0; // of it; 0 before its header
  std::array<std::vector<std::byte>, most_lanes> lanes_;
  std::size_t unfinished_ = 0;
  std::vector<std::byte> frame_; // made of pieces
  std::vector<std::byte> spare_;
  bool handed_out_ = false; // `record_` or `frame_`
  std::uint64_t number_ = 0;
  const char* fault_ = nullptr;
};

} // namespace registry::inline v0_2
