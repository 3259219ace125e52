#pragma once

#include <registry/table/garbage.hpp>
#include <registry/value/value.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace registry::inline v0_2 {

/// The running numbers of keys that are dispatched to in turns. Each key has its own number from when it is added until it
/// is forgotten, so dispatches to one key do not disturb the turns of another.
///
/// One writer at a time (the owner serialises); any number of readers on any thread at any time.
class turns {
public:
  /// Whether a key is still in use; unused keys are forgotten now and then. Must be cheap and must not call back.
  using predicate = std::function<bool(const value& key)>;

  explicit turns(predicate in_use);
  ~turns(); // no reader may be inside
  turns(const turns&) = delete;
  turns& operator=(const turns&) = delete;

  /// 0, 1, 2, … for each key that has been added, nothing for others. Any thread, wait-free.
  [[nodiscard]] std::optional<std::uint32_t> next(const value& key) noexcept;

  // -- the writer -----------------------------------------------------------------------------------------------------------
  /// Adds a key unless it is there. Amortised O(1): now and then it visits all keys. Returns objects to be destroyed outside
  /// the lock that serialises the writers.
  [[nodiscard]] garbage add(const value& key);
  /// The number of keys that have a number.
  [[nodiscard]] std::size_t size() const noexcept;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace registry::inline v0_2
