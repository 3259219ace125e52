#pragma once

#include <registry/link/internal/basp_types.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

/// How much a peer may say at once, and in all.
struct basp_limits {
  /// The bytes of one message, and those of a handshake.
  std::size_t message_bytes = std::size_t{128} << 20;
  std::size_t handshake_bytes = std::size_t{64} << 10;
  /// The handles and the types in one message, and how deep messages and errors may be inside of each other.
  std::size_t handles = std::size_t{1} << 20;
  std::size_t types = 256;
  std::size_t depth = 32;
  /// The nodes beside the two ends that a link may name while it exists; CAF remembers each.
  std::size_t nodes = 1024;
};

/// The two ends of a link, as CAF's nodes call themselves on the wire.
struct basp_ends {
  basp_dialect dialect = basp_dialect::caf_0_17;
  /// Whether this end dialled.
  bool dialler = false;
  std::vector<std::byte> self;
  std::vector<std::byte> peer;
  /// The name of a type by its number; CAF 1.x only.
  std::function<std::string_view(std::uint16_t)> type_name = {};
  /// The only actor that may get messages of the link itself; 0 if there is none.
  std::uint64_t link_actor = 0;
};

/// Reads what CAF serialises, without CAF, from a peer that may be hostile. The first fault sticks: after it nothing is read,
/// numbers are 0 and nodes empty.
class basp_reader {
public:
  using bytes = std::span<const std::byte>;

  /// All must outlive it. `nodes` are the third ones that the link has named so far.
  basp_reader(bytes data, const basp_ends& ends, const basp_limits& limits, std::set<std::vector<std::byte>>& nodes)
      : data_(data), ends_(ends), limits_(limits), nodes_(nodes) {}

  /// Big endian.
  std::uint64_t number(std::size_t size);
  /// The text or bytes behind a length.
  bytes text(std::size_t character = 1);
  void texts(std::size_t each = 1);
  /// A node, as its bytes; empty for none.
  bytes node();
  /// The node of a handle.
  bytes handle();
  /// Their number. `must_be_local`: each must be of this node.
  std::size_t handles(bool must_be_local = false);
  void error();

  struct message {
    std::vector<std::string_view> names;
    /// Where the first value begins.
    std::size_t begin = 0;
    bool refused = false; ///< it has a type that is not carried
  };
  /// A message with all its values, or those before the first of an opaque type; then `complete` is false afterwards.
  message content();

  /// A fault that the caller has found.
  void refuse(const char* reason) {
    if (fault_ == nullptr)
      fault_ = reason;
  }
  /// A literal, or null if all is well so far.
  [[nodiscard]] const char* fault() const noexcept { return fault_; }
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] bool refused() const noexcept { return refused_; }
  [[nodiscard]] bool at_end() const noexcept { return at_ == data_.size(); }
  [[nodiscard]] std::size_t position() const noexcept { return at_; }

private:
  bytes take(std::size_t size);
  std::size_t length();
  message types();
  message types_by_name();
  message types_by_number();
  void values(const message& what);
  void value(std::string_view grammar);
  void part(char letter);
  void stop();

  bytes data_;
  const basp_ends& ends_;
  const basp_limits& limits_;
  std::set<std::vector<std::byte>>& nodes_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t handles_ = 0;
  std::size_t unchecked_ = 0; // messages around the present value that have nesting types behind it
  bool complete_ = true;
  bool refused_ = false;
  const char* fault_ = nullptr;
};

} // namespace registry::inline v0_2
