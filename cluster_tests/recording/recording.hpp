#pragma once

#include <support/proxy.hpp>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace cluster_tests {

/// What nodes say to each other. Every node is reached through a proxy of the recording, whose address it advertises.
class recording {
public:
  /// A new way to a node of this name.
  proxy& way_to(const std::string& name);
  /// Writes a file for each direction of each connection in which something was said: `to_NAME.NUMBER.dialler` and
  /// `to_NAME.NUMBER.acceptor`.
  void write(const std::filesystem::path& directory) const;

private:
  mutable std::mutex lock_;
  std::map<std::string, std::string> streams_; // by the name of the file
  std::vector<std::unique_ptr<proxy>> ways_;   // end first
};

/// The directory for a conversation of this name, new and empty: in the one that the environment names in
/// `REGISTRY_CORPUS`, or else in one that goes with this process's temporary files.
class conversation_directory {
public:
  explicit conversation_directory(const std::string& name);
  conversation_directory(const conversation_directory&) = delete;
  conversation_directory& operator=(const conversation_directory&) = delete;
  ~conversation_directory();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
  bool temporary_;
};

} // namespace cluster_tests
