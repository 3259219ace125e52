#pragma once

#include <registry/error/error.hpp>
#include <registry/value/value.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dispatch {

/// Waits.
struct sleep_work {
  std::int64_t ms = 0;
};
BOOST_DESCRIBE_STRUCT(sleep_work, (), (ms))

/// Adds integers.
struct sum_work {
  std::vector<std::int64_t> numbers;
};
BOOST_DESCRIBE_STRUCT(sum_work, (), (numbers))

/// The stable 64-bit hash of a text, as hexadecimal digits.
struct hash_work {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(hash_work, (), (text))

/// Fails, for tests.
struct fail_work {
  std::optional<std::string> message;
};
BOOST_DESCRIBE_STRUCT(fail_work, (), (message))

/// A program and its arguments; no shell looks at them.
struct command_work {
  std::vector<std::string> command;
};
BOOST_DESCRIBE_STRUCT(command_work, (), (command))

/// The work of a job.
using work = std::variant<sleep_work, sum_work, hash_work, fail_work, command_work>;

/// Reads what a job asks for: its field `work` names something built in, whose parameters stand beside it, or it has a field
/// `command`. Errors: `malformed` with what is wrong.
registry::result<work> read_work(const registry::value& job);

/// Does what takes no time. Nothing if it is something to wait for.
std::optional<registry::result<registry::value>> compute(const work& what);

} // namespace dispatch
