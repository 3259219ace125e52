#include <registry/link/internal/link_service.hpp>

#include <link/raw_peer.hpp>
#include <link/recorder.hpp>
#include <support/own_host.hpp>

#include <support/catch.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <future>
#include <string>

using namespace registry;
using namespace registry::testing;
using namespace std::chrono_literals;

namespace {

int option(int descriptor, int level, int name) {
  int x = 0;
  socklen_t size = sizeof x;
  REQUIRE(::getsockopt(descriptor, level, name, &x, &size) == 0);
  return x;
}

/// Both ends of a link can communicate.
void check_conversation(established_link a, established_link b) {
  const auto blocking = [](established_link& x) {
    const int descriptor = x.socket.descriptor();
    REQUIRE((::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
    return raw_peer{std::move(x.socket)};
  };
  const auto one = blocking(a);
  const auto other = blocking(b);
  one.send(bytes_of("ping"));
  CHECK(other.receive(4) == bytes_of("ping"));
  other.send(bytes_of("pong"));
  CHECK(one.receive(4) == bytes_of("pong"));
}

bool has_ipv6() {
  recorder nobody;
  return link_service::start(options(1, "::1"), nobody).has_value();
}

void check_both(running_service& dialler, running_service& acceptor, dial_failure why) {
  const auto where = acceptor.where();
  dialler->dial(where, 1);
  const auto failed = dialler.seen.failures.take();
  CHECK(failed.who == where);
  CHECK(failed.why == why);
  CHECK(failed.detail.starts_with("127.0.0.1:"));
  const auto refused = acceptor.seen.refusals.take();
  const bool unproven =
      why == dial_failure::wrong_cluster || why == dial_failure::wrong_version || why == dial_failure::wrong_secret;
  CHECK(refused.who == (unproven ? node_address{"127.0.0.1", 0} : dialler->advertised()));
  CHECK(refused.why == why);
  CHECK(refused.detail.starts_with("from 127.0.0.1: "));
  CHECK(dialler.seen.is_empty());
  CHECK(acceptor.seen.is_empty());
}

} // namespace

TEST_CASE("two services establish a link that both can use") {
  for (const std::string host : {"127.0.0.1", "::1", "localhost"}) {
    CAPTURE(host);
    if (host == "::1" && !has_ipv6()) {
      WARN("this host has no IPv6");
      continue;
    }
    running_service a{options(1, host)};
    running_service b{options(2, host)};
    CHECK(b.where().host == host);
    a->dial(b.where(), 23);
    auto at_a = a.seen.links.take();
    auto at_b = b.seen.links.take();
    CHECK(at_a.info.peer == identity(2).self);
    CHECK(at_b.info.peer == identity(1).self);
    CHECK(at_a.info.peer_address == identity(2).advertised);
    CHECK(at_b.info.peer_address == identity(1).advertised);
    for (const auto* x : {&at_a, &at_b}) {
      CHECK(x->info.dialled_by == identity(1).self);
      CHECK(x->info.dial == 23);
      CHECK(x->version == 1);
    }
    CHECK(at_a.node_id == "node#2");
    CHECK(at_b.node_id == "node#1");
    check_conversation(std::move(at_a), std::move(at_b));
    CHECK(a.seen.is_empty());
    CHECK(b.seen.is_empty());
  }
}

TEST_CASE("a socket that is handed over is set up for a link") {
  running_service a{1, [](auto& with, auto&) { with.user_timeout = 1234ms; }};
  running_service b{2, [](auto& with, auto&) { with.user_timeout = 1234ms; }};
  a->dial(b.where(), 1);
  const auto at_a = a.seen.links.take();
  const auto at_b = b.seen.links.take();
  for (const auto* x : {&at_a, &at_b}) {
    const int descriptor = x->socket.descriptor();
    CHECK(option(descriptor, IPPROTO_TCP, TCP_NODELAY) != 0);
    CHECK(option(descriptor, SOL_SOCKET, SO_KEEPALIVE) != 0);
    CHECK(option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT) == 1234);
    CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
  }
}

TEST_CASE("bytes right after a handshake stay in the socket") {
  running_service b{2};
  const auto self = identity(1);
  const raw_peer dialler{b.where()};
  auto talk = handshake::dialler(self, make_nonce().value(), 1, [](auto&, auto) { return std::nullopt; });
  while (!talk.succeeded()) {
    dialler.send(talk.take_output());
    talk.receive(dialler.receive(talk.wanted()));
  }
  auto last = talk.take_output();
  const auto more = bytes_of("and so on");
  last.insert(last.end(), more.begin(), more.end());
  dialler.send(last);
  auto made = b.seen.links.take();
  dialler.send(bytes_of("."));
  char text[10];
  ::fcntl(made.socket.descriptor(), F_SETFL, 0);
  CHECK(::recv(made.socket.descriptor(), text, sizeof text, MSG_WAITALL) == 10);
  CHECK(std::string(text, 10) == "and so on.");
}

TEST_CASE("services that dial each other at once make two links if nobody objects") {
  running_service a{1};
  running_service b{2};
  a->dial(b.where(), 1);
  b->dial(a.where(), 1);
  for (auto* x : {&a, &b}) {
    const auto one = x->seen.links.take();
    const auto other = x->seen.links.take();
    CHECK(one.info.peer == other.info.peer);
    CHECK(one.info.dialled_by != other.info.dialled_by);
  }
}

TEST_CASE("services with different secrets both report it") {
  running_service a{1};
  running_service b{2, [](auto& with, auto&) { with.identity.secret = "another"; }};
  check_both(a, b, dial_failure::wrong_secret);
}

TEST_CASE("services of different clusters both report it") {
  running_service a{1};
  running_service b{2, [](auto& with, auto&) { with.identity.cluster = "another"; }};
  check_both(a, b, dial_failure::wrong_cluster);
}

TEST_CASE("services without a common version both report it") {
  running_service a{1};
  running_service b{2, [](auto& with, auto&) { with.identity.oldest_version = with.identity.newest_version = 2; }};
  check_both(a, b, dial_failure::wrong_version);
}

TEST_CASE("services with the same CAF node id both report it") {
  running_service a{1};
  running_service b{2, [](auto& with, auto&) { with.identity.node_id = identity(1).node_id; }};
  check_both(a, b, dial_failure::duplicate_node_id);
}

TEST_CASE("a service recognises itself") {
  running_service a{1};
  check_both(a, a, dial_failure::self);
}

TEST_CASE("both sides learn of an objection") {
  const auto object = [](auto&, recorder& seen) {
    seen.object = [](const link_info& info, std::string_view node_id) {
      return info.dial == 1 && node_id.starts_with("node#") ? dial_failure::duplicate_link : dial_failure::unreachable;
    };
  };
  SECTION("the dialler's") {
    running_service a{1, object};
    running_service b{2};
    check_both(a, b, dial_failure::duplicate_link);
  }
  SECTION("the acceptor's") {
    running_service a{1};
    running_service b{2, object};
    check_both(a, b, dial_failure::duplicate_link);
  }
}

TEST_CASE("a dial to a port without a listener is refused") {
  running_service a{1};
  const closed_port nobody;
  const auto where = nobody.where();
  a->dial(where, 1);
  const auto failed = a.seen.failures.take();
  CHECK(failed.who == where);
  CHECK(failed.why == dial_failure::refused);
}

TEST_CASE("a service that has stopped listening refuses, and still dials") {
  running_service a{1};
  running_service b{options(2, own_host())};
  const raw_peer half_open{b.where()};
  b->stop_listening();
  b->stop_listening();
  CHECK(half_open.receive_all().empty());
  a->dial(b.where(), 1);
  CHECK(a.seen.failures.take().why == dial_failure::refused);
  b->dial(a.where(), 1);
  check_conversation(a.seen.links.take(), b.seen.links.take());
  CHECK(b.seen.is_empty());
}

TEST_CASE("a host that does not exist is unreachable") {
  running_service a{1, [](auto& with, auto&) { with.handshake_timeout = 2s; }};
  for (const std::string host : {"no-such-host.invalid", "", "no host", "[::1]"}) {
    CAPTURE(host);
    a->dial({host, 4000}, 1);
    const auto failed = a.seen.failures.take();
    CHECK(failed.who.host == host);
    CHECK(failed.why == dial_failure::unreachable);
  }
}

TEST_CASE("a silent host is unreachable after the time limit") {
  running_service a{1, [](auto& with, auto&) { with.handshake_timeout = 2s; }};
  const raw_listener silent;
  a->dial(silent.where(), 1);
  const auto failed = a.seen.failures.take();
  CHECK(failed.why == dial_failure::unreachable);
  CHECK(failed.detail.ends_with("took too long"));
  // It had received data before the connection was closed.
  const auto peer = silent.accept();
  CHECK(peer.receive_all().size() > length_size);
}

TEST_CASE("a host that hangs up is unreachable") {
  running_service a{1};
  const raw_listener impolite;
  a->dial(impolite.where(), 1);
  impolite.accept().close();
  impolite.accept().close(); // it is retried
  CHECK(a.seen.failures.take().why == dial_failure::unreachable);
}

TEST_CASE("a host that speaks another protocol breaks the handshake") {
  running_service a{1};
  const raw_listener other;
  a->dial(other.where(), 1);
  const auto peer = other.accept();
  SECTION("in another protocol") {
    peer.send(bytes_of("HTTP/1.1 400 Bad Request\r\n\r\n"));
  }
  SECTION("what it was told") {
    auto echo = peer.receive(length_size);
    const auto body = peer.receive(decode_length(echo));
    echo.insert(echo.end(), body.begin(), body.end());
    peer.send(echo);
  }
  CHECK(a.seen.failures.take().why == dial_failure::broken_handshake);
}

TEST_CASE("a service returns the address it listens on and the one it announces") {
  auto with = options(1);
  with.identity.advertised = {};
  running_service a{with};
  CHECK(a.where().host == "127.0.0.1");
  CHECK(a.where().port != 0);
  CHECK(a->advertised() == a.where());
  with.identity.advertised = {"alpha.example", 0};
  running_service b{with};
  CHECK(b->advertised() == node_address{"alpha.example", b.where().port});
  with.listen.port = a.where().port;
  recorder seen;
  const auto taken = link_service::start(with, seen);
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error() == errc::invalid_argument);
}

