#include <dispatch/program/collector.hpp>

#include <registry/value/json.hpp>

#include <support/catch.hpp>

#include <limits>

namespace dispatch {

TEST_CASE("a result is a line with the details beside the rest", "[dispatch][results]") {
  const job_report x{7,   "failed", "out", "exit status 3: bad",
                     "w", "n",      1,     registry::object("exit_status", 3, "stderr", "bad\n", "truncated", true)};
  CHECK(to_line(x) == R"({"attempts":1,"error":"exit status 3: bad","exit_status":3,"id":7,"node":"n","output":"out",)"
                      R"("status":"failed","stderr":"bad\n","truncated":true,"worker":"w"})");
}

TEST_CASE("nothing of a result is thrown away because JSON cannot express a part of it", "[dispatch][results]") {
  const job_report odd{"x\xff",
                       "failed",
                       std::numeric_limits<double>::infinity(),
                       "bad \xff",
                       "w\xff",
                       "n",
                       1,
                       registry::object("stderr", "also \xfe", "a\xff", "b")};
  const auto line = registry::from_json(to_line(odd));
  REQUIRE(line);
  CHECK(identical(line.value(),
                  registry::object("id", "x\\xff", "status", "failed", "output", "inf", "error", "bad \\xff", "worker",
                                   "w\\xff", "node", "n", "attempts", 1, "stderr", "also \\xfe", "a\\xff", "b")));
}

TEST_CASE("details do not replace the fields of a result", "[dispatch][results]") {
  const job_report x{1, "done", {}, {}, {}, {}, 1, registry::object("id", 2, "status", "failed")};
  CHECK(to_line(x) == R"({"attempts":1,"id":1,"status":"done"})");
}

} // namespace dispatch
