#pragma once

#include <node/changer.hpp>
#include <node/crowd.hpp>
#include <node/watcher.hpp>

#include <registry/node/node.hpp>

#include <map>
#include <memory>
#include <string>

namespace cluster_tests {

/// Does what a test asks of a node. A command is a map; `"do"` names it, `"scope"` the scope: `"rooms"`, `"names"`, which has unique
/// keys, or one that was opened by a command. Members are the numbers in which they joined.
class session {
public:
  explicit session(registry::node& home);

  /// The answer, or `{"error": …}`.
  registry::value answer(const registry::value& command);
  /// Whether it was told to quit.
  [[nodiscard]] bool is_over() const noexcept { return over_; }
  /// What a test must know before it asks for anything.
  [[nodiscard]] registry::value greeting() const;

private:
  using handler = registry::value (session::*)(const registry::value& command);
  static const std::map<std::string, handler, std::less<>>& handlers();

  registry::value open(const registry::value& command);
  registry::value close(const registry::value& command);
  registry::value join(const registry::value& command);
  registry::value join_samples(const registry::value& command);
  registry::value leave(const registry::value& command);
  registry::value update(const registry::value& command);
  registry::value kill(const registry::value& command);
  registry::value populate(const registry::value& command);
  registry::value change(const registry::value& command);
  registry::value start_load(const registry::value& command);
  registry::value stop_load(const registry::value& command);
  registry::value lookup(const registry::value& command);
  registry::value wait_synced(const registry::value& command);
  registry::value wait_replicated(const registry::value& command);
  registry::value count(const registry::value& command);
  registry::value status(const registry::value& command);
  registry::value digest(const registry::value& command);
  registry::value watch(const registry::value& command);
  registry::value tally(const registry::value& command);
  registry::value verify(const registry::value& command);
  registry::value dispatch(const registry::value& command);
  registry::value offer(const registry::value& command);
  registry::value call(const registry::value& command);
  registry::value mark(const registry::value& command);
  registry::value compare(const registry::value& command);
  registry::value crash(const registry::value& command);
  registry::value statistics(const registry::value& command);
  registry::value drain(const registry::value& command);
  registry::value quit(const registry::value& command);

  registry::scope& scope_of(const registry::value& command);
  changer& changer_of(const registry::value& command);
  const registry::member& member_of(const registry::value& command) const;

  registry::node& home_;
  std::map<std::string, registry::scope> scopes_;
  crowd members_;
  crowd changing_;
  std::map<std::string, std::unique_ptr<changer>> changers_;
  std::map<std::string, std::unique_ptr<watcher>> watchers_;
  registry::table_snapshot marked_;
  bool over_ = false;
};

} // namespace cluster_tests
