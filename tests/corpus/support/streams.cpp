#include <corpus/support/streams.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>

namespace registry::corpus {

std::filesystem::path stream::counterpart() const {
  auto out = file;
  return out.replace_extension(from_dialler() ? ".acceptor" : ".dialler");
}

std::vector<stream> streams_in(const std::filesystem::path& directory) {
  std::vector<stream> out;
  for (const auto& x : std::filesystem::recursive_directory_iterator(directory)) {
    const auto end = x.path().extension();
    if (end == ".dialler" || end == ".acceptor")
      out.push_back({x.path(), bytes_in(x.path())});
  }
  std::ranges::sort(out, {}, &stream::file);
  return out;
}

std::vector<std::byte> bytes_in(const std::filesystem::path& file) {
  const auto text = text_in(file);
  const auto bytes = std::as_bytes(std::span{text});
  return {bytes.begin(), bytes.end()};
}

std::string text_in(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    throw std::runtime_error("there is no file " + file.string());
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace registry::corpus
