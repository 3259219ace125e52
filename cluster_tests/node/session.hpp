#pragma once

#include <node/changer.hpp>
#include <node/crowd.hpp>
#include <node/reporters.hpp>
#include <node/watcher.hpp>

#include <registry/node/node.hpp>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cluster_tests {

/// Carries out the commands that a test or a benchmark sends to a node. `help` describes all of them.
class session {
public:
  explicit session(registry::node& home);
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  ~session();

  /// The answer, or `{"error": …}`.
  registry::value answer(const registry::value& command);
  /// Whether `quit` was the last command.
  [[nodiscard]] bool is_over() const noexcept { return over_; }
  /// The first line of the process: its addresses and its identities.
  [[nodiscard]] registry::value greeting() const;
  /// The table of all commands.
  static std::string help();

private:
  using handler = registry::value (session::*)(const registry::value& command);
  struct entry {
    const char* name;
    const char* fields; ///< besides `"scope"`; those in brackets may be left out
    const char* description;
    handler handle;
  };
  static std::span<const entry> commands();

  // session_changes.cpp
  registry::value open(const registry::value& command);
  registry::value close(const registry::value& command);
  registry::value join(const registry::value& command);
  registry::value join_samples(const registry::value& command);
  registry::value leave(const registry::value& command);
  registry::value update(const registry::value& command);
  registry::value kill(const registry::value& command);
  registry::value populate(const registry::value& command);
  registry::value end_owners(const registry::value& command);
  registry::value change(const registry::value& command);
  registry::value start_load(const registry::value& command);
  registry::value stop_load(const registry::value& command);
  registry::value dispatch(const registry::value& command);
  registry::value offer(const registry::value& command);
  registry::value call(const registry::value& command);
  registry::value crash(const registry::value& command);
  registry::value drain(const registry::value& command);
  registry::value quit(const registry::value& command);

  // session_queries.cpp
  registry::value lookup(const registry::value& command);
  registry::value content(const registry::value& command);
  registry::value count(const registry::value& command);
  registry::value status(const registry::value& command);
  registry::value statistics(const registry::value& command);
  registry::value digest(const registry::value& command);
  registry::value watch(const registry::value& command);
  registry::value tally(const registry::value& command);
  registry::value verify(const registry::value& command);
  registry::value mark(const registry::value& command);
  registry::value compare(const registry::value& command);
  registry::value wait_synced(const registry::value& command);
  registry::value wait_replicated(const registry::value& command);
  registry::value wait_count(const registry::value& command);
  registry::value wait_links(const registry::value& command);
  registry::value report_joins(const registry::value& command);
  registry::value report_frames(const registry::value& command);
  registry::value keep(const registry::value& command);
  registry::value memory(const registry::value& command);
  registry::value processor_time(const registry::value& command);

  registry::scope& scope_of(const registry::value& command);
  changer& changer_of(const registry::value& command);
  watcher& watcher_of(const registry::value& command);
  const registry::member& member_of(const registry::value& command) const;
  [[nodiscard]] std::int64_t links() const;

  registry::node& home_;
  std::map<std::string, registry::scope> scopes_;
  crowd members_;
  crowd owners_;
  crowd changing_;
  std::map<std::string, std::unique_ptr<changer>> changers_;
  std::map<std::string, std::unique_ptr<watcher>> watchers_;
  std::vector<registry::member> reporters_;
  std::unique_ptr<socket_reporter> socket_reporter_;
  registry::table_snapshot marked_;
  bool over_ = false;
};

/// `{"ok": true}`, or the error.
template <class T>
registry::value outcome(const registry::result<T>& x) {
  return x ? registry::object("ok", true) : registry::object("error", to_string(x.error()));
}

} // namespace cluster_tests
