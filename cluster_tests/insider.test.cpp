// A peer that knows the secret and is hostile: it ends its link, and costs the node little. docs/security.md has the list.

#include <support/insider.hpp>
#include <support/remote_node.hpp>
#include <support/waiting.hpp>

#include <registry/link/internal/handshake.hpp>
#include <registry/link/internal/proof.hpp>
#include <registry/link/internal/records.hpp>

#include <link/raw_peer.hpp>

#include <support/catch.hpp>

#include <xxhash.h>

#include <cstdint>
#include <string>

using namespace cluster_tests;
using namespace registry::testing;
using namespace std::chrono_literals;
using registry::record_kind;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;
constexpr std::size_t piece_size = std::size_t{16} << 10;

launch small_node(const std::string& encryption) {
  launch out;
  out.arguments = {"--encryption=" + encryption, "--max-message=" + std::to_string(mebibyte),
                   "--max-waiting=" + std::to_string(2 * mebibyte)};
  out.handshake_timeout = 2s;
  return out;
}

/// A peer that has shaken hands in plain, and writes records of any content, with right checksums.
class raw_insider {
public:
  explicit raw_insider(const remote_node& victim) : connection_(victim.address()) {
    registry::handshake_identity self;
    self.self = {0x5747'4e41'4745'5221, 42};
    self.cluster = launch{}.cluster;
    self.secret = launch{}.secret;
    self.node_id = "BFFADF3AC9F1142F6446CA706C9BB0F69B114400#4294967295";
    self.node_name = insider::name;
    self.newest_version = 2;
    self.advertised = {"127.0.0.1", 1};
    auto talk =
        registry::handshake::dialler(self, registry::make_nonce().value(), 1, [](auto&, auto) { return std::nullopt; });
    connection_.shake_hands(talk);
    REQUIRE(talk.succeeded());
  }

  void send(record_kind kind, const std::string& content) { send(kind, content, content.size()); }
  /// With another length.
  void send(record_kind kind, const std::string& content, std::size_t announced) {
    std::string out{static_cast<char>(kind)};
    append(out, announced, 3);
    out += content;
    append(out, XXH3_64bits_withSeed(out.data(), out.size(), number_++), 8);
    connection_.send(bytes_of(out));
  }
  void send_piece(std::uint8_t lane, const std::string& content, record_kind kind = record_kind::piece) {
    send(kind, static_cast<char>(lane) + content);
  }

  /// Whether the node hangs up.
  [[nodiscard]] bool is_cut() const {
    static_cast<void>(connection_.receive_all());
    return connection_.receive(1).empty();
  }

private:
  static void append(std::string& to, std::uint64_t x, int size) {
    for (; size > 0; --size)
      to.push_back(static_cast<char>(x >> 8 * (size - 1)));
  }

  raw_peer connection_;
  std::uint64_t number_ = 0;
};

/// The node has never had more than this beyond what it had before.
void check_peak(const remote_node& x, std::size_t before, std::size_t most) {
#ifdef __SANITIZE_ADDRESS__
  most += 256 * mebibyte; // it keeps what is freed
#endif
  const auto peak = const_cast<remote_node&>(x).process().peak_memory();
  CAPTURE(before, peak, most);
  CHECK(peak < before + most);
}

std::size_t logged_end(const remote_node& x, const std::string& why) {
  return x.logged("the link with " + std::string{insider::name} + " at 127.0.0.1:1 (57474e41) ends" + why);
}

} // namespace

