#include <registry/link/internal/dialler.hpp>
#include <registry/link/internal/sockets.hpp>

#include <link/raw_peer.hpp>
#include <link/recorder.hpp>

#include <support/catch.hpp>

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <thread>
#include <vector>

using namespace registry;
using namespace registry::testing;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

tcp::endpoint at(const node_address& x) {
  return {boost::asio::ip::make_address(x.host), x.port};
}

/// Dials a host that has these addresses.
session_outcome dial(std::vector<tcp::endpoint> endpoints, std::chrono::milliseconds timeout = 1min) {
  boost::asio::io_context context;
  auto with = options(1);
  with.handshake_timeout = timeout;
  host_resolver names{context};
  const dialler::settings settings{with, [](auto&, auto) { return std::nullopt; }, names};
  std::optional<session_outcome> outcome;
  const auto dialling = std::make_shared<dialler>(context, settings, node_address{"some.example", 4000}, 17);
  dialling->start(std::move(endpoints), [&](dialler&, session_outcome how) {
    REQUIRE_FALSE(outcome);
    outcome = std::move(how);
  });
  CHECK_FALSE(outcome);
  context.run();
  REQUIRE(outcome);
  return std::move(*outcome);
}

dial_failure failure_of(std::vector<tcp::endpoint> endpoints, std::chrono::milliseconds timeout = 1min) {
  const auto outcome = dial(std::move(endpoints), timeout);
  const auto* failed = std::get_if<handshake_failure>(&outcome);
  REQUIRE(failed != nullptr);
  return failed->why;
}

bool is_linked(std::vector<tcp::endpoint> endpoints, std::chrono::milliseconds timeout = 1min) {
  const auto outcome = dial(std::move(endpoints), timeout);
  const auto* made = std::get_if<established_link>(&outcome);
  return made != nullptr && made->info.peer == identity(2).self && made->info.dial == 17;
}

} // namespace

TEST_CASE("a dial tries the addresses of a host until one has a node to link with") {
  const running_service right{2};
  const running_service wrong{3, [](auto& with, auto&) { with.identity.cluster = "another"; }};
  const running_service self{1};
  const closed_port nobody;
  CHECK(is_linked({at(right.where())}));
  CHECK(is_linked({at(nobody.where()), at(right.where())}));
  CHECK(is_linked({at(wrong.where()), at(self.where()), at(nobody.where()), at(right.where())}));
}

TEST_CASE("a silent address takes no more than its share of the time") {
  const running_service right{2};
  const raw_listener silent;
  // A fifteenth of the time; the rest is enough for a busy machine.
  std::vector<tcp::endpoint> endpoints(15, at(right.where()));
  endpoints.front() = at(silent.where());
  CHECK(is_linked(endpoints, 30s));
}

TEST_CASE("a dial reports the most informative of several failures") {
  const running_service wrong{3, [](auto& with, auto&) { with.identity.cluster = "another"; }};
  const running_service self{1};
  const raw_listener silent;
  const closed_port nobody;
  const auto no = at(nobody.where());
  CHECK(failure_of({no, no}) == dial_failure::refused);
  CHECK(failure_of({no, at(silent.where())}, 200ms) == dial_failure::unreachable);
  CHECK(failure_of({at(silent.where()), no}, 200ms) == dial_failure::unreachable);
  CHECK(failure_of({no, at(self.where()), no}) == dial_failure::self);
  CHECK(failure_of({at(self.where()), at(wrong.where())}) == dial_failure::wrong_cluster);
  CHECK(failure_of({at(wrong.where()), no, at(self.where())}) == dial_failure::wrong_cluster);
}

TEST_CASE("a process that ends while it is dialled is reported as gone") {
  std::optional<raw_listener> ending{std::in_place};
  const auto where = at(ending->where());
  std::thread process{[&] {
    const auto taken = ending->accept();
    ending.reset();
  }};
  CHECK(failure_of({where}) == dial_failure::refused);
  process.join();
}

TEST_CASE("a cancelled dial reports nothing") {
  boost::asio::io_context context;
  const auto with = options(1);
  host_resolver names{context};
  const dialler::settings settings{with, {}, names};
  const raw_listener silent;
  const auto dialling = std::make_shared<dialler>(context, settings, silent.where(), 17);
  dialling->start([](dialler&, session_outcome) { FAIL("it was cancelled"); });
  SECTION("before it began") {}
  SECTION("while it connects") {
    context.run_one();
  }
  SECTION("while it shakes hands") {
    context.run_one();
    context.run_one();
    context.run_one();
  }
  dialling->cancel();
  dialling->cancel();
  context.run();
  CHECK(dialling.use_count() == 1);
}

TEST_CASE("a socket connected to itself is detected") {
  boost::asio::io_context context;
  tcp::socket socket{context};
  REQUIRE_FALSE(open_socket(socket, tcp::v4()));
  socket.bind({boost::asio::ip::make_address("127.0.0.1"), 0});
  CHECK_FALSE(is_its_own_peer(socket));
  socket.non_blocking(false);
  socket.connect(socket.local_endpoint());
  CHECK(is_its_own_peer(socket));
  const running_service service{2};
  tcp::socket other{context};
  other.connect(at(service.where()));
  CHECK_FALSE(is_its_own_peer(other));
}
