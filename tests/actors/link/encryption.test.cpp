#include <registry/link/internal/link_service.hpp>

#include <link/raw_peer.hpp>
#include <link/recorder.hpp>

#include <support/catch.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace registry;
using namespace registry::testing;

namespace {

const std::string one = "a first secret of 32 characters or more";
const std::string two = "a second secret of 32 characters or more";

enum class mode { none, prefer, required };

running_service::setup with(mode encryption, const std::vector<std::string>& secrets, std::uint8_t newest = 2) {
  return [=](link_service_options& out, recorder&) {
    out.identity.secret = secrets.front();
    out.identity.other_secret = secrets.size() > 1 ? secrets[1] : "";
    out.identity.newest_version = newest;
    if (encryption != mode::none)
      out.keys = tls_keys::from_secrets(secrets, out.identity.cluster).value();
    out.must_encrypt = encryption == mode::required;
  };
}

/// Both ends of a link after a dial; throws if there is none.
struct meeting {
  meeting(running_service& dialler, running_service& acceptor) {
    dialler->dial(acceptor.where(), 1);
    dialling = dialler.seen.links.take();
    accepting = acceptor.seen.links.take();
  }
  [[nodiscard]] bool is_encrypted() const {
    CHECK((dialling.tls == nullptr) == (accepting.tls == nullptr));
    return dialling.tls != nullptr;
  }
  established_link dialling;
  established_link accepting;
};

} // namespace

TEST_CASE("links are encrypted if both ends can, and in plain only if neither end requires encryption") {
  for (const auto dialling : {mode::none, mode::prefer, mode::required}) {
    for (const auto accepting : {mode::none, mode::prefer, mode::required}) {
      CAPTURE(static_cast<int>(dialling), static_cast<int>(accepting));
      running_service dialler{1, with(dialling, {one})};
      running_service acceptor{2, with(accepting, {one})};
      if (dialling != mode::none && accepting != mode::none) {
        CHECK(meeting(dialler, acceptor).is_encrypted());
      } else if (dialling != mode::required && accepting != mode::required) {
        CHECK_FALSE(meeting(dialler, acceptor).is_encrypted());
      } else {
        dialler->dial(acceptor.where(), 1);
        const auto why = dialler.seen.failures.take().why;
        CHECK(why == (dialling == mode::required ? dial_failure::hung_up : dial_failure::wrong_encryption));
        CHECK(dialler.seen.links.size() == 0);
        CHECK(acceptor.seen.links.size() == 0);
      }
    }
  }
}

TEST_CASE("a proxy behind which no node runs is told from a node that speaks another protocol") {
  const raw_listener proxy;
  running_service node{1, with(mode::required, {one})};
  node->dial(proxy.where(), 1);
  // A hung up connection is tried once more.
  for (int i = 0; i < 2; ++i) {
    const auto taken = proxy.accept();
    const bool reads_first = i > 0; // otherwise the system resets the connection
    if (reads_first)
      CHECK(taken.receive(1).size() == 1);
  }
  const auto failed = node.seen.failures.take();
  CHECK(failed.why == dial_failure::hung_up);
  const auto no_node = failed.detail.find("no node runs there, if that is the address of a proxy or a balancer");
  const auto no_encryption = failed.detail.find("its encryption is none");
  CAPTURE(failed.detail);
  CHECK(no_node != std::string::npos);
  CHECK(no_encryption != std::string::npos);
  CHECK(no_node < no_encryption);
}

TEST_CASE("whoever begins TLS and hangs up is not said to do without") {
  running_service node{1, with(mode::required, {one})};
  {
    const raw_peer scanner{node.where()};
    scanner.send(bytes_of("\x16\x03\x01"));
  }
  const auto refused = node.seen.refusals.take();
  CHECK(refused.why == dial_failure::unreachable);
  CHECK(refused.detail.find("encryption") == std::string::npos);
}

TEST_CASE("both ends say that one encrypts and the other does not") {
  running_service plain{1, with(mode::none, {one})};
  running_service node{2, with(mode::required, {one})};
  plain->dial(node.where(), 1);
  const auto dialled = plain.seen.failures.take();
  CHECK(dialled.why == dial_failure::wrong_encryption);
  CHECK(dialled.detail.find("the other end accepts encrypted links only") != std::string::npos);
  CHECK(node.seen.refusals.take().why == dial_failure::wrong_encryption);
}

TEST_CASE("a node that prefers encryption links with one of version 1 in plain") {
  running_service newer{1, with(mode::prefer, {one})};
  running_service older{2, with(mode::none, {one}, 1)};
  const meeting dialled{newer, older};
  CHECK_FALSE(dialled.is_encrypted());
  CHECK(dialled.dialling.version == 1);
  running_service another{3, with(mode::prefer, {one})};
  const meeting accepted{older, another};
  CHECK_FALSE(accepted.is_encrypted());
  CHECK(accepted.dialling.version == 1);
}

TEST_CASE("bytes pass an encrypted link that was handed over") {
  running_service dialler{1, with(mode::required, {one})};
  running_service acceptor{2, with(mode::required, {one})};
  const meeting made{dialler, acceptor};
  REQUIRE(made.is_encrypted());
  CHECK(made.dialling.version == 2);
  const auto said = bytes_of("hello");
  CHECK(made.dialling.tls->write(said).size == said.size());
  byte_string got(10);
  auto heard = made.accepting.tls->read(got);
  while (heard.how == tls_session::status::wants_read)
    heard = made.accepting.tls->read(got);
  got.resize(heard.size);
  CHECK(got == said);
}

TEST_CASE("two secrets are valid at once, encrypted and in plain") {
  for (const auto encryption : {mode::required, mode::none}) {
    running_service old_secret{1, with(encryption, {one})};
    running_service both{2, with(encryption, {two, one})};
    running_service new_secret{3, with(encryption, {two})};
    const bool encrypted = encryption == mode::required;
    CHECK(meeting(old_secret, both).is_encrypted() == encrypted);
    CHECK(meeting(both, old_secret).is_encrypted() == encrypted);
    CHECK(meeting(new_secret, both).is_encrypted() == encrypted);
    CHECK(meeting(both, new_secret).is_encrypted() == encrypted);
    old_secret->dial(new_secret.where(), 1);
    CHECK(old_secret.seen.failures.take().why == dial_failure::wrong_secret);
  }
}

TEST_CASE("a node that requires encryption survives what is not TLS, or stops in the middle of it") {
  const auto soon_bored = [](link_service_options& out, recorder& reports) {
    with(mode::required, {one})(out, reports);
    out.handshake_timeout = std::chrono::seconds{3};
  };
  running_service service{2, soon_bored};
  for (const auto* said :
       {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 not a hello of TLS", "GET / HTTP/1.1\r\n\r\n", "\x16"}) {
    raw_peer stranger{service.where()};
    stranger.send(bytes_of(said));
    if (std::string{said}.size() > 1)
      (void)stranger.receive_all();
    else
      stranger.close();
    const auto refused = service.seen.refusals.take();
    CHECK(refused.who == node_address{"127.0.0.1", 0});
  }
  running_service other{3, with(mode::required, {one})};
  CHECK(meeting(other, service).is_encrypted());
}
