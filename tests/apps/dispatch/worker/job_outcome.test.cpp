#include <dispatch/worker/job_outcome.hpp>

#include <support/catch.hpp>

#include <string>
#include <utility>

namespace dispatch {

namespace {

using registry::value;

captured_output wrote(std::string text) {
  const auto size = text.size();
  return {std::move(text), size};
}

command_result ended_with(std::int32_t status, std::string output, std::string errors) {
  return {status, wrote(std::move(output)), wrote(std::move(errors)), {}};
}

} // namespace

TEST_CASE("a command that succeeds has its exit status, and its standard error beside its output", "[dispatch][output]") {
  const auto quiet = to_outcome(ended_with(0, "hi\n", ""));
  CHECK(quiet.succeeded);
  CHECK(identical(quiet.output, value{"hi\n"}));
  CHECK(quiet.error.empty());
  CHECK(identical(quiet.details, registry::object("exit_status", 0)));
  const auto warned = to_outcome(ended_with(0, "hi\n", "careful\n"));
  CHECK(warned.succeeded);
  CHECK(warned.error.empty());
  CHECK(identical(warned.details, registry::object("exit_status", 0, "stderr", "careful\n")));
}

TEST_CASE("an odd byte hides no error", "[dispatch][output]") {
  const auto failed = to_outcome(ended_with(2, "", "cannot open caf\xe9\n"));
  CHECK(failed.error == "exit status 2: cannot open caf\\xe9");
  CHECK(identical(*failed.details.find("escaped"), value{true}));
}

TEST_CASE("a signal is told by number and name", "[dispatch][output]") {
  const auto killed = to_outcome(ended_with(-9, "", ""));
  CHECK(killed.error == "ended by signal 9 (Killed)");
  CHECK(identical(killed.details, registry::object("signal", 9)));
}

TEST_CASE("an output that is cut is text up to the last whole character, and says that it is cut", "[dispatch][output]") {
  std::string text = "xy"; // so that the limit is inside a character
  while (text.size() < most_output)
    text += "\xe2\x82\xac";
  text.resize(most_output);
  auto command = ended_with(0, text, "");
  command.output.size = 1'000'000;
  const auto cut = to_outcome(command);
  CHECK(cut.output.as_string()->ends_with("\xe2\x82\xac"));
  CHECK(cut.output.as_string()->size() == most_output - 2);
  CHECK(cut.details.find("escaped") == nullptr);
  CHECK(identical(*cut.details.find("truncated"), value{true}));
  CHECK(identical(*cut.details.find("output_size"), value{1'000'000}));
}

TEST_CASE("of a long standard error the end is repeated in the error", "[dispatch][output]") {
  std::string errors;
  for (int i = 0; i < 1'000; ++i)
    errors += "line " + std::to_string(i) + "\n";
  const auto failed = to_outcome(ended_with(1, "", errors));
  CHECK(failed.error.starts_with("exit status 1: line "));
  CHECK(failed.error.ends_with("line 999"));
  CHECK(failed.error.size() < 1'100);
  CHECK(identical(*failed.details.find("stderr"), value{errors}));
}

} // namespace dispatch
