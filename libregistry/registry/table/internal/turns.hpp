#pragma once

#include <registry/table/garbage.hpp>
#include <registry/value/value.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace registry {

/// The running numbers of the keys for which somebody takes turns. Each key has one of its own, from when it is added until it
/// is forgotten; so turns of one key are not disturbed by those of another.
///
/// One writer at a time (the owner serialises); any number of others on any thread at any time.
class turns {
public:
  /// Whether a key is still of use; those that are not are forgotten now and then. Must be cheap and must not call back.
  using predicate = std::function<bool(const value& key)>;

  explicit turns(predicate in_use);
  ~turns(); // no reader may be inside
  turns(const turns&) = delete;
  turns& operator=(const turns&) = delete;

  /// 0, 1, 2, … for each key that has been added, nothing for others. Any thread, wait-free.
  [[nodiscard]] std::optional<std::uint32_t> next(const value& key) noexcept;

  // -- the writer -----------------------------------------------------------------------------------------------------------
  /// Adds a key, if it is not there yet. Amortised O(1): now and then it looks at all keys. Returns what is to be destroyed
  /// outside of the lock that serialises the writers.
  [[nodiscard]] garbage add(const value& key);
  /// How many keys have a number.
  [[nodiscard]] std::size_t size() const noexcept;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace registry
