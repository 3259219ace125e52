#include <link/recorder.hpp>

namespace registry::testing {

std::optional<dial_failure> recorder::objection(const link_info& info, std::string_view node_id) {
  return object ? object(info, node_id) : std::nullopt;
}

void recorder::dial_failed(const node_address& where, dial_failure why, std::string detail) {
  failures.put({where, why, std::move(detail)});
}

void recorder::dialler_refused(const node_address& who, dial_failure why, std::string detail) {
  refusals.put({who, why, std::move(detail)});
}

handshake_identity identity(std::uint64_t number) {
  handshake_identity x;
  x.self = {0xabcd, number};
  x.cluster = "tests";
  x.secret = "the secret of all tests";
  x.node_id = "node#" + std::to_string(number);
  x.advertised = {"node" + std::to_string(number) + ".example", 4000};
  return x;
}

link_service_options options(std::uint64_t number, std::string host) {
  link_service_options x;
  x.identity = identity(number);
  x.listen = {std::move(host), 0};
  x.handshake_timeout = std::chrono::minutes{1};
  return x;
}

running_service::running_service(std::uint64_t number, const setup& change) {
  auto with = options(number);
  if (change)
    change(with, seen);
  service = link_service::start(std::move(with), seen).value();
}

running_service::running_service(link_service_options with) {
  service = link_service::start(std::move(with), seen).value();
}

} // namespace registry::testing
