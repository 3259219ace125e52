#include <link/record_pipe.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

#include <sys/socket.h>

namespace registry::testing {

namespace {

std::array<int, 2> connected_sockets() {
  std::array<int, 2> out{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, out.data()) != 0)
    throw std::runtime_error("no pair of sockets");
  const int small = 4096;
  ::setsockopt(out[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  return out;
}

} // namespace

record_pipe::record_pipe(std::size_t most_waiting) : record_pipe(connected_sockets(), most_waiting) {}

record_pipe::record_pipe(std::array<int, 2> sockets, std::size_t most_waiting)
    : here_(sockets[0]),
      there_(sockets[1]),
      output(std::make_shared<link_output>(link_socket{sockets[0], nullptr}, link_output::format::records, most_waiting)) {}

std::vector<record_pipe::byte_string> record_pipe::read(std::size_t most) {
  std::vector<byte_string> out;
  std::array<std::byte, 4096> buffer{};
  while (most > 0) {
    const auto size = ::recv(there_.descriptor(), buffer.data(), std::min(most, buffer.size()), MSG_DONTWAIT);
    ended_ = size == 0;
    if (size <= 0)
      break;
    most -= static_cast<std::size_t>(size);
    auto data = std::span<const std::byte>{buffer}.first(static_cast<std::size_t>(size));
    while (const auto one = reader_.next(data)) {
      byte_string content{one->content.begin(), one->content.end()};
      if (one->kind == record_kind::basp)
        basp.insert(basp.end(), content.begin(), content.end());
      else
        (one->kind == record_kind::frame ? out : heartbeats).push_back(std::move(content));
    }
    if (reader_.fault() != nullptr)
      throw std::runtime_error(reader_.fault());
  }
  return out;
}

} // namespace registry::testing
