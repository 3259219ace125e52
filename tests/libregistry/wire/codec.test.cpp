#include <registry/wire/internal/codec.hpp>

#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <random>

namespace registry {

namespace {

using testing::make_member;
using testing::random_below;

class generator {
public:
  explicit generator(std::uint64_t seed) : random_(seed) {
    for (std::uint64_t i = 0; i < 4; ++i)
      members_.push_back(make_member(i, 2));
  }

  std::uint64_t number() { return random_() >> random_below(random_, 64); }
  std::uint64_t positive() { return number() | 1; }
  value any() { return testing::random_value(random_, {.depth = 2, .width = 3, .actors = members_, .json = false}); }
  member who() { return members_[random_below(random_, members_.size())]; }
  stream_token token() { return {positive(), number()}; }
  content_header header() { return {token(), positive(), number()}; }
  content_digest digest() { return {number(), random_(), random_()}; }

  remote_change change(std::uint64_t commit) {
    remote_change x{
        commit, static_cast<verb>(random_below(random_, 3)), static_cast<reason>(random_below(random_, 5)), any(), {}};
    for (auto n = 1 + random_below(random_, 3); n > 0; --n) {
      x.entries.push_back({positive(), x.what == verb::join ? who() : member{}, x.what == verb::leave ? value{} : any()});
    }
    return x;
  }

  message next() {
    switch (random_below(random_, 9)) {
    case 0:
      return hello_message{
          token(), static_cast<key_mode>(random_below(random_, 2)), random_below(random_, 2) == 1, {number(), number()}};
    case 1:
      return goodbye_message{number()};
    case 2:
      return refused_message{token(), static_cast<refusal>(random_below(random_, 3))};
    case 3:
      return acknowledge_message{token(), number()};
    case 4:
      return snapshot_begin_message{header(), number(), number()};
    case 5: {
      snapshot_chunk_message x{header(), number(), {}};
      for (auto n = random_below(random_, 4); n > 0; --n)
        x.content.push_back({any(), {{positive(), who(), any()}, {positive(), who(), any()}}});
      return x;
    }
    case 6:
      return snapshot_end_message{header(), digest()};
    case 7: {
      delta_message x{header(), random_() >> 1, {}};
      auto commit = x.previous;
      for (auto n = 1 + random_below(random_, 4); n > 0; --n)
        x.changes.push_back(change(commit += 1 + random_below(random_, 300)));
      return x;
    }
    default:
      return digest_message{header(), number(), digest()};
    }
  }

  std::mt19937_64& random() { return random_; }

private:
  std::mt19937_64 random_;
  std::vector<member> members_;
};

/// Changes some bytes, the length or the handles.
void damage(frame& x, std::mt19937_64& random) {
  for (auto n = 1 + random_below(random, 3); n > 0; --n) {
    const auto at = random_below(random, x.bytes.size() + 1);
    switch (random_below(random, 5)) {
    case 0:
      x.bytes.resize(at);
      break;
    case 1:
      x.bytes.insert(x.bytes.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::byte>(random()));
      break;
    case 2:
      if (!x.handles.empty())
        x.handles[random_below(random, x.handles.size())] = nullptr;
      break;
    case 3:
      if (!x.handles.empty())
        x.handles.pop_back();
      break;
    default:
      if (at < x.bytes.size())
        x.bytes[at] = static_cast<std::byte>(random());
    }
  }
}

errc refusal_of(const frame& x) {
  const auto decoded = decode_frame(x);
  REQUIRE(!decoded);
  return decoded.error().code();
}

} // namespace

TEST_CASE("every message comes back as it was sent", "[wire]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  generator make{seed};
  for (int round = 0; round < 2000; ++round) {
    const auto sent = make.next();
    const auto encoded = encode_frame("some scope", sent);
    const auto decoded = decode_frame(encoded);
    REQUIRE(decoded);
    CHECK(decoded.value().scope == "some scope");
    CHECK(decoded.value().what.index() == sent.index());
    // The encoding is canonical, so equal bytes and handles mean equal messages.
    const auto again = encode_frame("some scope", decoded.value().what);
    REQUIRE(again.bytes == encoded.bytes);
    REQUIRE(again.handles == encoded.handles);
    REQUIRE(scope_of(encoded).value() == "some scope");
  }
}

TEST_CASE("a delta of separately encoded changes equals one encoded at once", "[wire]") {
  generator make{testing::seed()};
  for (int round = 0; round < 100; ++round) {
    delta_message whole{make.header(), 41, {}};
    change_encoder encoder{41};
    for (std::uint64_t commit = 42; commit < 45; ++commit) {
      whole.changes.push_back(make.change(commit));
      encoder.add(whole.changes.back());
    }
    const auto cost = encoder.cost();
    const auto changes = encoder.take();
    CHECK(cost == changes.body.cost());
    CHECK(changes.last == 44);
    const auto a = encode_frame("s", whole);
    const auto b = encode_delta("s", whole.header, changes);
    REQUIRE(a.bytes == b.bytes);
    REQUIRE(a.handles == b.handles);
    CHECK(encoder.empty());
    CHECK(encoder.take().previous == 44);
  }
}

TEST_CASE("a part of a snapshot encoded from a table equals one encoded from a message", "[wire]") {
  generator make{testing::seed()};
  for (int round = 0; round < 100; ++round) {
    snapshot_chunk_message whole{make.header(), make.number(), {}};
    group_encoder encoder;
    for (auto n = random_below(make.random(), 4); n > 0; --n) {
      whole.content.push_back({make.any(), {}});
      std::vector<entry> entries;
      for (auto m = 1 + random_below(make.random(), 3); m > 0; --m) {
        entries.push_back({make.who(), make.any(), 7, make.positive(), 0});
        whole.content.back().entries.push_back({entries.back().number, entries.back().who, entries.back().data});
      }
      std::vector<const entry*> chosen;
      for (const auto& x : entries)
        chosen.push_back(&x);
      encoder.add(whole.content.back().key, chosen);
    }
    const auto cost = encoder.cost();
    auto content = encoder.take();
    CHECK(cost == content.body.cost());
    const auto a = encode_frame("s", whole);
    const auto b = encode_chunk("s", whole.header, whole.index, std::move(content));
    REQUIRE(a.bytes == b.bytes);
    REQUIRE(a.handles == b.handles);
  }
}

TEST_CASE("consecutive equal values share their memory when decoded", "[wire]") {
  const auto who = make_member(1, 2);
  const auto large = [] { return value::list(std::vector<value>{1, "a text that is longer than what fits into a value"}); };
  const content_header header{{1, 1}, 1, 1};
  const auto sent = encode_frame(
      "s",
      snapshot_chunk_message{header, 0, {{"k", {{1, who, large()}, {2, who, large()}, {3, who, 5}, {4, who, large()}}}}});
  const auto decoded = decode_frame(sent);
  REQUIRE(decoded);
  const auto& entries = std::get<snapshot_chunk_message>(decoded.value().what).content[0].entries;
  for (const auto i : {0, 1, 3})
    CHECK(identical(entries[static_cast<std::size_t>(i)].data, large()));
  CHECK(identical(entries[2].data, 5));
  const auto memory = [&](std::size_t i) { return &entries[i].data.as_list()[0]; };
  CHECK(memory(0) == memory(1));
  CHECK(memory(0) != memory(3));
}

TEST_CASE("damaged frames are refused with a position or decode to a canonical message", "[wire][fuzz]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  generator make{seed};
  std::size_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto bad = encode_frame("s", make.next());
    damage(bad, make.random());
    const auto decoded = decode_frame(bad);
    if (!decoded) {
      ++refused;
      CHECK((decoded.error() == errc::malformed || decoded.error() == errc::limit_exceeded));
      CHECK(decoded.error().position() <= bad.bytes.size());
      continue;
    }
    CHECK(encode_frame(decoded.value().scope, decoded.value().what).bytes.size() == bad.bytes.size());
  }
  CHECK(refused > 1000);
}

