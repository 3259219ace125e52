#include <apps/presence/transcript.hpp>

#include <support/catch.hpp>

#include <cctype>
#include <csignal>
#include <fstream>
#include <set>

namespace presence::testing {

namespace {

using namespace std::chrono_literals;

transcript_line read_line(std::string text) {
  transcript_line out;
  if (text.size() > 2 && std::isdigit(static_cast<unsigned char>(text[0])) != 0) {
    out.terminal = static_cast<std::size_t>(text[0] - '1');
    text.erase(0, 1);
  }
  if (text.starts_with("> "))
    out.what = transcript_line::kind::typed;
  else if (text.starts_with("! "))
    out.what = transcript_line::kind::killed;
  else if (!text.starts_with("| "))
    text.insert(0, "| ");
  out.text = text.substr(2);
  return out;
}

} // namespace

std::vector<transcript_line> read_transcript(const std::string& name) {
  std::ifstream file{PRESENCE_TRANSCRIPTS "/" + name};
  std::vector<transcript_line> out;
  for (std::string line; std::getline(file, line);)
    out.push_back(read_line(line));
  INFO("transcript " << name);
  REQUIRE_FALSE(out.empty());
  return out;
}

void play(const std::vector<transcript_line>& script,
          const std::vector<std::unique_ptr<cluster_tests::child_process>>& programs) {
  std::set<std::size_t> killed;
  for (const auto& step : script) {
    auto& program = *programs.at(step.terminal);
    CAPTURE(step.terminal + 1, step.text, program.log());
    switch (step.what) {
    case transcript_line::kind::typed:
      program.write_line(step.text);
      break;
    case transcript_line::kind::said:
      REQUIRE(program.read_line(60s).value_or("(nothing)") == step.text);
      break;
    case transcript_line::kind::killed:
      program.signal(SIGKILL);
      killed.insert(step.terminal);
      break;
    }
  }
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (killed.contains(i))
      continue;
    CAPTURE(i + 1, programs[i]->log());
    programs[i]->close_input();
    CHECK(programs[i]->read_line(60s).value_or("(nothing)") == "(nothing)");
    CHECK(programs[i]->wait(60s) == 0);
  }
}

} // namespace presence::testing
