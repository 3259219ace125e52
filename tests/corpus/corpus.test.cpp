#include <corpus/support/own_parts.hpp>
#include <corpus/support/samples.hpp>
#include <corpus/support/streams.hpp>

#include <registry/wire/internal/codec.hpp>

#include <support/catch.hpp>
#include <support/seed.hpp>

#include <map>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <variant>

using namespace registry;
using namespace registry::corpus;

namespace {

/// The first line in which two texts differ, with its number.
std::string difference(const std::string& a, const std::string& b) {
  std::istringstream in_a{a};
  std::istringstream in_b{b};
  for (std::size_t number = 1;; ++number) {
    std::string x;
    std::string y;
    const bool more_x = static_cast<bool>(std::getline(in_a, x));
    const bool more_y = static_cast<bool>(std::getline(in_b, y));
    if (!more_x && !more_y)
      return {};
    if (x != y || more_x != more_y)
      return "line " + std::to_string(number) + ": " + x + "\ninstead of " + y;
  }
}

/// The decoded content at the places of an expected content.
std::string read_again(const stream& x, const std::string& expected) {
  return text_of(x.bytes, places_in(expected));
}

frame frame_at(const stream& x, const own_part& part) {
  const auto bytes = std::span{x.bytes}.subspan(part.offset, part.size);
  return {{bytes.begin(), bytes.end()}, part.handles};
}

/// Whether a part differs from this content: in its meaning, because it cannot be decoded, or because it would be encoded
/// differently.
bool is_otherwise(const stream& x, const own_part& part, const std::string& said) {
  try {
    return text_of(x.bytes, {part}) != said;
  } catch (const std::runtime_error&) {
    return true;
  }
}

/// All frames of a stream.
std::vector<message> messages_of(const stream& x) {
  std::vector<message> out;
  for (const auto& part : places_in(text_in(x.own_text()))) {
    if (part.what == own_part::kind::frame)
      out.push_back(decode_frame(frame_at(x, part)).value().what);
  }
  return out;
}

/// Values by key, from entries of a snapshot and from changes.
using values_by_key = std::map<value, remote_entry>;

values_by_key in_snapshots(const std::vector<message>& all) {
  values_by_key out;
  for (const auto& x : all) {
    if (const auto* chunk = std::get_if<snapshot_chunk_message>(&x)) {
      for (const auto& group : chunk->content)
        out.try_emplace(group.key, group.entries.front());
    }
  }
  return out;
}

values_by_key in_deltas(const std::vector<message>& all) {
  values_by_key out;
  for (const auto& x : all) {
    if (const auto* delta = std::get_if<delta_message>(&x)) {
      for (const auto& change : delta->changes) {
        if (change.what == verb::join)
          out.try_emplace(change.key, change.entries.front());
      }
    }
  }
  return out;
}

/// Whether all samples are there, with the values of their names.
void check_samples(const values_by_key& found) {
  REQUIRE(found.contains("actor"));
  const auto who = found.at("actor").data.as_actor();
  REQUIRE(who != nullptr);
  for (const auto& [name, data] : samples(who)) {
    CAPTURE(name);
    REQUIRE(found.contains(name));
    CHECK(identical(found.at(name).data, data));
    CHECK(same_member(found.at(name).who, who));
  }
  for (const auto& key : sample_keys(who)) {
    CAPTURE(to_string(key));
    REQUIRE(found.contains(key));
    CHECK(identical(found.at(key).data, "a key of another kind"));
  }
}

} // namespace

TEST_CASE("our recorded messages decode as expected and encode to the same bytes", "[corpus]") {
  const auto all = streams_in(CORPUS_DIRECTORY);
  CHECK(all.size() >= 20);
  for (const auto& x : all) {
    CAPTURE(x.file);
    const auto expected = text_in(x.own_text());
    CHECK(!expected.empty());
    CHECK(difference(read_again(x, expected), expected) == "");
  }
}

TEST_CASE("every message type occurs in the recordings", "[corpus]") {
  std::string all;
  for (const auto& x : streams_in(CORPUS_DIRECTORY))
    all += text_in(x.own_text());
  static_assert(std::variant_size_v<message> == 9, "record a new kind of message, and name it here");
  for (const auto* said : {"  dialler_hello\n",
                           "  acceptor_hello\n",
                           "  dialler_proof ",
                           "  acceptor_proof ",
                           "  ready\n",
                           "  refusal ",
                           "  alive\n",
                           "  leaving\n",
                           "  hello ",
                           ", wants an answer",
                           ", unique keys",
                           "  goodbye, ",
                           ": key mode",
                           ": too large",
                           ": not open",
                           "  acknowledge ",
                           "  snapshot_begin ",
                           "  snapshot_chunk ",
                           ": part 1\n",
                           "  snapshot_end ",
                           "  delta ",
                           ": join, as asked for",
                           ": leave, as asked for",
                           ": update, as asked for",
                           ": leave, down",
                           ": leave, drained",
                           "  digest "}) {
    CAPTURE(said);
    CHECK(all.find(said) != std::string::npos);
  }
}

TEST_CASE("values of every kind decode from the recordings unchanged", "[corpus]") {
  const std::filesystem::path directory = CORPUS_DIRECTORY "/registry";
  const auto said = [&](const char* name) { return messages_of({directory / name, bytes_in(directory / name)}); };
  // The content of node a before they met, and the joins of b after that.
  check_samples(in_snapshots(said("to_a.1.acceptor")));
  check_samples(in_deltas(said("to_a.1.dialler")));
}

TEST_CASE("a recorded peer continues where it was after a silence", "[corpus]") {
  std::size_t resumed = 0;
  for (const auto& x : streams_in(CORPUS_DIRECTORY "/interrupted")) {
    for (const auto& one : messages_of(x)) {
      const auto* hello = std::get_if<hello_message>(&one);
      resumed += hello != nullptr && hello->have.epoch != 0 ? 1 : 0;
    }
  }
  CHECK(resumed >= 2);
}

TEST_CASE("a change of any byte of our recorded messages is detected", "[corpus]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (auto& x : streams_in(CORPUS_DIRECTORY)) {
    CAPTURE(x.file);
    const auto parts = places_in(text_in(x.own_text()));
    for (int round = 0; round < 100; ++round) {
      const auto& part = parts[random() % parts.size()];
      const auto at = part.offset + random() % part.size;
      const auto changed = static_cast<std::byte>(1U << random() % 8);
      CAPTURE(part.offset, at);
      const auto before = text_of(x.bytes, {part});
      x.bytes[at] ^= changed;
      CHECK(is_otherwise(x, part, before));
      x.bytes[at] ^= changed;
    }
  }
}
