#include <support/catch.hpp>
#include <support/child.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace registry::testing {

child_outcome in_child(const std::function<int()>& work) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const auto child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    std::signal(SIGABRT, SIG_DFL);
    ::_exit(work());
  }
  REQUIRE(child > 0);
  ::close(ends[1]);
  child_outcome out;
  std::array<char, 512> part;
  for (ssize_t size = 0; (size = ::read(ends[0], part.data(), part.size())) > 0;)
    out.text.append(part.data(), static_cast<std::size_t>(size));
  ::close(ends[0]);
  REQUIRE(::waitpid(child, &out.status, 0) == child);
  return out;
}

} // namespace registry::testing
