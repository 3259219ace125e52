#include <corpus/support/basp.hpp>
#include <corpus/support/handshake.hpp>
#include <corpus/support/streams.hpp>

#include <registry/link/internal/basp_guard.hpp>

#include <support/catch.hpp>
#include <support/effort.hpp>
#include <support/seed.hpp>

#include <random>
#include <span>
#include <string_view>
#include <vector>

using namespace registry;

namespace {

using bytes = std::span<const std::byte>;

std::vector<corpus::basp_message> messages_in(const std::vector<std::byte>& stream) {
  const auto last = corpus::read_handshake(stream).back();
  return corpus::read_basp(stream, last.offset + last.size);
}

/// The node that says this, from its handshake with CAF.
std::vector<std::byte> speaker(const std::vector<corpus::basp_message>& said) {
  constexpr std::size_t size = 8 + 4 + 20;
  const auto name = said.front().payload.first(size);
  return {name.begin(), name.end()};
}

std::uint64_t link_actor_in(const std::vector<corpus::basp_message>& said) {
  for (const auto& x : said) {
    const std::string_view text{reinterpret_cast<const char*>(x.payload.data()), x.payload.size()};
    if (text.find("registry::link_") != std::string_view::npos)
      return x.header.destination;
  }
  return 0;
}

/// Both directions of a connection, if CAF spoke in both.
struct conversation {
  std::vector<std::byte> stream;
  std::vector<std::byte> answer;
  std::vector<corpus::basp_message> said;
  basp_ends ends;
};

std::vector<conversation> conversations() {
  std::vector<conversation> out;
  for (auto& x : corpus::streams_in(CORPUS_DIRECTORY)) {
    conversation made{x.bytes, corpus::bytes_in(x.counterpart()), {}, {}};
    made.said = messages_in(made.stream);
    const auto answered = messages_in(made.answer);
    if (made.said.empty() || answered.empty())
      continue;
    made.ends = {basp_dialect::caf_0_17,  !x.from_dialler(), speaker(answered), speaker(made.said), {},
                 link_actor_in(made.said)};
    out.push_back(std::move(made));
  }
  return out;
}

bytes header_of(const conversation& x, const corpus::basp_message& one) {
  return bytes{x.stream}.subspan(one.offset, basp_header::size);
}

} // namespace

TEST_CASE("a guard passes all messages of CAF that were recorded", "[corpus]") {
  std::size_t passed = 0;
  for (const auto& x : conversations()) {
    basp_guard guard{x.ends, {}};
    for (const auto& one : x.said) {
      CAPTURE(one.offset);
      REQUIRE(guard.take_header(header_of(x, one).first<basp_header::size>()) == basp_guard::verdict::pass);
      REQUIRE(guard.payload_size() == one.payload.size());
      const auto what = guard.take_payload(one.payload);
      CAPTURE(guard.reason());
      REQUIRE(what == basp_guard::verdict::pass);
      ++passed;
    }
  }
  CHECK(passed > 500);
}

TEST_CASE("a guard survives recorded messages with changed bytes", "[corpus]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  auto all = conversations();
  std::size_t ended = 0;
  for (auto left = testing::repetitions(300); left > 0; --left) {
    auto& x = all[random() % all.size()];
    basp_guard guard{x.ends, {}};
    for (const auto& one : x.said) {
      std::vector<std::byte> header{header_of(x, one).begin(), header_of(x, one).end()};
      std::vector<std::byte> payload{one.payload.begin(), one.payload.end()};
      if (random() % 10 == 0) {
        auto& changed = random() % 4 == 0 ? header : payload;
        if (!changed.empty())
          changed[random() % changed.size()] = static_cast<std::byte>(random());
      }
      if (guard.take_header(std::span{header}.first<basp_header::size>()) == basp_guard::verdict::end ||
          guard.take_payload(payload) == basp_guard::verdict::end) {
        ++ended;
        break;
      }
    }
  }
  CHECK(ended > 0);
}
