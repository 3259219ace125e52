#include <support/child_process.hpp>
#include <support/remote_node.hpp>
#include <support/waiting.hpp>

#include <registry/value/json.hpp>

#include <support/catch.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>

using namespace cluster_tests;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using registry::testing::eventually;
using registry::testing::nanoseconds_now;

namespace {

struct ended {
  std::optional<int> status;
  std::string output;
  std::string log;
};

ended run(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{CLUSTER_NODE_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  child_process process{command};
  ended out;
  while (const auto line = process.read_line(1min))
    out.output += *line + "\n";
  out.status = process.wait(1min);
  out.log = process.log();
  return out;
}

launch without_scopes() {
  launch out;
  out.commands.clear();
  return out;
}

} // namespace

TEST_CASE("the program of a node describes its arguments and its commands", "[program]") {
  const auto help = run({"--help"});
  CHECK(help.status == 0);
  for (const auto* text : {"--suspect-after", "wait_count", "populate", "{\"do\": \"join\""})
    CHECK_THAT(help.output, ContainsSubstring(text));
}

TEST_CASE("the program of a node refuses an argument that it does not know", "[program]") {
  const auto refused = run({"--listen=127.0.0.1:0", "--no-such-argument"});
  CHECK(refused.status.value_or(0) > 0);
  CHECK_THAT(refused.log, ContainsSubstring("--no-such-argument"));
  CHECK(run({"--listen=127.0.0.1:0", "--down-after=soon"}).status.value_or(0) > 0);
  CHECK(run({}).status.value_or(0) > 0);
}

TEST_CASE("a node knows its arguments by the names that they have in other programs, and has two scopes", "[program]") {
  remote_node first{launch{}};
  const auto seed = to_string(first.address());
  child_process x{{CLUSTER_NODE_PROGRAM, "--registry.listen=" + on_own_host(), "--registry.cluster=tests",
                   "--registry.seeds=[\"" + seed + "\"]", "--registry.seeds=[]", "--registry.secret=" + launch{}.secret}};
  REQUIRE(x.read_line(1min));
  CHECK(eventually([&] { return first.links() == 1; }));
  x.write_line(R"({"do": "count"})");
  CHECK(x.read_line(1min) == R"({"count":0})");
  x.write_line(R"({"do": "count", "scope": "names"})");
  CHECK(x.read_line(1min) == R"({"count":0})");
}

TEST_CASE("a node says why it cannot start", "[program]") {
  const auto refused = run({"--listen=127.0.0.1:0", "--suspect-after=9000", "--down-after=8000"});
  CHECK(refused.status == 1);
  CHECK_THAT(refused.output, ContainsSubstring("\"error\""));
}

TEST_CASE("a command that cannot be carried out is answered with the reason", "[program]") {
  remote_node x{without_scopes()};
  CHECK_THAT(x.refusal_of(object("do", "fly")), ContainsSubstring("there is no command 'fly'"));
  CHECK_THAT(x.refusal_of(object("do", "count")), ContainsSubstring("the scope 'rooms' is not open"));
  x.ask(object("do", "open"));
  CHECK_THAT(x.refusal_of(object("do", "join")), ContainsSubstring("the field 'key' is missing"));
  CHECK_THAT(x.refusal_of(object("do", "verify")), ContainsSubstring("nobody watches the scope 'rooms'"));
  CHECK_THAT(x.refusal_of(object("do", "report_frames", "port", "x")), ContainsSubstring("'port' is no integer"));
  CHECK(x.count() == 0);
}

TEST_CASE("a node measures when something happens", "[program]") {
  const auto begin = nanoseconds_now();
  const auto cluster = cluster_of(2);
  auto& first = *cluster[0];
  auto& second = *cluster[1];
  const auto in_time = [&](std::int64_t time) { return time > begin && time <= nanoseconds_now(); };

  CHECK(in_time(number(first.ask(object("do", "wait_links", "links", 1)), "at")));
  const auto populated = number(
      first.ask(object("do", "populate", "prefix", "k", "keys", 1000, "owners", 10, "data", object("role", "worker"))),
      "began");
  const auto arrived = number(second.ask(object("do", "wait_count", "count", 1000)), "at");
  CHECK(in_time(populated));
  CHECK(arrived > populated);
  CHECK(second.lookup("k999").size() == 1);
  const auto ended = number(first.ask(object("do", "end_owners")), "began");
  CHECK(number(second.ask(object("do", "wait_count", "count", 0)), "at") > ended);

  second.ask(object("do", "report_joins"));
  first.ask(object("do", "wait_replicated"));
  const auto joining = nanoseconds_now();
  first.join("k");
  const auto seen = number(second.finish(), "seen");
  CHECK(seen > joining);
  CHECK(in_time(seen));
}

TEST_CASE("a node measures what it uses", "[program]") {
  remote_node x{launch{}};
  const auto time = number(x.ask(object("do", "processor_time")), "microseconds");
  const auto bytes = number(x.ask(object("do", "memory")), "bytes");
  x.ask(object("do", "populate", "prefix", "k", "keys", 10'000));
  CHECK(number(x.ask(object("do", "processor_time")), "microseconds") > time);
  CHECK(number(x.ask(object("do", "memory")), "bytes") > bytes + 1'000'000);
}

TEST_CASE("a node reports the frames of a socket", "[program]") {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  tcp::acceptor listening(context, {boost::asio::ip::address_v4::loopback(), 0});
  remote_node x{without_scopes()};
  x.ask(object("do", "report_frames", "port", static_cast<std::int64_t>(listening.local_endpoint().port()), "core", 0));
  auto out = listening.accept();
  const auto begin = nanoseconds_now();
  const std::array<char, 64> frame{};
  boost::asio::write(out, boost::asio::buffer(frame));
  CHECK(number(x.finish(), "seen") > begin);
  CHECK(x.stop() == 0); // with the socket still open
}
