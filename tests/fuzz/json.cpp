// JSON from users.

#include <fuzz/target.hpp>

#include <registry/value/codec.hpp>
#include <registry/value/json.hpp>

namespace registry::fuzz::json_target {

namespace {

void run(input data) {
  const auto text = text_of(data);
  const auto read = from_json(text);
  if (!read) {
    expect(read.error() == errc::malformed || read.error() == errc::limit_exceeded, "an unexpected error");
    expect(read.error().position() <= text.size(), "the error is beyond the end");
    expect(!read.error().message().empty(), "an error without a message");
    return;
  }
  const auto& x = read.value();
  const auto written = to_json(x);
  expect(written.has_value(), "what was read cannot be written");
  const auto again = from_json(written.value());
  expect(again && identical(again.value(), x), "what was written is read as something else");
  expect(to_json(again.value()).value() == written.value(), "a value has two texts");
  std::vector<std::byte> bytes;
  handle_table none;
  expect(encode(x, bytes, none).has_value(), "what was read cannot be encoded");
  const auto decoded = decode(bytes, {});
  expect(decoded && identical(decoded.value(), x), "what was encoded is decoded as something else");
}

const registration it{"json", run};

} // namespace

} // namespace registry::fuzz::json_target