TEST_CASE("a service that others can reach needs a secret, unless allowed otherwise") {
  recorder seen;
  auto with = options(1, "0.0.0.0");
  with.identity.secret.clear();
  const auto open = link_service::start(with, seen);
  REQUIRE_FALSE(open.has_value());
  CHECK(open.error() == errc::invalid_argument);
  CHECK(std::string{open.error().message()}.find("set a secret") != std::string::npos);
  with.allow_no_secret = true;
  CHECK(link_service::start(with, seen).has_value());
  with.allow_no_secret = false;
  with.identity.secret = "a secret";
  CHECK(link_service::start(with, seen).has_value());
  with.identity.secret.clear();
  with.listen.host = "localhost";
  CHECK(link_service::start(with, seen).has_value());
  with.listen.host = "0.0.0.0";
  with.identity.secret = "a secret";
  with.identity.advertised = {};
  CHECK_FALSE(link_service::start(with, seen).has_value());
}

TEST_CASE("invalid options are refused") {
  recorder seen;
  auto with = options(1);
  SECTION("no incarnation") {
    with.identity.self = {};
  }
  SECTION("a cluster with a long name") {
    with.identity.cluster = std::string(256, 'c');
  }
  SECTION("no node id") {
    with.identity.node_id.clear();
  }
  SECTION("no version") {
    with.identity.newest_version = 0;
  }
  SECTION("an advertised host that cannot be one") {
    with.identity.advertised.host = "two words";
  }
  SECTION("no address to listen on") {
    with.listen.host.clear();
  }
  SECTION("an address of another host") {
    with.listen.host = "192.0.2.1";
  }
  SECTION("a name of no host") {
    with.listen.host = "no-such-host.invalid";
  }
  SECTION("no time") {
    with.handshake_timeout = 0ms;
  }
  SECTION("no handshakes") {
    with.max_pending = 0;
  }
  const auto started = link_service::start(with, seen);
  REQUIRE_FALSE(started.has_value());
  CHECK(started.error() == errc::invalid_argument);
  CHECK_FALSE(started.error().message().empty());
}

