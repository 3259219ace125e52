#include <registry/link/internal/owned_socket.hpp>
#include <registry/link/internal/tls.hpp>

#include <support/catch.hpp>
#include <support/seed.hpp>

#include <sys/socket.h>

#include <array>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace registry;

namespace {

using status = tls_session::status;
using keys = std::shared_ptr<const tls_keys>;

keys keys_of(const std::vector<std::string>& secrets, const std::string& cluster = "registry") {
  return tls_keys::from_secrets(secrets, cluster).value();
}

const std::string one = "one secret of 32 characters or more";
const std::string two = "two secrets, each of 32 characters or more";

/// Both ends of a connection in one thread.
struct connection {
  connection(const keys& of_dialler, const keys& of_acceptor, std::size_t secret = 0) {
    std::array<int, 2> made{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, made.data()) == 0);
    dialling = owned_socket{made[0]};
    accepting = owned_socket{made[1]};
    dialler = of_dialler->dial(made[0], secret, "localhost");
    acceptor = of_acceptor->accept(made[1]);
  }

  /// How both ended.
  std::pair<status, status> shake_hands() {
    std::pair out{status::wants_read, status::wants_read};
    const auto goes_on = [](status x) { return x == status::wants_read || x == status::wants_write; };
    while (goes_on(out.first) || goes_on(out.second)) {
      if (goes_on(out.first))
        out.first = dialler->shake_hands();
      if (goes_on(out.second))
        out.second = acceptor->shake_hands();
      if (out.first == status::failed)
        dialling.close();
      if (out.second == status::failed && goes_on(out.first))
        accepting.close();
    }
    return out;
  }

  owned_socket dialling;
  owned_socket accepting;
  std::shared_ptr<tls_session> dialler;
  std::shared_ptr<tls_session> acceptor;
};

} // namespace

TEST_CASE("two ends with one secret read what the other one writes") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  const auto both = keys_of({one});
  connection x{both, both};
  REQUIRE(x.shake_hands() == std::pair{status::done, status::done});
  std::vector<std::byte> sent(3'000'000);
  for (auto& each : sent)
    each = static_cast<std::byte>(random());
  std::vector<std::byte> got(sent.size());
  std::size_t written = 0;
  std::size_t read = 0;
  while (read < got.size()) {
    if (written < sent.size()) {
      // As it must be after having to wait: at least the same bytes, elsewhere.
      const std::vector<std::byte> copy{sent.begin() + static_cast<std::ptrdiff_t>(written), sent.end()};
      const auto how = x.dialler->write(copy);
      REQUIRE((how.how == status::done || how.how == status::wants_write));
      written += how.size;
    }
    const auto how = x.acceptor->read(std::span{got}.subspan(read));
    REQUIRE((how.how == status::done || how.how == status::wants_read));
    read += how.size;
  }
  CHECK((got == sent));
}

TEST_CASE("two ends with other secrets, or of other clusters, do not shake hands") {
  const auto right = keys_of({one});
  for (const auto& wrong : {keys_of({two}), keys_of({one}, "another cluster")}) {
    connection x{right, wrong};
    const auto [dialler, acceptor] = x.shake_hands();
    CHECK(acceptor == status::failed);
    CHECK((dialler == status::failed || dialler == status::closed));
    CHECK_FALSE(x.acceptor->failure().empty());
  }
}

TEST_CASE("an acceptor with two secrets takes either, and says which") {
  const auto acceptor = keys_of({two, one});
  connection first{keys_of({two}), acceptor};
  CHECK(first.shake_hands() == std::pair{status::done, status::done});
  CHECK(first.acceptor->secret() == 0);
  connection second{keys_of({one}), acceptor};
  CHECK(second.shake_hands() == std::pair{status::done, status::done});
  CHECK(second.acceptor->secret() == 1);
  // Who dials offers one, and dials again with the other.
  const auto dialler = keys_of({two, one});
  connection third{dialler, keys_of({one}), 0};
  CHECK(third.shake_hands().second == status::failed);
  connection fourth{dialler, keys_of({one}), 1};
  CHECK(fourth.shake_hands() == std::pair{status::done, status::done});
}

TEST_CASE("the first message of a dial is another one each time, and contains no secret") {
  const auto both = keys_of({one});
  const auto first_message = [&] {
    connection x{both, both};
    CHECK(x.dialler->shake_hands() == status::wants_read);
    std::string out(4096, '\0');
    const auto size = ::recv(x.accepting.descriptor(), out.data(), out.size(), 0);
    REQUIRE(size > 0);
    out.resize(static_cast<std::size_t>(size));
    return out;
  };
  const auto a = first_message();
  const auto b = first_message();
  CHECK(static_cast<std::byte>(a.front()) == tls_first_byte);
  CHECK(a.find(one) == std::string::npos);
  // The last parts are the identity and the binder; nothing of the identity repeats.
  constexpr std::size_t identity = 32;
  constexpr std::size_t behind = 4 + 2 + 1 + 32; // age, binders
  CHECK(a.substr(a.size() - behind - identity, identity) != b.substr(b.size() - behind - identity, identity));
}

TEST_CASE("a session that reads ahead says what the system does not know of") {
  const auto both = keys_of({one});
  connection x{both, both};
  REQUIRE(x.shake_hands() == std::pair{status::done, status::done});
  x.acceptor->read_ahead();
  std::array<std::byte, 100> data{};
  for (int i = 0; i < 3; ++i)
    REQUIRE(x.dialler->write(data).size == data.size());
  const auto in_system = [&] {
    char byte{};
    return ::recv(x.accepting.descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
  };
  for (const bool has_more : {true, true, false}) {
    REQUIRE(x.acceptor->read(data).size == data.size());
    CHECK_FALSE(in_system());
    CHECK(x.acceptor->has_pending() == has_more);
  }
  CHECK(x.acceptor->read(data).how == status::wants_read);
}

TEST_CASE("a session notices changed bytes, and an end of the connection") {
  const auto both = keys_of({one});
  std::array<std::byte, 100> data{};
  SECTION("changed bytes") {
    connection x{both, both};
    REQUIRE(x.shake_hands() == std::pair{status::done, status::done});
    REQUIRE(::send(x.dialling.descriptor(), "\x17\x03\x03\x00\x20 not what TLS would have written..", 38, 0) > 0);
    CHECK(x.acceptor->read(data).how == status::failed);
  }
  SECTION("an end") {
    connection x{both, both};
    REQUIRE(x.shake_hands() == std::pair{status::done, status::done});
    x.dialling.close();
    CHECK(x.acceptor->read(data).how == status::closed);
    CHECK(x.acceptor->write(data).how == status::closed); // without a signal
  }
}
