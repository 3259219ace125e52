// A registry in a CAF application that exists already. One thing changes: its configuration derives from registry::system_config
// instead of caf::actor_system_config. Its options, message types, scheduler and classic actors stay as they are.
// (compat::request is self->request(…) on CAF 0.17 and self->mail(…).request(…) on 1.x: write what you have.)

#include <registry/actor/tell.hpp>
#include <registry/compat/actor.hpp>
#include <registry/compat/inspect.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>
#include <registry/node/with_messages.hpp>

#include <caf/actor_system.hpp>
#include <caf/config_option_adder.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>

struct bid {
  std::string lot;
  std::int32_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(bid, (), (lot, amount))
template <class Inspector>
auto inspect(Inspector& f, bid& x) { // the application has one
  return registry::compat::inspect_described(f, x);
}

CAF_BEGIN_TYPE_ID_BLOCK(auction, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(auction, (bid))
CAF_END_TYPE_ID_BLOCK(auction)

struct config : registry::with_messages<registry::system_config, caf::id_block::auction> {
  config() : with_messages(registry::caf_defaults::kept) {
    opt_group{custom_options_, "auction"}.add(reserve, "reserve", "the least that is accepted");
  }
  std::int32_t reserve = 10;
};

caf::behavior auctioneer(caf::event_based_actor*, std::int32_t reserve) {
  return {[reserve](const bid& x) { return x.amount >= reserve; }};
}

caf::behavior bidder(caf::event_based_actor* self, registry::scope lots) {
  return {[self, lots](const std::string& lot, std::int32_t amount) {
    for (const auto& entry : lots.lookup(lot)) {
      const auto seller = caf::actor_cast<caf::actor>(entry.who);
      registry::compat::request(self, seller, std::chrono::minutes{1}, bid{lot, amount}).then([=](bool accepted) {
        std::cout << lot << " for " << amount << (accepted ? ": accepted" : ": refused") << '\n';
        self->quit();
      });
    }
  }};
}

int main() {
  config options;
  caf::actor_system system{options};
  auto node = registry::node::start(system).value();
  auto lots = node.open_scope("lots").value();

  const auto seller = system.spawn(auctioneer, options.reserve);
  lots.join("clock", seller).value();
  const auto buyer = system.spawn(bidder, lots);
  caf::scoped_actor self{system};
  registry::tell(buyer, std::string{"clock"}, std::int32_t{12});
  self->wait_for(buyer);
  registry::shut_down(seller);
}
