#include <registry/link/internal/host_resolver.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace registry;

namespace {

struct outcome {
  std::string failed;
  host_resolver::endpoints found;
};

outcome resolve(const std::string& host) {
  boost::asio::io_context context;
  const auto work = boost::asio::make_work_guard(context);
  host_resolver names{context};
  std::optional<outcome> out;
  names.start(host, 4000, [&](const std::string& failed, host_resolver::endpoints found) {
    out = outcome{failed, std::move(found)};
    context.stop();
  });
  CHECK_FALSE(out);
  context.run_for(std::chrono::minutes{1});
  REQUIRE(out);
  return *out;
}

} // namespace

TEST_CASE("a name has the addresses that the system knows, each once, with the port") {
  const auto [failed, found] = resolve("localhost");
  REQUIRE(failed.empty());
  REQUIRE_FALSE(found.empty());
  for (const auto& x : found) {
    CHECK(x.address().is_loopback());
    CHECK(x.port() == 4000);
    CHECK(std::count(found.begin(), found.end(), x) == 1);
  }
}

TEST_CASE("a name without addresses is an error") {
  const auto [failed, found] = resolve("no-such-host.invalid");
  CHECK_FALSE(failed.empty());
  CHECK(failed.find("error") == std::string::npos); // it says what is wrong
  CHECK(found.empty());
}

TEST_CASE("a lookup that is cancelled, and one whose resolver is gone, have no result") {
  boost::asio::io_context context;
  int calls = 0;
  const auto count = [&](const std::string&, const host_resolver::endpoints&) { ++calls; };
  {
    host_resolver names{context};
    for (std::size_t i = 0; i < 3 * host_resolver::max_threads; ++i)
      names.start("127.0.0." + std::to_string(i + 1), 1, count);
    names.cancel(names.start("localhost", 1, count));
  }
  context.run_for(std::chrono::milliseconds{200});
  CHECK(calls == 0);
  host_resolver names{context};
  const auto work = boost::asio::make_work_guard(context);
  names.cancel(names.start("localhost", 1, count));
  names.start("localhost", 1, [&](const std::string&, const host_resolver::endpoints&) { context.stop(); });
  context.restart();
  context.run_for(std::chrono::minutes{1});
  CHECK(calls == 0);
}

TEST_CASE("those who want one name at a time share a lookup, and get their own ports") {
  boost::asio::io_context context;
  const auto work = boost::asio::make_work_guard(context);
  host_resolver names{context};
  std::vector<std::uint16_t> ports;
  std::uint64_t cancelled = 0;
  const auto note = [&](const std::string& failed, const host_resolver::endpoints& found) {
    CHECK(failed.empty());
    REQUIRE_FALSE(found.empty());
    ports.push_back(found.front().port());
    names.cancel(cancelled); // also by one that is told before
    if (ports.size() == 3)
      context.stop();
  };
  for (const std::uint16_t port : {1, 2, 3})
    names.start("localhost", port, note);
  cancelled = names.start("localhost", 4, note);
  CHECK(names.asked() == 1);
  context.run_for(std::chrono::minutes{1});
  CHECK(ports == std::vector<std::uint16_t>{1, 2, 3});
  // Later the name may have other addresses.
  names.start("localhost", 5, [&](const std::string&, const host_resolver::endpoints&) { context.stop(); });
  CHECK(names.asked() == 2);
  context.restart();
  context.run_for(std::chrono::minutes{1});
}

TEST_CASE("more names than threads are looked up one after the other") {
  boost::asio::io_context context;
  const auto work = boost::asio::make_work_guard(context);
  host_resolver names{context};
  std::size_t ended = 0;
  constexpr auto total = 5 * host_resolver::max_threads;
  for (std::size_t i = 0; i < total; ++i) {
    names.start("127.0.0." + std::to_string(i + 1), 1, [&](const std::string&, const host_resolver::endpoints&) {
      if (++ended == total)
        context.stop();
    });
  }
  context.run_for(std::chrono::minutes{1});
  CHECK(ended == total);
}
