#include <corpus/support/caf_stream.hpp>
#include <corpus/support/streams.hpp>

#include <registry/wire/internal/codec.hpp>

#include <support/catch.hpp>
#include <support/seed.hpp>

#include <random>
#include <stdexcept>
#include <string>

using namespace registry;
using namespace registry::corpus;

namespace {

/// Whether a stream differs from the expected content, cannot be decoded, or would be encoded differently.
bool is_otherwise(caf_reader& reader, const stream& x) {
  try {
    const auto content = reader.read(x.bytes);
    return content.text != text_in(x.caf_text()) || text_of(x.bytes, content.parts) != text_in(x.own_text());
  } catch (const std::runtime_error&) {
    return true;
  }
}

} // namespace

TEST_CASE("the recorded messages of CAF decode as expected and encode to the same bytes", "[corpus]") {
  caf_reader reader;
  for (const auto& x : streams_in(CORPUS_DIRECTORY)) {
    CAPTURE(x.file);
    const auto content = reader.read(x.bytes);
    CHECK(content.text == text_in(x.caf_text()));
    // Our parts are where they are expected, and all of them are.
    CHECK(text_of(x.bytes, content.parts) == text_in(x.own_text()));
  }
}

TEST_CASE("a change of any byte of CAF's recorded messages is detected", "[corpus]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  caf_reader reader;
  for (auto& x : streams_in(CORPUS_DIRECTORY)) {
    if (x.bytes.size() > 20'000)
      continue; // nothing is in the large ones that is not in these, and each change takes a look at all of a stream
    CAPTURE(x.file);
    for (int round = 0; round < 100; ++round) {
      const auto at = random() % x.bytes.size();
      const auto changed = static_cast<std::byte>(1U << random() % 8);
      CAPTURE(at);
      x.bytes[at] ^= changed;
      CHECK(is_otherwise(reader, x));
      x.bytes[at] ^= changed;
    }
  }
}

TEST_CASE("every message type of CAF and of the applications occurs in the recordings", "[corpus]") {
  std::string all;
  for (const auto& x : streams_in(CORPUS_DIRECTORY))
    all += text_in(x.caf_text());
  for (const auto* said :
       {" server_handshake ", " client_handshake ", " direct_message ", " monitor_message ", " down_message ",
        "registry::link_greeting", "registry::link_welcome", "registry::heartbeat_message", "registry::frame_message",
        "registry::fan_out_message", "(std::string \"hello\")", "registry::join_request", "registry::dispatch_request",
        "registry::await_request", "chat::relay", "registry::fan_out_message {members [", "dispatch::run_job",
        "dispatch::outcome"}) {
    CAPTURE(said);
    CHECK(all.find(said) != std::string::npos);
  }
}

TEST_CASE("the digests of recorded snapshots match their content", "[corpus]") {
  std::size_t compared = 0;
  for (const auto& x : streams_in(CORPUS_DIRECTORY)) {
    CAPTURE(x.file);
    content_digest digest;
    for (const auto& part : places_in(text_in(x.own_text()))) {
      if (part.what != own_part::kind::frame)
        continue;
      const auto bytes = std::span{x.bytes}.subspan(part.offset, part.size);
      const auto read = decode_frame({{bytes.begin(), bytes.end()}, part.handles}).value();
      if (std::get_if<snapshot_begin_message>(&read.what))
        digest = {};
      if (const auto* chunk = std::get_if<snapshot_chunk_message>(&read.what)) {
        for (const auto& group : chunk->content) {
          for (const auto& one : group.entries)
            digest.add(one.number, group.key, one.who, one.data);
        }
      }
      if (const auto* end = std::get_if<snapshot_end_message>(&read.what)) {
        CHECK(end->digest == digest);
        ++compared;
      }
    }
  }
  CHECK(compared >= 4);
}
