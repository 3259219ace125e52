#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace registry::testing {

/// A small case: the concurrent work of several threads, and the condition that must hold afterwards.
struct small_case {
  std::vector<std::function<void()>> threads;
  /// The violation; empty if there is none. Called with all threads at their ends.
  std::function<std::string()> fault;
};

/// The result of an exploration.
struct exploration {
  std::size_t orders = 0;
  /// The first fault, with the order that leads to it: the thread chosen at each step. Empty if there is none.
  std::string fault;
};

/// Runs a case in every order of the steps between the taking of locks, one thread at a time; stops at the first fault. A
/// thread that could continue is preempted at most `preemptions` times. Each order starts from a fresh case, which must be
/// deterministic apart from the order. A deadlock is a fault: its threads are left hanging, and the case with them.
exploration explore(const std::function<std::shared_ptr<small_case>()>& make, std::size_t preemptions);

} // namespace registry::testing
