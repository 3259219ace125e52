#include <bench/cluster/pair.hpp>
#include <bench/support/waiting.hpp>

#include <registry/membership/address.hpp>

#include <vector>

namespace registry::bench {

namespace {

std::string seed(const std::string& address) {
  return "seeds=[\"" + address + "\"]";
}

std::vector<std::string> behind(std::uint16_t port, const cluster_tests::proxy& own, const cluster_tests::proxy& other) {
  return {"listen=127.0.0.1:" + std::to_string(port),
          "advertise=" + to_string(own.address()),
          seed(to_string(other.address())),
          "heartbeat-interval=200ms",
          "suspect-after=500ms",
          "down-after=1s"};
}

void link(remote& first, remote& second) {
  first.ask("linked 1");
  second.ask("linked 1");
}

} // namespace

pair::pair(bool open_second) : first({"listen=127.0.0.1:0"}), second({"listen=127.0.0.1:0", seed(first.address())}) {
  first.ask("open");
  if (open_second)
    second.ask("open");
  link(first, second);
  first.ask("replicated");
}

breakable_pair::breakable_pair() : breakable_pair(free_port(), free_port()) {}

breakable_pair::breakable_pair(std::uint16_t first_port, std::uint16_t second_port)
    : first(behind(first_port, to_first, to_second)), second(behind(second_port, to_second, to_first)) {
  to_first.lead_to({"127.0.0.1", first_port});
  to_second.lead_to({"127.0.0.1", second_port});
  first.ask("open");
  second.ask("open");
  link(first, second);
  first.ask("replicated");
}

void breakable_pair::part() {
  to_first.cut();
  to_second.cut();
  first.ask("linked 0");
  second.ask("linked 0");
}

std::int64_t breakable_pair::heal() {
  const auto made = [&] { return to_first.made() + to_second.made(); };
  const auto before = made();
  to_first.restore();
  to_second.restore();
  wait_until([&] { return made() != before; });
  return now_in_nanoseconds();
}

} // namespace registry::bench
