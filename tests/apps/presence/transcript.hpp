#pragma once

#include <support/child_process.hpp>

#include <memory>
#include <string>
#include <vector>

namespace presence::testing {

/// What is to be seen on some terminals, as the tutorial shows it, line by line; `1` to `9` in front of a line is the terminal, if
/// there is more than one.
///
///     > come ann office       somebody types
///     | ann comes: …          the program says; the bar may be missing
///     ! kill -9               the program is killed
struct transcript_line {
  enum class kind { typed, said, killed };
  std::size_t terminal = 0;
  kind what = kind::said;
  std::string text;
};

/// Reads a file of tests/apps/presence/transcripts.
std::vector<transcript_line> read_transcript(const std::string& name);

/// Plays a transcript with programs that run, one for each terminal: checks that they say this and no more, and end well once there
/// is nothing more to type.
void play(const std::vector<transcript_line>& script,
          const std::vector<std::unique_ptr<cluster_tests::child_process>>& programs);

} // namespace presence::testing
