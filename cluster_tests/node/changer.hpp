#pragma once

#include <node/crowd.hpp>

#include <registry/scope/scope.hpp>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace cluster_tests {

/// Makes random changes to a scope: joins, updates and leaves of entries of its own, at most one entry under each of a
/// bounded number of keys. The value of an entry has the time of its change, `"at"`.
class changer {
public:
  /// Keys begin with `prefix`; `members` must not grow while it works.
  changer(registry::scope changed, const crowd& members, std::string prefix, std::size_t keys, std::uint64_t seed);
  changer(const changer&) = delete;
  changer& operator=(const changer&) = delete;
  ~changer();

  /// Makes some changes at once.
  void change(std::size_t count);
  /// Makes changes at a rate per second until `stop`; 0 means as fast as possible.
  void start(std::int64_t rate);
  /// The changes since `change` or `start`:
  /// `{"changes": …, "joins": …, "updates": …, "leaves": …, "failures": …, "seconds": …, "longest": microseconds of one
  /// change}`
  registry::value stop();

private:
  void one_change();
  void run(std::int64_t rate);

  registry::scope scope_;
  const crowd& members_;
  std::string prefix_;
  std::mt19937_64 random_;
  std::vector<bool> joined_;
  struct {
    std::int64_t joins = 0;
    std::int64_t updates = 0;
    std::int64_t leaves = 0;
    std::int64_t failures = 0;
    std::int64_t longest = 0;
    std::int64_t started = 0;
  } made_;

  std::mutex lock_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

} // namespace cluster_tests
