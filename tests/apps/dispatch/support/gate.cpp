#include <apps/dispatch/support/gate.hpp>

#include <support/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dispatch::testing {

gate::gate() : path_(std::filesystem::temp_directory_path() / ("dispatch_gate." + std::to_string(::getpid()))) {
  REQUIRE(::mkfifo(path_.c_str(), 0600) == 0);
  pipe_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(pipe_ >= 0);
}

gate::~gate() {
  ::close(pipe_);
  std::filesystem::remove(path_);
}

void gate::let_pass(std::size_t jobs) const {
  const std::string lines(jobs, '\n');
  REQUIRE(::write(pipe_, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
}

} // namespace dispatch::testing
