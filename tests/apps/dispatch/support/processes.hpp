#pragma once

#include <support/child_process.hpp>

#include <registry/value/value.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace dispatch::testing {

/// A directory that goes with its owner.
struct work_directory {
  work_directory();
  work_directory(const work_directory&) = delete;
  work_directory& operator=(const work_directory&) = delete;
  ~work_directory() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string file(const std::string& name) const { return path / name; }
  [[nodiscard]] std::string with(const std::string& name, const std::string& content) const;

  std::filesystem::path path;
};

/// The command line of the program, which listens on any port.
std::vector<std::string> command_line(const std::vector<std::string>& arguments, const std::string& seed = {});

/// A process with a worker of the queue `q`.
struct worker_process {
  /// `mark` is the value of the variable `DISPATCH_TEST` in its environment, and so in that of its commands.
  worker_process(const std::string& capacity, const std::string& seed, const std::string& mark = "none");

  cluster_tests::child_process child;
  std::string address;
};

/// The lines of a file that are complete.
std::vector<registry::value> results_in(const std::string& file);

/// The first line of `dispatch status` at a node.
std::string status_at(const std::string& address);

/// Whether there is one result for each id from 1 to `count`, all with this status.
bool each_once(const std::vector<registry::value>& results, std::size_t count, const char* status);

/// The processes with this variable in their environment that have not ended, but for one.
std::vector<pid_t> processes_marked(const std::string& mark, pid_t but);

} // namespace dispatch::testing
