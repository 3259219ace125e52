#include <presence/input.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace presence {

input::input() : ended_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!ended_)
    throw std::system_error(errno, std::generic_category(), "cannot wait for the standard input");
}

void input::end() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(ended_.descriptor(), &one, sizeof one)); // it fails only if it is readable anyway
}

input::int_type input::underflow() {
  std::array<pollfd, 2> ready{{{STDIN_FILENO, POLLIN, 0}, {ended_.descriptor(), POLLIN, 0}}};
  while (::poll(ready.data(), ready.size(), -1) < 0 && errno == EINTR) {
  }
  if (ready[1].revents != 0)
    return traits_type::eof();
  ssize_t count = 0;
  while ((count = ::read(STDIN_FILENO, buffer_.data(), buffer_.size())) < 0 && errno == EINTR) {
  }
  if (count <= 0)
    return traits_type::eof();
  setg(buffer_.data(), buffer_.data(), buffer_.data() + count);
  return traits_type::to_int_type(buffer_[0]);
}

} // namespace presence
