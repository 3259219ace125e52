#include <fuzz/target.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace registry::fuzz {

namespace {

constexpr std::size_t most_files = 50;
constexpr std::size_t most_bytes = 100'000;

std::vector<std::filesystem::path> corpus_of(const target& x) {
  std::vector<std::filesystem::path> out;
  for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path{FUZZ_CORPUS} / x.name))
    out.push_back(file.path());
  std::ranges::sort(out);
  return out;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// What is wrong, or nothing.
std::string complaint(const target& x, const std::string& content) {
  try {
    x.run(std::as_bytes(std::span{content}));
  } catch (const std::exception& e) {
    return e.what();
  }
  return {};
}

} // namespace

TEST_CASE("the fuzz targets are right about their corpora, which are small", "[fuzz]") {
  REQUIRE_FALSE(targets().empty());
  for (const auto& x : targets()) {
    INFO("target " << x.name);
    const auto files = corpus_of(x);
    CHECK_FALSE(files.empty());
    CHECK(files.size() <= most_files);
    CHECK(complaint(x, {}).empty());
    std::size_t bytes = 0;
    for (const auto& file : files) {
      const auto content = content_of(file);
      bytes += content.size();
      INFO("file " << file);
      CHECK(complaint(x, content) == std::string{});
    }
    CHECK(bytes <= most_bytes);
  }
}

} // namespace registry::fuzz
