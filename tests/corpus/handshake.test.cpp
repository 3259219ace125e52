#include <corpus/support/handshake.hpp>
#include <corpus/support/streams.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <span>
#include <string>

using namespace registry::corpus;

namespace {

/// The secrets of the ends of a recorded connection: one node of the recordings has another secret than all others.
std::string secret_of(const stream& x, bool dialler) {
  const bool impostor = x.file.parent_path().filename() == "refusals" && x.name().starts_with("to_a.3.") && dialler;
  return impostor ? "not the secret" : "a secret of tests";
}

/// Whether it sends the beginning of the stream. Where both refuse each other, the connection may have ended before the
/// second one sent its refusal.
bool said_as_recorded(const replayed_handshake& now, const stream& x) {
  std::size_t size = 0;
  for (const auto& part : read_handshake(x.bytes))
    size += part.size;
  const auto recorded = std::span{x.bytes}.first(size);
  if (now.succeeded)
    return std::ranges::equal(now.said, recorded);
  return now.said.size() >= size && std::ranges::equal(std::span{now.said}.first(size), recorded);
}

} // namespace

TEST_CASE("both ends of a recorded handshake can be replaced by this program", "[corpus]") {
  std::size_t succeeded = 0;
  std::string failures;
  for (const auto& x : streams_in(CORPUS_DIRECTORY)) {
    if (!x.from_dialler())
      continue;
    const stream other{x.counterpart(), bytes_in(x.counterpart())};
    CAPTURE(x.file);
    const auto dialler = replay_dialler(x.bytes, other.bytes, secret_of(x, true));
    const auto acceptor = replay_acceptor(x.bytes, other.bytes, secret_of(x, false));
    CHECK(said_as_recorded(dialler, x));
    CHECK(said_as_recorded(acceptor, other));
    CHECK(dialler.succeeded == acceptor.succeeded);
    CHECK(dialler.failure == acceptor.failure);
    succeeded += dialler.succeeded ? 1 : 0;
    failures += dialler.failure + "; ";
  }
  CHECK(succeeded >= 8);
  for (const auto* why : {"another name", "secrets differ", "this node", "a link already"}) {
    CAPTURE(failures);
    CHECK(failures.find(why) != std::string::npos);
  }
}
