#include <recording/recording.hpp>

#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace cluster_tests {

proxy& recording::way_to(const std::string& name) {
  const auto hear = [this, name](std::size_t connection, proxy::end sender, std::string_view bytes) {
    const auto file =
        "to_" + name + "." + std::to_string(connection) + (sender == proxy::end::dialler ? ".dialler" : ".acceptor");
    const std::lock_guard guard(lock_);
    streams_[file].append(bytes);
  };
  ways_.push_back(std::make_unique<proxy>(std::chrono::milliseconds{0}, hear));
  return *ways_.back();
}

void recording::write(const std::filesystem::path& directory) const {
  const std::lock_guard guard(lock_);
  for (const auto& [name, bytes] : streams_)
    std::ofstream{directory / name, std::ios::binary} << bytes;
}

conversation_directory::conversation_directory(const std::string& name) {
  const auto* given = std::getenv("REGISTRY_CORPUS");
  temporary_ = given == nullptr;
  path_ = temporary_ ? std::filesystem::temp_directory_path() / ("corpus." + std::to_string(::getpid())) : given;
  path_ /= name;
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
}

conversation_directory::~conversation_directory() {
  if (temporary_)
    std::filesystem::remove_all(path_.parent_path());
}

} // namespace cluster_tests
