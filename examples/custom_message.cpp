// A message type of the application's own, told to actors that were looked up.

#include <registry/actor/tell.hpp>
#include <registry/compat/inspect.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>
#include <registry/node/with_messages.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <boost/describe/class.hpp>

#include <iostream>
#include <string>

namespace shop {

struct order {
  std::string article;
  int count = 0;
};
BOOST_DESCRIBE_STRUCT(order, (), (article, count))

// The same for both generations of CAF; or write CAF's own `inspect`.
template <class Inspector>
auto inspect(Inspector& f, order& x) {
  return registry::compat::inspect_described(f, x);
}

} // namespace shop

// The ids from first_custom_type_id + 1000 to + 1999 are the registry's; all others are the application's.
CAF_BEGIN_TYPE_ID_BLOCK(shop, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(shop, (shop::order))
CAF_END_TYPE_ID_BLOCK(shop)

caf::behavior store_keeper(caf::event_based_actor* self) {
  return {[self](const shop::order& x) {
    std::cout << "packing " << x.count << " x " << x.article << '\n';
    self->quit();
  }};
}

int main() {
  registry::with_messages<registry::system_config, caf::id_block::shop> config;
  caf::actor_system system{config};
  auto node = registry::node::start(system).value();
  auto keepers = node.open_scope("keepers").value();

  keepers.join("books", system.spawn(store_keeper)).value();
  for (const auto& entry : keepers.lookup("books"))
    registry::tell(entry.who, shop::order{"Design Patterns", 2});
}
