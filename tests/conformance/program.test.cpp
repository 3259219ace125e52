#include <conformance/example.hpp>
#include <conformance/program.hpp>

#include <support/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

using namespace registry::conformance;

namespace {

/// A file that exists for the duration of a test.
class temporary_file {
public:
  explicit temporary_file(const std::vector<std::string>& lines)
      : path_(std::filesystem::temp_directory_path() / ("trace_replay_test." + std::to_string(getpid()) + ".jsonl")) {
    std::ofstream out(path_);
    for (const auto& line : lines)
      out << line << '\n';
  }
  ~temporary_file() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

private:
  std::filesystem::path path_;
};

struct outcome {
  exit_status status;
  std::string out;
  std::string errors;
};

outcome run(const std::vector<std::string>& arguments) {
  std::vector<const char*> raw;
  for (const auto& x : arguments)
    raw.push_back(x.c_str());
  std::ostringstream out;
  std::ostringstream errors;
  const auto status = run_program(raw, out, errors);
  return {status, out.str(), errors.str()};
}

} // namespace

TEST_CASE("a trace that agrees ends with status 0 and the count") {
  const temporary_file file(duplicate_example());
  const auto found = run({file.path()});
  CHECK(found.status == agrees);
  CHECK(found.out == "operations 24, mismatches 0\n");
  CHECK(found.errors.empty());
}

TEST_CASE("a trace that differs ends with status 1 and shows the place and the difference") {
  const temporary_file file(doctored(duplicate_example(), 25, "\"res\":1", "\"res\":2"));
  const auto found = run({"--via-messages", file.path()});
  CHECK(found.status == differs);
  CHECK(found.out == file.path() + ":25: operation 24, count\n  result:\n    expected 2\n    but got  1\n" +
                         "operations 24, mismatches 1\n");
}

TEST_CASE("a refused file ends with status 2, and the other files are replayed all the same") {
  const temporary_file file(duplicate_example());
  const auto found = run({"/nonexistent/trace.jsonl", file.path()});
  CHECK(found.status == refused);
  CHECK(found.errors == "/nonexistent/trace.jsonl: cannot be opened\n");
  CHECK(found.out == "operations 24, mismatches 0\n");
}

TEST_CASE("an unknown option or a missing file shows the usage") {
  CHECK(run({}).status == refused);
  CHECK_THAT(run({}).errors, Catch::Matchers::StartsWith("usage: trace_replay"));
  CHECK(run({"--fast", "x"}).status == refused);
  CHECK_THAT(run({"--fast", "x"}).errors, Catch::Matchers::StartsWith("unknown option --fast"));
}

TEST_CASE("--help shows the usage") {
  CHECK(run({"--help"}).status == agrees);
  CHECK_THAT(run({"--help"}).out, Catch::Matchers::StartsWith("usage: trace_replay"));
  CHECK(run({"--help"}).errors.empty());
}
