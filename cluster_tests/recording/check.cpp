#include <recording/check.hpp>

#include <corpus/support/caf_stream.hpp>
#include <corpus/support/streams.hpp>

#include <support/catch.hpp>

#include <fstream>

namespace cluster_tests {

using namespace registry::corpus;

void check_readable(const std::filesystem::path& directory) {
  caf_reader reader;
  const auto streams = streams_in(directory);
  CHECK(!streams.empty());
  for (const auto& x : streams) {
    CAPTURE(x.name());
    const auto content = reader.read(x.bytes);
    const auto own = text_of(x.bytes, content.parts);
    std::ofstream{x.own_text()} << own;
    std::ofstream{x.caf_text()} << content.text;
    CHECK(text_of(x.bytes, places_in(text_in(x.own_text()))) == own);
  }
}

} // namespace cluster_tests
