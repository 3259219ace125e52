#pragma once

#include <registry/value/value.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

/// @file
/// The canonical encoding. The first byte is the kind; a "varint" is LEB128 in as few bytes as possible, "zigzag" as in
/// Protocol Buffers:
///
///     0 null   1 false   2 true
///     3 integer: zigzag varint                   4 real: IEEE 754 binary64, big endian
///     5 string: varint length, bytes             6 bytes: varint length, bytes
///     7 actor: varint index of a handle          8 list: varint count, values
///     9 map: varint count, then in ascending byte order of the keys (varint length, bytes of the key, value)
///
/// Strictly equal values have equal bytes, and no other bytes decode. Handles cannot be written as bytes: they travel beside
/// them in a table that the bytes index.

/// The handles that encoded values refer to. An actor appears once, however many handles of it were added, as the handle
/// that came first. Not thread-safe.
class handle_table {
public:
  /// The index of an actor, added if it is not there yet. `who` must not be null. O(1).
  std::uint32_t add(const member& who);
  /// All handles, by index.
  [[nodiscard]] const std::vector<member>& handles() const noexcept { return handles_; }
  /// Takes the handles out and leaves an empty table.
  [[nodiscard]] std::vector<member> take() noexcept;

private:
  std::vector<member> handles_;
  boost::unordered_flat_map<const caf::actor_control_block*, std::uint32_t> by_handle_;
  boost::unordered_flat_map<member, std::uint32_t, member_hash, member_equal> by_actor_;
};

/// The longest encoding of one value, in bytes: no decoder is expected to accept more.
inline constexpr std::size_t max_encoded_bytes = std::size_t{64} << 20;

/// The bounds of a decoder, which gives up with `errc::limit_exceeded` beyond them.
struct decode_limits {
  /// The nesting of lists and maps; at most `value::nesting_limit`.
  std::size_t depth = value::max_depth;
  /// The length of the input, in bytes. Decoded memory is proportional to it: at most about 40 bytes per byte.
  std::size_t bytes = max_encoded_bytes;
  /// The number of values and of keys of maps in the input, all together.
  std::size_t elements = std::size_t{4} << 20;
};

/// Appends numbers, bytes and values to a buffer, for `byte_reader` to read. Not thread-safe.
class byte_writer {
public:
  /// Appends to `out`, and adds the actors of values to `handles`; both must outlive the writer.
  byte_writer(std::vector<std::byte>& out, handle_table& handles) noexcept : out_(out), handles_(handles) {}

  /// One byte.
  void u8(std::uint8_t x);
  /// Eight bytes, big endian.
  void u64(std::uint64_t x);
  /// One byte for numbers below 128, seven bits a byte beyond.
  void varint(std::uint64_t x);
  ///@{
  /// A varint length and the bytes.
  void bytes(std::span<const std::byte> data);
  void string(std::string_view text);
  ///@}
  /// The index of an actor in the table; `who` must not be null.
  void actor(const member& who);
  /// The canonical encoding. Linear in the bytes written; a part that a value contains several times is written as often.
  /// Errors: `limit_exceeded` for a value deeper than `value::max_depth`, or with lists and maps longer than
  /// `max_encoded_bytes`; then no bytes are written.
  [[nodiscard]] result<void> put(const value& x);

private:
  bool put_known(const value& x, std::size_t end);

  std::vector<std::byte>& out_;
  handle_table& handles_;
};

/// Reads the output of `byte_writer` from an untrusted source. Not thread-safe.
///
/// The first failure sticks: every read after it returns 0, nothing or null and moves no further, so that a decoder may read
/// all fields of a message first and ask `status` once. A length is believed only if that many bytes are left. The bytes and
/// texts that it returns are views of the input.
class byte_reader {
public:
  /// Reads `data`, whose actors are indexes of `handles`; both must outlive the reader.
  byte_reader(std::span<const std::byte> data, std::span<const member> handles, const decode_limits& limits = {}) noexcept;

  /// One byte.
  std::uint8_t u8() noexcept;
  /// Eight bytes, big endian.
  std::uint64_t u64() noexcept;
  /// A number of one to ten bytes; one that is spelled longer than necessary is a failure.
  std::uint64_t varint() noexcept;
  ///@{
  /// A varint length and the bytes: a view of the input.
  std::span<const std::byte> bytes() noexcept;
  std::string_view string() noexcept;
  ///@}
  /// The handle of a varint index; one out of range is a failure.
  member actor() noexcept;
  /// One canonical encoding.
  value get();
  /// Moves past these bytes if they come next; otherwise stays and returns false.
  bool skip(std::span<const std::byte> expected) noexcept;
  /// The bytes read since an earlier `position()`.
  [[nodiscard]] std::span<const std::byte> since(std::size_t position) const noexcept {
    return data_.subspan(position, position_ - position);
  }
  /// A varint that counts items of at least `least` (> 0) bytes each; a failure unless enough bytes are left for them.
  std::size_t count(std::size_t least) noexcept;

  /// Fails, if nothing has failed yet, with `errc::malformed` at the current position: for rules that only the caller knows.
  /// `reason` must be a literal.
  void refuse(const char* reason) noexcept { fail(errc::malformed, position_, reason); }
  /// Fails unless the input has been read to its end.
  void expect_end() noexcept;

  /// Whether a read has failed.
  [[nodiscard]] bool failed() const noexcept { return reason_ != nullptr; }
  /// The first failure, with its position in bytes: `malformed` or `limit_exceeded`.
  [[nodiscard]] result<void> status() const;
  ///@{
  /// The number of bytes read, and of those left.
  [[nodiscard]] std::size_t position() const noexcept { return position_; }
  [[nodiscard]] std::size_t remaining() const noexcept { return data_.size() - position_; }
  ///@}

private:
  void fail(errc code, std::size_t position, const char* reason) noexcept;
  std::span<const std::byte> take(std::size_t size) noexcept;
  bool charge(std::size_t elements) noexcept;
  value get(std::size_t depth);
  value get_real() noexcept;
  value get_list(std::size_t depth);
  value get_map(std::size_t depth);

  std::span<const std::byte> data_;
  std::span<const member> handles_;
  std::size_t position_ = 0;
  std::size_t depth_limit_;
  std::size_t elements_left_;
  errc code_{};
  const char* reason_ = nullptr;
  std::size_t failed_at_ = 0;
};

/// An upper bound of the bytes of a value's canonical encoding; beyond `limit`, some number greater than `limit`. Linear in
/// the elements of lists and maps, whatever the length of strings, and never more than `limit / 11` steps, since a value
/// whose lists share parts may have more elements than can be counted. Any thread.
[[nodiscard]] std::size_t encoded_size_bound(const value& x, std::size_t limit) noexcept;

/// Appends the canonical encoding of one value, with its handles in the table; complexity and errors are those of
/// `byte_writer::put`.
[[nodiscard]] result<void> encode(const value& x, std::vector<std::byte>& out, handle_table& handles);

/// Reads exactly one value, and refuses every input that `encode` does not write. Linear in the input. Errors: `malformed`
/// or `limit_exceeded`, with the position in bytes. Any thread.
[[nodiscard]] result<value> decode(std::span<const std::byte> data, std::span<const member> handles,
                                   const decode_limits& limits = {});

} // namespace registry::inline v0_2
