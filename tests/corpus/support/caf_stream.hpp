#pragma once

#include <corpus/support/own_parts.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace registry::corpus {

/// The content of CAF's messages in a stream, a line for each, and the parts that are ours.
struct caf_content {
  std::string text;
  std::vector<own_part> parts;
};

/// Decodes the output of CAF 0.17 with CAF: so it must be built against that version.
class caf_reader {
public:
  caf_reader();
  caf_reader(const caf_reader&) = delete;
  caf_reader& operator=(const caf_reader&) = delete;
  ~caf_reader();

  /// Decodes a stream, including the handshake. Throws `std::runtime_error` if something cannot be decoded, or if CAF would
  /// not encode the same bytes.
  [[nodiscard]] caf_content read(std::span<const std::byte> stream);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace registry::corpus
