#pragma once

#include <corpus/support/own_parts.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace registry::corpus {

/// What CAF says in a stream, a line for each of its messages, and the parts that are ours.
struct caf_content {
  std::string text;
  std::vector<own_part> parts;
};

/// Reads what CAF 0.17 wrote, with CAF: so it must be built against that.
class caf_reader {
public:
  caf_reader();
  caf_reader(const caf_reader&) = delete;
  caf_reader& operator=(const caf_reader&) = delete;
  ~caf_reader();

  /// Reads a stream, the handshake included. Throws `std::runtime_error` if something cannot be read, or if CAF would not write the same
  /// bytes.
  [[nodiscard]] caf_content read(std::span<const std::byte> stream);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace registry::corpus
