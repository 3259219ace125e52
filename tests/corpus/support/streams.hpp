#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace registry::corpus {

/// One direction of a connection: a file `to_NODE.NUMBER.dialler` or `….acceptor`, named after the sender.
struct stream {
  std::filesystem::path file;
  std::vector<std::byte> bytes;

  [[nodiscard]] std::string name() const { return file.filename(); }
  [[nodiscard]] bool from_dialler() const { return file.extension() == ".dialler"; }
  /// The other direction.
  [[nodiscard]] std::filesystem::path counterpart() const;
  /// The location of the expected content: of our own bytes, and of the messages of CAF.
  [[nodiscard]] std::filesystem::path own_text() const { return file.string() + ".txt"; }
  [[nodiscard]] std::filesystem::path caf_text() const { return file.string() + ".caf.txt"; }
};

/// All streams below a directory, by name.
[[nodiscard]] std::vector<stream> streams_in(const std::filesystem::path& directory);

[[nodiscard]] std::vector<std::byte> bytes_in(const std::filesystem::path& file);
[[nodiscard]] std::string text_in(const std::filesystem::path& file);

} // namespace registry::corpus
