#include <registry/node/internal/secret_file.hpp>

#include <registry/link/internal/private_file.hpp>
#include <registry/link/owned_descriptor.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

namespace registry::inline v0_2 {

namespace {

constexpr std::size_t longest_line = 65'536;

error wrong(std::string what) {
  return {errc::invalid_argument, std::move(what)};
}

/// The content up to the end of the first line, or as much as is allowed; nothing if nothing can be read.
std::optional<std::string> first_line(int file) {
  std::string out;
  std::array<char, 4096> chunk{};
  while (out.size() < longest_line) {
    const auto got = ::read(file, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0 || (got == 0 && out.empty()))
      return std::nullopt;
    out.append(chunk.data(), static_cast<std::size_t>(got));
    if (const auto end = out.find('\n'); got == 0 || end != std::string::npos)
      return out.substr(0, end);
  }
  return out;
}

} // namespace

result<std::string> read_secret_file(const std::string& file) {
  const owned_descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat found{};
  if (!opened || ::fstat(opened.descriptor(), &found) != 0)
    return wrong("names a file of which no line can be read: '" + file + "'");
  if (is_open_to_others(found))
    return wrong("names a file that " + remedy_against_others(file));
  auto line = first_line(opened.descriptor());
  if (!line)
    return wrong("names a file of which no line can be read: '" + file + "'");
  if (line->size() >= longest_line)
    return wrong("names a file whose first line is longer than 64 KiB: '" + file + "'");
  line->erase(line->find_last_not_of(" \t\r") + 1);
  if (line->empty())
    return wrong("names a file whose first line is empty: '" + file + "'");
  return *std::move(line);
}

} // namespace registry::inline v0_2
