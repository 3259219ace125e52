#include <chat/demo/free_ports.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace chat::demo {

std::vector<std::uint16_t> free_ports(std::size_t count) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  std::vector<tcp::acceptor> held; // so that no port is chosen twice
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < count; ++i) {
    held.emplace_back(context, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0});
    ports.push_back(held.back().local_endpoint().port());
  }
  return ports;
}

} // namespace chat::demo
