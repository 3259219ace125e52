#pragma once

#include <registry/entry/digest.hpp>
#include <registry/entry/remote.hpp>
#include <registry/store/store.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace registry::inline v0_2 {

/// Identifies one request for content: the epoch of the scope at the requester, and the requester's running number. Later
/// requests are greater.
struct stream_token {
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;
  friend auto operator<=>(const stream_token&, const stream_token&) = default;
};

/// A place in the stream of a sender; epoch 0 means none.
struct stream_place {
  std::uint64_t epoch = 0;
  std::uint64_t commit = 0;
  friend auto operator<=>(const stream_place&, const stream_place&) = default;
};

/// Why a peer gets, or accepts, no content.
enum class refusal : std::uint8_t {
  key_mode,  ///< the scopes of this name differ in key mode
  too_large, ///< a snapshot exceeds the limits of the receiver
  not_open,  ///< the scope is not open here; when it is opened, it says hello
};

/// Receiver to sender: I have the scope open; send me the part of your stream after `have`.
struct hello_message {
  stream_token token;
  key_mode mode = key_mode::duplicate;
  /// Say hello, too: I may have missed yours.
  bool answer = false;
  stream_place have;
};

/// To all peers: I have closed the scope of this epoch.
struct goodbye_message {
  std::uint64_t epoch = 0;
};

/// Ends the request with this token, from either end.
struct refused_message {
  stream_token token;
  refusal why = refusal::key_mode;
};

/// Receiver to sender: this much (in `frame::cost`) of the content with this token has been received.
struct acknowledge_message {
  stream_token token;
  std::uint64_t received = 0;
};

/// Header of all content: the receiver's token, the epoch of the sender's stream, and the running number of the answer
/// within it. A sender that has forgotten an answer answers the same request again; later answers have greater numbers.
struct content_header {
  stream_token token;
  std::uint64_t epoch = 0;
  std::uint64_t answer = 0;
};

/// Start of a snapshot, which belongs to this commit.
struct snapshot_begin_message {
  content_header header;
  std::uint64_t commit = 0;
  std::uint64_t entries = 0;
};

/// A part of it; parts are numbered from 0.
struct snapshot_chunk_message {
  content_header header;
  std::uint64_t index = 0;
  std::vector<remote_group> content;
};

/// The end of the snapshot.
struct snapshot_end_message {
  content_header header;
  content_digest digest;
};

/// The changes after commit `previous` up to the last one of these; at least one, in ascending order.
struct delta_message {
  content_header header;
  std::uint64_t previous = 0;
  std::vector<remote_change> changes;
};

/// The sender's present content; all changes up to here have been sent.
struct digest_message {
  content_header header;
  std::uint64_t commit = 0;
  content_digest digest;
};

/// All messages between replicas. The index in the list is the type on the wire.
using message = std::variant<hello_message, goodbye_message, refused_message, acknowledge_message, snapshot_begin_message,
                             snapshot_chunk_message, snapshot_end_message, delta_message, digest_message>;

/// A message and its scope.
struct envelope {
  std::string scope;
  message what;
};

} // namespace registry::inline v0_2
