#pragma once

#include <bench/support/crowd.hpp>
#include <bench/support/must.hpp>
#include <bench/support/sample.hpp>

#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>
#include <registry/scope/scope.hpp>

#include <caf/actor_system.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace registry::bench {

/// A scope with entries whose owners are a pool of 1,000 actors.
struct populated {
  scope entries;
  crowd owners;
};

/// The node that the benchmarks of a process share. It is alone, and has the defaults of CAF and of this project.
class home {
public:
  home();
  home(const home&) = delete;
  home& operator=(const home&) = delete;
  ~home();
  /// The node of this process; `main` owns it.
  static home& get() noexcept;

  [[nodiscard]] caf::actor_system& system() noexcept { return system_; }
  /// A new scope with a name of its own.
  scope open_scope();
  void close(const scope& old);
  /// A scope with `count` entries, `per_key` of them under each of the first keys. Made once. Any thread.
  populated& with_entries(std::size_t count, std::size_t per_key = 1);

private:
  system_config config_;
  caf::actor_system system_{config_};
  node node_;
  std::mutex lock_;
  std::size_t opened_ = 0;
  std::map<std::pair<std::size_t, std::size_t>, std::unique_ptr<populated>> populated_;
};

/// Puts entries into a scope: the i-th under the key i modulo `count / per_key`, owned by the i-th of the owners.
void populate(scope& where, const crowd& owners, std::size_t count, std::size_t per_key = 1);

} // namespace registry::bench
