#include <apps/chat/support/socket_user.hpp>

#include <chat/demo/free_ports.hpp>
#include <chat/demo/process.hpp>

#include <support/own_host.hpp>

#include <support/catch.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

using namespace chat;
using namespace chat::testing;
using demo::process;

namespace {

/// Three servers in processes of their own that are one network.
struct three_servers {
  three_servers() {
    for (std::size_t i = 0; i < 3; ++i)
      start(i);
  }

  void start(std::size_t i) {
    std::string seeds;
    for (std::size_t k = 3; k < 6; ++k)
      seeds += (seeds.empty() ? "\"" : ",\"") + host + ":" + std::to_string(ports[k]) + "\"";
    servers[i] = std::make_unique<process>(std::vector<std::string>{
        CHAT_PROGRAM, "--config-file=/dev/null", "--chat.log=warn", "--chat.name=s" + std::to_string(i) + ".test",
        "--chat.hosts=[\"" + host + "\"]", "--chat.port=" + std::to_string(ports[i]),
        "--registry.listen=" + host + ":" + std::to_string(ports[3 + i]), "--registry.seeds=[" + seeds + "]",
        // A killed process is noticed at once; on a busy machine a live one may be silent for a while, too.
        "--registry.suspect-after=1min", "--registry.down-after=2min"});
  }

  const std::string host = registry::testing::own_host();
  std::vector<std::uint16_t> ports = demo::free_ports(6);
  std::array<std::unique_ptr<process>, 3> servers;
};

/// Asks for the names until they are these; other lines are skipped.
bool sees(irc_user& who, const std::string& names) {
  return eventually([&] { return count_of(who.ask("NAMES #a"), "= #a :" + names) == 1; });
}

void enter(socket_user& who, const std::string& nick) {
  who.log_in(nick);
  who.join("#a");
}

/// The error of the program with these arguments.
std::string complaint(std::vector<std::string> arguments) {
  const auto output = ::memfd_create("output", MFD_CLOEXEC);
  arguments.insert(arguments.begin(), CHAT_PROGRAM);
  process child{arguments, output};
  CHECK(child.wait(std::chrono::minutes{1}) == 2);
  std::string text(4096, '\0');
  const auto size = ::pread(output, text.data(), text.size(), 0);
  ::close(output);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

/// A file that is there as long as this object.
class file_with {
public:
  explicit file_with(const std::string& content) { std::ofstream{path} << content; }
  file_with(const file_with&) = delete;
  file_with& operator=(const file_with&) = delete;
  ~file_with() { std::filesystem::remove(path); }

  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("chat-test-" + std::to_string(::getpid()) + ".conf");
};

} // namespace

TEST_CASE("the users of a server that is killed quit everywhere, and can come back when it is started again") {
  three_servers net;
  socket_user ann{net.host, net.ports[0]};
  enter(ann, "ann");
  auto bob = std::make_unique<socket_user>(net.host, net.ports[1]);
  enter(*bob, "bob");
  socket_user cleo{net.host, net.ports[2]};
  enter(cleo, "cleo");
  for (auto* each : {&ann, bob.get(), &cleo})
    REQUIRE(sees(*each, "ann bob cleo"));
  bob->send("PRIVMSG #a :hello");
  CHECK(ann.expect("PRIVMSG") == ":bob!bob@127.0.0.1 PRIVMSG #a :hello");
  CHECK(cleo.expect("PRIVMSG") == ":bob!bob@127.0.0.1 PRIVMSG #a :hello");

  net.servers[1]->signal(SIGKILL);
  CHECK(ann.expect("QUIT") == ":bob!bob@127.0.0.1 QUIT :s0.test s1.test");
  CHECK(cleo.expect("QUIT") == ":bob!bob@127.0.0.1 QUIT :s2.test s1.test");
  CHECK(sees(ann, "ann cleo"));
  CHECK(sees(cleo, "ann cleo"));

  net.start(1);
  bob = std::make_unique<socket_user>(net.host, net.ports[1]);
  enter(*bob, "bob");
  CHECK(ann.expect("JOIN") == ":bob!bob@127.0.0.1 JOIN #a");
  CHECK(cleo.expect("JOIN") == ":bob!bob@127.0.0.1 JOIN #a");
  CHECK(sees(*bob, "ann bob cleo"));

  net.servers[2]->signal(SIGTERM);
  CHECK(ann.expect("QUIT") == ":cleo!cleo@127.0.0.1 QUIT :Server shutting down");
  cleo.read_to_end();
  cleo.close();
  CHECK(net.servers[2]->wait(std::chrono::minutes{1}) == 0);
}

TEST_CASE("a server that is configured wrongly says why and ends") {
  const auto says = [](std::vector<std::string> arguments, const std::string& text) {
    const auto said = complaint(std::move(arguments));
    INFO(said);
    CHECK(said.find(text) != std::string::npos);
  };
  says({"--chat.max-channels=0"}, "option --chat.max-channels must be from 1 to 32");
  says({"--chat.name=two words"}, "option --chat.name must be");
  says({"--chat.name=nodot"}, "with a dot among them");
  says({"--chat.motd=/no/such/file"}, "option --chat.motd names a file that cannot be read: '/no/such/file'");
  const auto refuses = [&](const std::string& content, const std::string& text) {
    const file_with file{content};
    says({"--config-file=" + file.path.string()}, text);
  };
  refuses("chat {\n  prt = 1\n}\n", ":2: there is no option chat.prt; did you mean chat.port?");
  refuses("caht {\n  port = 1\n}\n", ":1: there is no group caht; did you mean chat?");
  refuses("chat {\n  port = 1\n  log = \"loud\"\n}\n", ":3: option chat.log must be trace,");
  refuses("chat {\n  port = \n", "syntax error");
}

TEST_CASE("a server takes its options from a file, and from the command line before that") {
  const auto host = registry::testing::own_host();
  const auto ports = demo::free_ports(2);
  const file_with file{"# a comment\nchat {\n  name = \"file#1.test\" # another\n  port = " + std::to_string(ports[0]) +
                       "\n  hosts = [\"" + host + "\"]\n  tick = 5min\n}\n"};
  process server{
      {CHAT_PROGRAM, "--config-file=" + file.path.string(), "--chat.log=warn", "--chat.port=" + std::to_string(ports[1])}};
  socket_user ann{host, ports[1]};
  ann.send("PING x");
  CHECK(ann.expect("PONG") == ":file#1.test PONG file#1.test :x");
}
