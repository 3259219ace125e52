#pragma once

#include <support/proxy.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace cluster_tests {

/// What a bad line, or somebody on it, does to the bytes that pass a proxy: the `change` of one. All of it comes from the seed and from
/// the bytes. Any thread.
class line_damage {
public:
  enum class kind : std::uint8_t {
    flip,   ///< another bit
    drop,   ///< some bytes less
    repeat, ///< some bytes twice
    swap,   ///< two parts in the other order
    insert, ///< bytes of nobody
  };

  explicit line_damage(std::uint64_t seed) : random_(seed) {}

  /// Spoils one of so many chunks, in each of these ways in turn, until `end`.
  void begin(std::vector<kind> kinds, std::size_t one_of);
  /// Spoils nothing from now on, also not what was asked for and has not happened.
  void end();
  /// Puts bytes in front of the next chunk of this sender, once.
  void insert(proxy::end sender, std::string bytes);
  /// Flips a bit of the byte that this sender sends after so many others on a connection, once.
  void flip(proxy::end sender, std::size_t offset, unsigned bit);
  /// Whether what `insert` or `flip` asked for has happened.
  [[nodiscard]] bool is_done() const;
  /// The number of changes so far.
  [[nodiscard]] std::size_t count() const;

  /// The change of a proxy.
  void spoil(std::size_t connection, proxy::end sender, std::string& bytes);

private:
  void spoil_at_random(std::string& bytes);
  void spoil_at_place(std::size_t offset, std::string& bytes);
  std::size_t any(std::size_t below) { return static_cast<std::size_t>(random_() % below); }

  mutable std::mutex lock_;
  std::mt19937_64 random_;
  std::vector<kind> kinds_;
  std::size_t one_of_ = 1;
  std::size_t next_ = 0;
  std::map<std::pair<std::size_t, proxy::end>, std::size_t> passed_;
  proxy::end sender_ = proxy::end::dialler;
  std::string inserted_;
  std::size_t offset_ = 0;
  char flipped_ = 0;
  std::size_t count_ = 0;
};

} // namespace cluster_tests
