#include <link/record_pipe.hpp>

#include <support/catch.hpp>
#include <support/seed.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <utility>
#include <vector>

using namespace registry;
using namespace registry::testing;

namespace {

using content = record_pipe::byte_string;
using immediate = link_output::immediate;
using progress = link_output::progress;

/// With a number of its own at its front.
content numbered_frame(std::uint32_t number, std::size_t size = 100) {
  content out(size, std::byte{7});
  for (std::size_t i = 0; i < sizeof number; ++i)
    out[i] = static_cast<std::byte>(number >> 8 * i);
  return out;
}

immediate write_at_once(record_pipe& to, content x) {
  return to.output->write_at_once(1, x);
}

/// What a loop does that waits for the socket to be writable.
std::vector<content> read_all(record_pipe& from) {
  std::vector<content> out;
  for (;;) {
    const auto state = from.output->write();
    auto more = from.read();
    if (state == progress::done && more.empty())
      return out;
    REQUIRE((state == progress::done || state == progress::wants_writable));
    std::ranges::move(more, std::back_inserter(out));
  }
}

} // namespace

TEST_CASE("a frame is written at once while nothing waits", "[link]") {
  record_pipe x;
  CHECK(write_at_once(x, numbered_frame(1)) == immediate::sent);
  CHECK(x.read() == std::vector<content>{numbered_frame(1)});
  CHECK(x.output->write() == progress::done);
}

TEST_CASE("a frame is not written at once before what waits", "[link]") {
  record_pipe x;
  const auto is_refused = [&] {
    auto frame = numbered_frame(2);
    const bool out = x.output->write_at_once(1, frame) == immediate::refused;
    CHECK(frame == numbered_frame(2)); // is left to the caller
    return out;
  };
  x.output->put_frame(2, numbered_frame(1));
  CHECK(is_refused());
  CHECK(read_all(x) == std::vector<content>{numbered_frame(1)});

  const content said(10, std::byte{9});
  x.output->put_basp(said);
  CHECK(is_refused());
  CHECK(read_all(x).empty());
  CHECK(x.basp == said);

  x.output->put_heartbeat(said);
  CHECK(is_refused());
  CHECK(read_all(x).empty());
  CHECK(x.heartbeats == std::vector<content>{said});

  CHECK(write_at_once(x, numbered_frame(2)) == immediate::sent);
}

TEST_CASE("a large frame is never written at once", "[link]") {
  record_pipe x;
  CHECK(write_at_once(x, numbered_frame(1, longest_piece + 1)) == immediate::refused);
  CHECK(x.output->write() == progress::done);
  CHECK(x.read().empty());
}

TEST_CASE("frames that a full socket does not take wait in their order", "[link]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  record_pipe x;
  std::vector<content> sent;
  std::vector<content> read;
  bool begun = false;
  bool refused = false;
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    sent.push_back(numbered_frame(i, 4 + random() % 3'000));
    auto next = sent.back();
    const auto how = x.output->write_at_once(random() % 2, next);
    begun = begun || how == immediate::begun;
    refused = refused || how == immediate::refused;
    if (how == immediate::refused)
      x.output->put_frame(1, std::move(next));
    if (random() % 8 == 0)
      std::ranges::move(x.read(random() % 20'000), std::back_inserter(read));
    if (random() % 16 == 0)
      CHECK(x.output->write() != progress::failed);
  }
  std::ranges::move(read_all(x), std::back_inserter(read));
  CHECK(begun);
  CHECK(refused);
  CHECK(read == sent);
}

TEST_CASE("more may wait for a peer that does not read, and then the output says so", "[link]") {
  constexpr std::size_t most = 100'000;
  record_pipe x(most);
  std::size_t waiting = 0;
  for (std::uint32_t i = 0; x.output->fits() && i < 1'000; ++i) {
    auto next = numbered_frame(i, 1'000);
    if (x.output->write_at_once(1, next) == immediate::refused) {
      waiting += next.size();
      x.output->put_frame(1, std::move(next));
    }
  }
  CHECK_FALSE(x.output->fits());
  CHECK(waiting > most / 2);
  CHECK(waiting <= most + 1'000);
}

TEST_CASE("an output takes nothing after its end", "[link]") {
  record_pipe x;
  x.output->put_frame(1, numbered_frame(1));
  SECTION("when it has been told to finish, and then it writes what waits") {
    x.output->finish();
    x.output->put_frame(1, numbered_frame(2));
    CHECK(write_at_once(x, numbered_frame(3)) == immediate::refused);
    CHECK_FALSE(x.has_ended());
    CHECK(read_all(x) == std::vector<content>{numbered_frame(1)});
    CHECK(x.has_ended());
    CHECK(write_at_once(x, numbered_frame(4)) == immediate::refused);
  }
  SECTION("when it has been told to end") {
    x.output->end();
    x.output->put_frame(1, numbered_frame(2));
    CHECK(write_at_once(x, numbered_frame(3)) == immediate::refused);
    CHECK(x.output->write() == progress::done);
    CHECK(x.read().empty());
  }
}

TEST_CASE("when a frame is written at once to a peer that has hung up, the reader notices", "[link]") {
  record_pipe x;
  x.hang_up();
  CHECK(write_at_once(x, numbered_frame(1)) == immediate::sent);
  CHECK(write_at_once(x, numbered_frame(2)) == immediate::refused);
  content into(10);
  CHECK(x.output->read(into).how == tls_session::status::closed);
}
