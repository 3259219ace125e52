#pragma once

#include <chaos/action.hpp>
#include <chaos/chronicle.hpp>
#include <chaos/options.hpp>
#include <chaos/truth.hpp>
#include <support/line_damage.hpp>
#include <support/network.hpp>
#include <support/proxy.hpp>
#include <support/remote_node.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cluster_tests::chaos {

/// The nodes, each on a host of its own behind a proxy that can damage what passes, and what happens to them.
class stage {
public:
  /// Starts all nodes. Whatever they acknowledge is told to `known`.
  stage(const options& with, truth& known, chronicle& log);

  void carry_out(const action& x);
  /// Waits until all nodes are linked and have what they must have. Tells the log what was wrong, or how long it took.
  void examine();
  /// The logs of all running nodes, into files of a folder.
  void write_logs(const std::filesystem::path& folder) const;
  /// The changes of bytes under way so far.
  [[nodiscard]] std::size_t damage() const;

private:
  struct host {
    std::unique_ptr<line_damage> damage;
    std::unique_ptr<proxy> way;
    std::unique_ptr<remote_node> node;
    std::size_t secrets = 0; ///< how often its secret has changed
  };

  // stage.cpp
  void start(std::size_t at);
  void end(std::size_t at);
  void stop(std::size_t at);
  void operate(const action& x);
  void join(const action& x);
  void at_process(const action& x);
  void at_line(const action& x);
  void cut(std::size_t from, std::size_t to, bool restored);
  void part(const action& x);
  /// The answer, or nothing if the operation failed, which is then told to the log.
  std::optional<value> ask(std::size_t at, const value& command);
  void look_for_deaths();

  // examination.cpp
  bool all_links();
  bool all_content(const std::string& scope);
  bool all_folds(const std::string& scope);
  bool all_probes();
  /// Waits for a minute; then tells the log what there was instead.
  bool wait(const std::function<bool()>& holds, const std::function<std::string()>& what);
  std::vector<std::string> content(std::size_t at, const std::string& scope);
  std::int64_t probes(std::size_t at);

  const options with_;
  truth& known_;
  chronicle& log_;
  network net_;
  std::vector<host> hosts_;
  std::vector<std::vector<std::size_t>> cuts_; ///< how many cuts there are from one host to another
};

} // namespace cluster_tests::chaos