TEST_CASE("a service destroyed during handshakes reports nothing more") {
  recorder seen;
  const raw_listener silent;
  auto service = link_service::start(options(1), seen).value();
  const raw_peer half_open{service->local_address()};
  half_open.send(encode(message_type::dialler_hello, make_hello(identity(2), 1, make_nonce().value())));
  CHECK(half_open.receive(length_size).size() == length_size);
  service->dial(silent.where(), 1);
  const auto dialled = silent.accept();
  CHECK(dialled.receive(length_size).size() == length_size);
  service->dial({"localhost", silent.where().port}, 2);
  service.reset();
  CHECK(seen.is_empty());
  (void)half_open.receive_all();
  (void)dialled.receive_all();
}

TEST_CASE("an observer may dial and stop listening inside a report") {
  running_service b{2};
  recorder seen;
  link_service* self = nullptr;
  std::promise<void> ready;
  auto started = ready.get_future().share();
  seen.object = [&](const link_info& info, std::string_view) -> std::optional<dial_failure> {
    started.wait();
    if (info.dial != 1)
      return std::nullopt;
    self->stop_listening();
    self->dial(b.where(), 2);
    return dial_failure::unreachable;
  };
  auto a = link_service::start(options(1, own_host()), seen).value();
  self = a.get();
  ready.set_value();
  b->dial(a->local_address(), 1);
  CHECK(b.seen.failures.take().why == dial_failure::unreachable);
  CHECK(seen.links.take().info.dial == 2);
  CHECK(b.seen.links.take().info.dial == 2);
  b->dial(a->local_address(), 3);
  CHECK(b.seen.failures.take().why == dial_failure::refused);
}
