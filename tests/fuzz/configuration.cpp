// Configuration files and the command line of a program with a node.

#include <actors/node/app_config.hpp>
#include <fuzz/target.hpp>

#include <registry/membership/address.hpp>
#include <registry/node/clustered_system_config.hpp>
#include <registry/node/internal/file_lines.hpp>
#include <registry/node/nearest_word.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace registry::fuzz::configuration_target {

using testing::app_config;

namespace {

/// A file in memory that goes with this object.
class file_with {
public:
  explicit file_with(std::string_view content) : descriptor_(::memfd_create("configuration", MFD_CLOEXEC)) {
    expect(descriptor_ >= 0 && ::write(descriptor_, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
           "the system has no room for a file");
  }
  file_with(const file_with&) = delete;
  file_with& operator=(const file_with&) = delete;
  ~file_with() { ::close(descriptor_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
  int descriptor_;
};

/// Not those that name files, of which there are some that never end; nor those that print.
bool is_harmless(std::string_view argument) {
  return argument.find("file") == std::string_view::npos && argument.find("help") == std::string_view::npos &&
         argument != "-h";
}

void check(const clustered_system_config& config, const result<void>& read) {
  if (!read) {
    expect(read.error() == errc::invalid_argument && !read.error().message().empty(), "an error without a message");
    return;
  }
  const auto options = config.cluster();
  if (!options)
    expect(options.error() == errc::invalid_argument && !options.error().message().empty(), "an error without a message");
  else
    expect(options.value().validate().has_value(), "options that are refused later");
}

void read(std::string_view content, std::vector<std::string> arguments) {
  const file_with file{content};
  arguments.insert(arguments.begin(), "app");
  std::vector<char*> pointers;
  for (auto& x : arguments)
    pointers.push_back(x.data());
  pointers.push_back(nullptr);
  app_config config;
  check(config, config.read(static_cast<int>(arguments.size()), pointers.data(), file.path()));
}

void check_address(std::string_view text) {
  const auto read = parse_address(text);
  if (!read) {
    expect(read.error().position() <= text.size(), "the error is beyond the end");
    return;
  }
  expect(is_host(read.value().host), "an address without a host");
  const auto again = parse_address(to_string(read.value()));
  expect(again && again.value() == read.value(), "an address comes back as another one");
}

/// The content of a file and the arguments, with null characters between them.
void run(input data) {
  const auto parts = split(data, '\0');
  if (parts.front().find("file") != std::string_view::npos)
    return;
  std::vector<std::string> arguments;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    check_address(parts[i]);
    static_cast<void>(nearest_name(parts[i].substr(0, 100), {"registry.listen", "registry.seeds", "app.port"}));
    if (is_harmless(parts[i]))
      arguments.emplace_back(parts[i]);
  }
  for (const auto& [name, line] : file_lines(parts.front()))
    expect(line >= 1 && line <= 1 + std::ranges::count(parts.front(), '\n'), "there is no such line");
  read(parts.front(), std::move(arguments));
}

const registration it{"configuration", run};

} // namespace

} // namespace registry::fuzz::configuration_target
