// Keys and metadata are structs of the application: no text, no casts. Queries are predicates on them, or patterns.

#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>
#include <registry/scope/typed_scope.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

struct shard {
  std::string table;
  int number;
};
BOOST_DESCRIBE_STRUCT(shard, (), (table, number))

struct holder {
  std::string role;
  double load;
};
BOOST_DESCRIBE_STRUCT(holder, (), (role, load))

caf::behavior idle(caf::event_based_actor*) {
  return {[](const std::string&) {}};
}

int main() {
  registry::system_config config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  const registry::typed_scope<shard, holder> shards{node.open_scope("shards").value()};

  const auto ann = system.spawn(idle);
  const auto bob = system.spawn(idle);
  const shard users{"users", 3};
  shards.join(users, ann, {"primary", 0.5}).value();
  shards.join(users, bob, {"replica", 2}).value();
  shards.update_value(users, bob, [](const holder& old) { return holder{old.role, old.load + 1}; }).value();

  const auto loaded = shards.match(users, [](const holder& x) { return x.load > 1; });
  if (!loaded) { // somebody else may have joined something that is no holder
    std::cerr << loaded.error() << '\n';
    return EXIT_FAILURE;
  }
  for (const auto& one : loaded.value())
    std::cout << one.data.role << " has load " << one.data.load << '\n';

  const auto primaries = shards.count_match(users, R"({"role": "primary"})").value();
  std::cout << primaries << " primary\n";
}
