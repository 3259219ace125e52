#pragma once

#include <registry/value/codec.hpp>
#include <registry/wire/internal/frame.hpp>
#include <registry/wire/internal/message.hpp>

#include <span>
#include <string_view>

namespace registry::inline v0_2 {

// A frame consists of the version, the type of the message (its index in `message`), the name of the scope, and the fields
// in the order of their declaration. Numbers are varints, digests three times eight bytes.

/// The protocol version of this program.
inline constexpr std::uint8_t wire_version = 1;

/// The maximum length of a scope's name in a frame, in bytes.
inline constexpr std::size_t longest_scope_name = 1024;

/// Encodes a message as a frame. The name must not be longer than allowed, and no value deeper than `value::max_depth`.
[[nodiscard]] frame encode_frame(std::string_view scope, const message& what);

/// The changes of a delta, encoded once for all recipients.
struct encoded_changes {
  /// All changes after `previous` up to and including `last`.
  std::uint64_t previous = 0;
  std::uint64_t last = 0;
  std::size_t count = 0;
  frame body;
};

/// Encodes changes one by one. Not thread-safe.
class change_encoder {
public:
  explicit change_encoder(std::uint64_t previous) noexcept : made_{previous, previous, 0, {}} {}

  /// Appends a change; its commit must be greater than that of the one before.
  void add(const remote_change& change);
  [[nodiscard]] bool empty() const noexcept { return made_.count == 0; }
  /// See `frame::cost`.
  [[nodiscard]] std::size_t cost() const noexcept { return made_.body.bytes.size() + 40 * handles_.handles().size(); }
  /// Hands over the encoded changes, and starts over.
  [[nodiscard]] encoded_changes take();

private:
  encoded_changes made_;
  handle_table handles_;
};

/// A delta with these changes.
[[nodiscard]] frame encode_delta(std::string_view scope, const content_header& header, const encoded_changes& changes);

/// The content of a part of a snapshot, encoded.
struct encoded_groups {
  std::size_t count = 0;
  frame body;
};

/// Encodes the content of a part of a snapshot directly from a table. Not thread-safe.
class group_encoder {
public:
  /// Appends entries of a key, at least one.
  void add(const value& key, std::span<const entry* const> entries);
  /// See `frame::cost`.
  [[nodiscard]] std::size_t cost() const noexcept { return made_.body.bytes.size() + 40 * handles_.handles().size(); }
  [[nodiscard]] encoded_groups take();

private:
  encoded_groups made_;
  handle_table handles_;
};

/// A part of a snapshot with this content.
[[nodiscard]] frame encode_chunk(std::string_view scope, const content_header& header, std::uint64_t index,
                                 encoded_groups content);

/// The name of the scope that a frame belongs to, without decoding the rest: a view of its bytes.
[[nodiscard]] result<std::string_view> scope_of(const frame& in);

/// Decodes a frame from an untrusted peer: `errc::malformed` or `errc::limit_exceeded`, with the position in bytes. Memory
/// is proportional to the input, whatever lengths it claims.
[[nodiscard]] result<envelope> decode_frame(const frame& in, const decode_limits& limits = {});

} // namespace registry::inline v0_2
