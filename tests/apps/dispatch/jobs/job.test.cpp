#include <dispatch/jobs/job.hpp>
#include <dispatch/jobs/work.hpp>

#include <support/catch.hpp>

#include <sstream>

namespace dispatch {

namespace {

using registry::value;

std::string refused(const std::string& line) {
  const auto one = parse_job(line);
  return one ? "not refused" : std::string{one.error().message()};
}

std::optional<registry::result<value>> computed(const std::string& line) {
  return compute(read_work(parse_job(line).value().content).value());
}

} // namespace

TEST_CASE("a line is a job with an id", "[dispatch][jobs]") {
  const auto one = parse_job(R"({"id": "a", "work": "sum", "numbers": [1, 2]})");
  REQUIRE(one);
  CHECK(identical(one.value().id, "a"));
  CHECK(identical(one.value().key, "a"));
  CHECK(identical(parse_job(R"({"id": 1, "key": "k", "work": "fail"})").value().key, "k"));
}

TEST_CASE("a line that is no job is refused with the reason", "[dispatch][jobs]") {
  CHECK(refused("nonsense").starts_with("invalid JSON"));
  CHECK(refused("[1]") == "a job is a JSON object");
  CHECK(refused("{}") == "a job needs a field 'id', a string or an integer");
  CHECK(refused(R"({"id": 1.5, "work": "fail"})") == "a job needs a field 'id', a string or an integer");
  CHECK(refused(R"({"id": 1})") == "a job has either a field 'work' or a field 'command'");
  CHECK(refused(R"({"id": 1, "work": "sum", "command": ["x"]})") == "a job has either a field 'work' or a field 'command'");
  CHECK(refused(R"({"id": 1, "work": 2})") == "work: expected a string, got 2");
  CHECK(refused(R"({"id": 1, "work": "fly"})") == "there is no work 'fly': it is sleep, sum, hash or fail");
  CHECK(refused(R"({"id": 1, "work": "sleep"})").starts_with("ms: "));
  CHECK(refused(R"({"id": 1, "work": "sleep", "ms": -1})") == "ms: a time to sleep is not negative");
  CHECK(refused(R"({"id": 1, "work": "sum", "numbers": ["x"]})").starts_with("numbers[0]: "));
  CHECK(refused(R"({"id": 1, "command": "echo hi"})").starts_with("command: "));
  CHECK(refused(R"({"id": 1, "command": []})") == "command: name a program");
  CHECK(refused(R"({"id": 1, "command": ["a\u0000b"]})") == "command: an argument cannot contain a null character");
}

TEST_CASE("a file with bad lines is refused as a whole, and each of them is named", "[dispatch][jobs]") {
  std::stringstream in{R"({"id": 1, "work": "fail"})"
                       "\n\n"
                       R"({"id": 2, "work": "fly"})"
                       "\r\n"
                       R"({"id": 1, "work": "fail"})"};
  const auto jobs = read_jobs(in, "jobs.jsonl");
  REQUIRE_FALSE(jobs);
  CHECK(jobs.error().message() == "jobs.jsonl:3: there is no work 'fly': it is sleep, sum, hash or fail\n"
                                  "jobs.jsonl:4: the id 1 is that of line 1 already");
}

TEST_CASE("of many bad lines the first ten are named", "[dispatch][jobs]") {
  std::stringstream in;
  for (int i = 0; i < 25; ++i)
    in << "x\n";
  const auto jobs = read_jobs(in, "f");
  REQUIRE_FALSE(jobs);
  CHECK(jobs.error().message().find("f:10:") != std::string_view::npos);
  CHECK(jobs.error().message().find("f:11:") == std::string_view::npos);
  CHECK(jobs.error().message().ends_with("… and 15 more"));
}

TEST_CASE("lines are read in order, empty ones skipped, with or without a last end of line", "[dispatch][jobs]") {
  std::stringstream in{"\n{\"id\": 2, \"work\": \"fail\"}\n \n{\"id\": 1, \"work\": \"fail\"}"};
  const auto jobs = read_jobs(in, "f");
  REQUIRE(jobs);
  REQUIRE(jobs.value().size() == 2);
  CHECK(identical(jobs.value()[0].id, value{2}));
  CHECK(identical(jobs.value()[1].id, value{1}));
  std::stringstream none;
  CHECK(read_jobs(none, "f").value().empty());
}

TEST_CASE("a file that cannot be read is an error", "[dispatch][jobs]") {
  CHECK(read_jobs("/no/such/file").error() == registry::errc::invalid_argument);
  CHECK(read_jobs("/").error() == registry::errc::invalid_argument);
}

TEST_CASE("built-in work is computed", "[dispatch][jobs]") {
  CHECK(identical(computed(R"({"id": 1, "work": "sum", "numbers": [1, -2, 44]})")->value(), value{43}));
  CHECK(identical(computed(R"({"id": 1, "work": "sum", "numbers": []})")->value(), value{0}));
  const auto overflow = computed(R"({"id": 1, "work": "sum", "numbers": [9223372036854775807, 1]})");
  CHECK(overflow->error() == registry::errc::limit_exceeded);
  const auto hash = computed(R"({"id": 1, "work": "hash", "text": "x"})")->value();
  CHECK(hash.as_string()->size() == 16);
  CHECK(identical(hash, computed(R"({"id": 2, "work": "hash", "text": "x"})")->value()));
  CHECK_FALSE(identical(hash, computed(R"({"id": 2, "work": "hash", "text": "y"})")->value()));
  CHECK(computed(R"({"id": 1, "work": "fail", "message": "why"})")->error().message() == "why");
  CHECK_FALSE(computed(R"({"id": 1, "work": "sleep", "ms": 1})"));
  CHECK_FALSE(computed(R"({"id": 1, "command": ["x"]})"));
}

} // namespace dispatch