TEST_CASE("records that violate the protocol end their link, with the reason and the peer, and cost little",
          "[hostile][insider]") {
  const auto with = small_node("none");
  remote_node x{with};
  const auto before = x.process().peak_memory();
  raw_insider peer{x};
  const std::string piece(piece_size, '\xff');
  std::string why;
  SECTION("pieces of a frame that never ends") {
    why = "a frame that is too long";
    for (std::size_t sent = 0; sent < 64 * mebibyte; sent += piece_size)
      peer.send_piece(0, piece);
  }
  SECTION("pieces of many frames that never end") {
    why = "too many large frames at a time";
    for (std::uint8_t lane = 0; lane < registry::most_lanes; ++lane) {
      for (std::size_t sent = 0; sent < mebibyte; sent += piece_size)
        peer.send_piece(lane, piece);
    }
  }
  SECTION("pieces of two frames in one lane") {
    why = "a malformed record of a frame";
    peer.send_piece(7, piece);
    peer.send_piece(7, "another one");
    peer.send_piece(7, piece, record_kind::last_piece);
  }
  SECTION("a piece in a lane that does not exist") {
    why = "a piece of a frame in a lane that does not exist";
    peer.send_piece(registry::most_lanes, piece);
  }
  SECTION("pieces without content, without end") {
    why = "a piece of a frame without content";
    for (int i = 0; i < 100'000; ++i)
      peer.send_piece(0, "");
  }
  SECTION("a record that is announced as longer than any") {
    why = "a record that is too long";
    peer.send(record_kind::frame, piece, (std::size_t{1} << 24U) - 1);
  }
  SECTION("a message of CAF with a payload of 4 GiB") {
    why = "a message that is too long";
    std::string header(40, '\0');
    header[0] = '\x02';
    header.replace(4, 4, "\xff\xff\xff\xff");
    peer.send(record_kind::basp, header);
  }
  SECTION("a record of an unknown kind") {
    why = "a record of an unknown kind";
    peer.send(static_cast<record_kind>(9), piece);
  }
  SECTION("a frame before the greeting") {
    why = "a frame comes before the greeting";
    peer.send(record_kind::frame, std::string(2, '\0'));
  }
  SECTION("a heartbeat that is none") {
    why = "a malformed heartbeat";
    peer.send(record_kind::heartbeat, "");
  }
  CHECK(peer.is_cut());
  CHECK(eventually([&] { return logged_end(x, ", since it violates the protocol: " + why) == 1; }));
  check_peak(x, before, 40 * mebibyte);
  CHECK(takes_part(x, with));
}

TEST_CASE("a peer that shakes hands and then sends nothing of use is hung up on in time", "[hostile][insider]") {
  const auto with = small_node("none");
  remote_node x{with};
  const auto before = x.process().peak_memory();
  raw_insider peer{x};
  SECTION("nothing") {}
  SECTION("empty records") {
    for (int i = 0; i < 100'000; ++i)
      peer.send(record_kind::basp, "");
  }
  SECTION("a large frame, byte by byte") {
    for (int i = 0; i < 100'000; ++i)
      peer.send_piece(0, "x");
  }
  CHECK(peer.is_cut());
  check_peak(x, before, 8 * mebibyte);
  CHECK(x.links() == 0);
  CHECK(x.logged("is linked") == 0);
  CHECK(takes_part(x, with));
}

TEST_CASE("a linked peer that sends frames that are none loses its link", "[hostile][insider]") {
  const auto with = small_node("required");
  remote_node x{with};
  const insider peer{with, x.address()};
  REQUIRE(eventually([&] { return x.links() == 1; }));
  peer.send_frame("this is no frame");
  CHECK(eventually([&] { return peer.is_cut(); }));
  CHECK(eventually([&] { return logged_end(x, ", since it violates the protocol: a malformed frame") == 1; }));
  CHECK(takes_part(x, with));
}

TEST_CASE("messages behind changes that never come are held up to a limit, and then the link ends", "[hostile][insider]") {
  const auto with = small_node("required");
  remote_node x{with};
  const insider peer{with, x.address()};
  REQUIRE(eventually([&] { return x.links() == 1; }));
  const auto before = x.process().peak_memory();
  const auto size = GENERATE(std::size_t{1}, std::size_t{1000}, std::size_t{100'000});
  CAPTURE(size);
  const auto most = 32 * mebibyte / (size + 1000); // more than enough, and not too much for this process
  for (std::size_t i = 0; i < most; ++i) {
    if (!peer.dispatch_behind("rooms", ~std::uint64_t{0}, 1'000'000, caf::make_message(std::string(size, 'x'))))
      break;
  }
  CHECK(eventually([&] { return peer.is_cut(); }));
  CHECK(eventually(
      [&] { return logged_end(x, ": more than 2097152 bytes of messages wait here for changes before them") == 1; }));
  CHECK(x.logged("sends messages of unknown types") == 0); // nothing was delivered
  check_peak(x, before, 60 * mebibyte);
  CHECK(takes_part(x, with));
}

TEST_CASE("messages that are held go with their link, and the node serves others meanwhile", "[hostile][insider]") {
  const auto with = small_node("required");
  remote_node x{with};
  {
    const insider peer{with, x.address()};
    REQUIRE(eventually([&] { return x.links() == 1; }));
    for (int i = 0; i < 1000; ++i)
      CHECK(peer.dispatch_behind("rooms", 1, 1'000'000, caf::make_message(std::string(1000, 'x'))));
    CHECK(takes_part(x, with));
    CHECK(x.logged("ends") == 0);
  }
  CHECK(eventually([&] { return x.logged("node insider at 127.0.0.1:1 (57474e41) is unreachable") == 1; }));
  CHECK(x.logged("sends messages of unknown types") == 0);
  CHECK(takes_part(x, with));
}
