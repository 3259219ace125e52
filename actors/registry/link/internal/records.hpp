#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace registry::inline v0_2 {

// Version 2 of the stream between two nodes: records. Four bytes, big endian: the kind in the first, the length of what follows
// in the others. Then that; in plain also eight bytes of checksum, XXH3 of all before under the number of the record, so that
// records that are changed, lost, repeated or in another order are noticed.

enum class record_kind : std::uint8_t {
  basp = 1,      ///< bytes of CAF's stream, which knows nothing of records
  frame = 2,     ///< one of our frames, or the rest of it
  piece = 3,     ///< a part of a large frame, which goes on in the next piece or frame
  heartbeat = 4, ///< passes everything else that waits
};

/// The longest content of a record. Larger frames travel in pieces.
inline constexpr std::size_t longest_record = std::size_t{64} << 10;

/// What waits to be sent. Not thread-safe.
class record_writer {
public:
  using bytes = std::span<const std::byte>;

  explicit record_writer(bool checksums) : checksums_(checksums) {}

  void put_basp(bytes data);
  void put_frame(std::vector<std::byte> content);
  /// At most `longest_record` bytes.
  void put_heartbeat(std::vector<std::byte> content);

  /// The bytes that wait, without those that records add.
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
  [[nodiscard]] bool has_more() const noexcept { return !heartbeats_.empty() || !frames_.empty() || !basp_.empty(); }
  void clear();
  /// Appends records until there are `enough` bytes or nothing waits. Frames keep their order, and so does CAF's stream; the two
  /// take turns.
  void write(std::vector<std::byte>& out, std::size_t enough);

private:
  void write_one(std::vector<std::byte>& out);
  void write_basp(std::vector<std::byte>& out);
  void write_frame(std::vector<std::byte>& out);
  void append(std::vector<std::byte>& out, record_kind kind, bytes content);

  const bool checksums_;
  std::deque<std::vector<std::byte>> heartbeats_;
  std::deque<std::vector<std::byte>> frames_;
  std::size_t frame_at_ = 0; // how much of the first one has been written
  std::vector<std::byte> basp_;
  std::size_t basp_at_ = 0;
  bool basp_is_next_ = true;
  std::size_t waiting_ = 0;
  std::uint64_t number_ = 0;
};

/// Reads records from a peer that may be hostile. Not thread-safe.
class record_reader {
public:
  using bytes = std::span<const std::byte>;

  /// Frames longer than `longest_frame` are a fault.
  record_reader(bool checksums, std::size_t longest_frame) : checksums_(checksums), longest_frame_(longest_frame) {}

  struct record {
    record_kind kind = record_kind::basp; ///< never `piece`
    bytes content;                        ///< valid until the next call
  };
  /// Takes bytes away from the front of `data`: the next whole record, or whole frame; nothing if more bytes are needed, or upon
  /// a fault, which sticks.
  std::optional<record> next(bytes& data);
  /// A literal, or null if all is well so far.
  [[nodiscard]] const char* fault() const noexcept { return fault_; }

private:
  void begin_next();
  std::optional<record> complete();
  std::optional<record> refuse(const char* why);

  const bool checksums_;
  const std::size_t longest_frame_;
  std::vector<std::byte> record_;
  std::size_t wanted_ = 0; // of it; 0 before its header
  std::vector<std::byte> frame_;
  bool handed_out_ = false; // `record_`, or `frame_` of which it is the rest
  std::uint64_t number_ = 0;
  const char* fault_ = nullptr;
};

} // namespace registry::inline v0_2
