#pragma once

#include <dispatch/worker/command_guard.hpp>

#include <sys/types.h>

#include <string>
#include <vector>

namespace dispatch {

/// Starts a program, found by PATH, whose outputs are these descriptors and whose input is empty: in a process group of its own that
/// is registered with the guard, with the signals of a fresh process. It gets SIGTERM when the calling thread ends. Returns its
/// id when it has become the program. Throws `std::system_error` if it cannot be started.
pid_t start_child(const std::vector<std::string>& command, int output, int errors, command_guard& guard);

/// Waits for a process that `start_child` returned, and takes its leave of the guard; the exit status, or minus the signal.
int reap_child(pid_t pid, command_guard& guard);

} // namespace dispatch
