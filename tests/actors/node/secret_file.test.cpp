#include <registry/link/internal/private_file.hpp>
#include <registry/node/internal/secret_file.hpp>

#include <support/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace registry {

namespace {

/// What is read from a file of this content and mode, or the error.
std::string read_from(const std::string& content, ::mode_t mode) {
  const auto path = std::filesystem::temp_directory_path() / ("secret_file_test." + std::to_string(::getpid()));
  std::ofstream{path} << content;
  ::chmod(path.c_str(), mode);
  const auto read = read_secret_file(path);
  const bool is_open = is_open_to_others(path);
  std::filesystem::remove(path);
  CHECK(is_open == ((mode & 0006) != 0));
  if (read)
    return read.value();
  CHECK(read.error() == errc::invalid_argument);
  auto text = std::string{read.error().message()};
  if (const auto name = text.find(path.string()); name != std::string::npos)
    text.replace(name, path.string().size(), "FILE");
  return text;
}

} // namespace

TEST_CASE("a secret is the first line of its file, without white space at the end", "[secret_file]") {
  CHECK(read_from("one", 0400) == "one");
  CHECK(read_from("one\n", 0440) == "one");
  CHECK(read_from(" one two \t\r\nthree\n", 0600) == " one two");
  CHECK(read_from(std::string(60'000, 'x') + "\n" + std::string(60'000, 'y'), 0600) == std::string(60'000, 'x'));
}

TEST_CASE("a file without a usable secret is refused", "[secret_file]") {
  CHECK(read_from("", 0600) == "names a file of which no line can be read: 'FILE'");
  CHECK(read_from(" \nsecret\n", 0600) == "names a file whose first line is empty: 'FILE'");
  CHECK(read_from(std::string(70'000, 'x'), 0600) == "names a file whose first line is longer than 64 KiB: 'FILE'");
  CHECK(read_secret_file("/tmp").error().message() == "names a file of which no line can be read: '/tmp'");
  CHECK_FALSE(is_open_to_others("/no/such/file"));
}

TEST_CASE("a file that others may read or change is refused, with what to do", "[secret_file]") {
  for (const ::mode_t mode : {0644, 0604, 0602, 0666})
    CHECK(read_from("secret\n", mode) ==
          "names a file that everybody on this machine may read or change: make it private, chmod o= 'FILE'");
}

} // namespace registry
