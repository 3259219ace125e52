#include <apps/dispatch/support/local_cluster.hpp>

#include <dispatch/program/status.hpp>
#include <dispatch/queue.hpp>

#include <registry/actor/handle.hpp>

#include <support/catch.hpp>

namespace dispatch {

TEST_CASE("a worker never has more jobs under way than places, and waiting jobs are told apart", "[dispatch][status]") {
  testing::local_cluster cluster{1};
  auto queues = cluster.node(0).queues();
  caf::scoped_actor one{cluster.node(0).system()};
  caf::scoped_actor two{cluster.node(0).system()};
  REQUIRE(queues.join("q", registry::as_member(one), to_value(worker_card{"a/1", "a", 1, 16})));
  REQUIRE(queues.join("q", registry::as_member(two), to_value(worker_card{"b/1", "b", 4, 3})));
  const auto table = status_table(queues.snapshot());
  CHECK(table.starts_with("q: 2 workers, 4 jobs, room for 5, 15 waiting\n"));
  CHECK(table.find("a/1                                   1 of 1      15 waiting\n") != std::string::npos);
  CHECK(table.find("b/1                                   3 of 4") != std::string::npos);
}

} // namespace dispatch
