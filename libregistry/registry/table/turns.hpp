#pragma once

#include <registry/value/value.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace registry {

/// The running numbers of the keys for which somebody takes turns. Each key has one of its own, from its first turn on until it
/// is forgotten; so turns of one key are not disturbed by those of another. Any thread.
class turns {
public:
  /// Whether a key is still of use; those that are not are forgotten now and then. Must be cheap and must not call back.
  using predicate = std::function<bool(const value& key)>;

  explicit turns(predicate in_use);
  ~turns();
  turns(const turns&) = delete;
  turns& operator=(const turns&) = delete;

  /// 0, 1, 2, … for each key. Wait-free, except for the first turn of a key, which locks and may look at all keys; amortised
  /// O(1).
  std::uint32_t next(const value& key);
  /// How many keys have a number.
  [[nodiscard]] std::size_t size() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace registry
