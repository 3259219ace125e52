#include <apps/presence/transcript.hpp>

#include <support/waiting.hpp>

#include <support/catch.hpp>

using cluster_tests::child_process;
using presence::testing::play;
using presence::testing::read_transcript;
using registry::testing::eventually;

namespace {

using programs = std::vector<std::unique_ptr<child_process>>;

programs start(const std::string& program) {
  programs out;
  out.push_back(std::make_unique<child_process>(std::vector<std::string>{PRESENCE_PROGRAMS "/" + program}));
  return out;
}

std::unique_ptr<child_process> start_node(const std::string& seed) {
  // A killed process is noticed at once; on a busy machine a live one may be silent for a while, too.
  std::vector<std::string> command{PRESENCE_PROGRAMS "/presence", "--registry.listen=127.0.0.1:0",
                                   "--registry.suspect-after=1min", "--registry.down-after=2min"};
  if (!seed.empty())
    command.push_back("--registry.seeds=[\"" + seed + "\"]");
  return std::make_unique<child_process>(command);
}

/// The address on which a node says it listens; empty until it does.
std::string address_in(const std::string& log) {
  const std::string before = " listens on ";
  const auto at = log.find(before);
  if (at == std::string::npos)
    return {};
  const auto begin = at + before.size();
  const auto end = log.find_first_of(" \n", begin);
  return end == std::string::npos ? std::string{} : log.substr(begin, end - begin);
}

} // namespace

TEST_CASE("the first step of the tutorial shows that ann is online") {
  play(read_transcript("step1.txt"), start("presence_step1"));
}

TEST_CASE("the second step of the tutorial asks by pattern") {
  play(read_transcript("step2.txt"), start("presence_step2"));
}

TEST_CASE("the third step of the tutorial tells every change") {
  play(read_transcript("step3.txt"), start("presence_step3"));
}

TEST_CASE("the fourth step of the tutorial is one service on two nodes") {
  programs nodes;
  nodes.push_back(start_node({}));
  std::string address;
  REQUIRE(eventually([&] { return !(address = address_in(nodes[0]->log())).empty(); }));
  nodes.push_back(start_node(address));
  REQUIRE(eventually([&] { return nodes[0]->log().find(" is linked") != std::string::npos; }));
  REQUIRE(eventually([&] { return nodes[1]->log().find(" is linked") != std::string::npos; }));
  play(read_transcript("step4.txt"), nodes);
}

TEST_CASE("a node that ends in order is seen to have been drained") {
  programs nodes;
  nodes.push_back(start_node({}));
  std::string address;
  REQUIRE(eventually([&] { return !(address = address_in(nodes[0]->log())).empty(); }));
  nodes.push_back(start_node(address));
  using namespace std::chrono_literals;
  REQUIRE(nodes[0]->read_line(60s) == "watching people");
  REQUIRE(nodes[1]->read_line(60s) == "watching people");
  nodes[1]->write_line("come bob home");
  REQUIRE(nodes[0]->read_line(60s) == "bob comes: online (home)");
  nodes[1]->close_input();
  CHECK(nodes[0]->read_line(60s) == "bob goes: drained");
  CHECK(nodes[1]->wait(60s) == 0);
}

TEST_CASE("an option that does not exist ends the program") {
  child_process program{{PRESENCE_PROGRAMS "/presence", "--registry.lsten=127.0.0.1:0"}};
  CHECK(program.wait(std::chrono::minutes{1}) == 2);
  CHECK(program.log().find("lsten") != std::string::npos);
}