TEST_CASE("garbage is refused with a position, or is a message by chance", "[wire][fuzz]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  std::size_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    frame bad;
    bad.bytes.push_back(std::byte{wire_version});
    bad.bytes.push_back(static_cast<std::byte>(random_below(random, 9)));
    bad.bytes.push_back(std::byte{0});
    for (auto n = random_below(random, 60); n > 0; --n)
      bad.bytes.push_back(static_cast<std::byte>(random() >> random_below(random, 60)));
    const auto decoded = decode_frame(bad);
    if (decoded) {
      REQUIRE(encode_frame(decoded.value().scope, decoded.value().what).bytes == bad.bytes);
      REQUIRE(scope_of(bad).value() == decoded.value().scope);
      continue;
    }
    ++refused;
    REQUIRE((decoded.error() == errc::malformed || decoded.error() == errc::limit_exceeded));
    REQUIRE(decoded.error().position() <= bad.bytes.size());
  }
  CHECK(refused > 15'000);
  CHECK(refusal_of(frame{}) == errc::malformed);
  CHECK_FALSE(scope_of(frame{}));
}

TEST_CASE("unknown versions and types, trailing bytes and absurd counts are malformed", "[wire]") {
  const auto good = encode_frame("s", goodbye_message{1});
  auto version = good;
  version.bytes[0] = std::byte{2};
  CHECK(refusal_of(version) == errc::malformed);
  CHECK(!scope_of(version));
  auto type = good;
  type.bytes[1] = std::byte{9};
  CHECK(refusal_of(type) == errc::malformed);
  auto longer = good;
  longer.bytes.push_back(std::byte{0});
  CHECK(refusal_of(longer) == errc::malformed);
  // A chunk that announces 2^62 groups.
  auto chunk = encode_frame("s", snapshot_chunk_message{{{1, 1}, 1}, 0, {}});
  chunk.bytes.pop_back();
  for (int i = 0; i < 8; ++i)
    chunk.bytes.push_back(std::byte{0xff});
  chunk.bytes.push_back(std::byte{0x3f});
  CHECK(refusal_of(chunk) == errc::malformed);
}

TEST_CASE("commits that do not ascend, entries without number and changes without entries are malformed", "[wire]") {
  const auto who = make_member(1, 2);
  const content_header header{{1, 1}, 1, 1};
  const auto delta = [&](std::vector<remote_change> changes) {
    return encode_frame("s", delta_message{header, 5, std::move(changes)});
  };
  CHECK(decode_frame(delta({{6, verb::join, reason::down, "k", {{1, who, 1}}}})));
  CHECK(refusal_of(delta({{5, verb::join, reason::down, "k", {{1, who, 1}}}})) == errc::malformed);
  CHECK(refusal_of(delta({{4, verb::join, reason::down, "k", {{1, who, 1}}}})) == errc::malformed);
  CHECK(refusal_of(delta({{6, verb::join, reason::down, "k", {{0, who, 1}}}})) == errc::malformed);
  CHECK(refusal_of(delta({{6, verb::join, reason::down, "k", {}}})) == errc::malformed);
  CHECK(refusal_of(delta({})) == errc::malformed);
}

} // namespace registry
