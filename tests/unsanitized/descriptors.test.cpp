#include <registry/link/internal/link_service.hpp>

#include <link/raw_peer.hpp>
#include <link/recorder.hpp>

#include <support/catch.hpp>

#include <sys/resource.h>

#include <chrono>
#include <ctime>
#include <optional>

using namespace registry;
using namespace registry::testing;
using namespace std::chrono_literals;

namespace {

std::chrono::nanoseconds processor_time() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

/// No more descriptors for this process while it lives.
class no_descriptors {
public:
  no_descriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    auto none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  no_descriptors(const no_descriptors&) = delete;
  no_descriptors& operator=(const no_descriptors&) = delete;
  ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
  rlimit before_{};
};

} // namespace

TEST_CASE("a service without descriptors goes on when there are some again, and does not spin meanwhile") {
  running_service service{2};
  const auto self = identity(1);
  auto talk = handshake::dialler(self, make_nonce().value(), 1, [](auto&, auto) { return std::nullopt; });
  const raw_peer dialler;
  {
    const no_descriptors left;
    dialler.connect(service.where());
    dialler.send(talk.take_output());
    const auto before = processor_time();
    CHECK(dialler.is_silent(300ms));
    CHECK(processor_time() - before < 150ms);
  }
  dialler.shake_hands(talk);
  CHECK(talk.succeeded());
  CHECK(service.seen.links.take().info.peer == self.self);
}
