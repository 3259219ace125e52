#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace registry::testing {

/// A small case: what several threads do at a time, and what must hold when they have done it.
struct small_case {
  std::vector<std::function<void()>> threads;
  /// What is wrong; empty if nothing is. With all threads at their ends.
  std::function<std::string()> fault;
};

/// What an exploration came to.
struct exploration {
  std::size_t orders = 0;
  /// The first fault, with the order that leads to it: which thread went on at each step. Empty if there is none.
  std::string fault;
};

/// Runs a case in every order of the steps between the taking of locks, one thread at a time; stops at the first fault. A thread
/// that could go on is stopped at most `preemptions` times. Each order is run anew from a fresh case, which must be
/// deterministic apart from the order. A deadlock is a fault: its threads are left hanging, and the case with them.
exploration explore(const std::function<std::shared_ptr<small_case>()>& make, std::size_t preemptions);

} // namespace registry::testing
