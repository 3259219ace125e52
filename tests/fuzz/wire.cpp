// Frames between the replicas of a scope, as they come from another node.

#include <fuzz/target.hpp>

#include <registry/wire/internal/codec.hpp>

#include <support/fake_member.hpp>

#include <algorithm>

namespace registry::fuzz::wire_target {

namespace {

void check_refused(const frame& in, const error& why) {
  expect(why == errc::malformed || why == errc::limit_exceeded, "an unexpected error");
  expect(why.position() <= in.bytes.size(), "the error is beyond the end");
  expect(!why.message().empty(), "an error without a message");
}

/// The bytes depend on the order of the actors in their table, and on nothing else.
void check_decoded(const frame& in, const envelope& read) {
  const auto scope = scope_of(in);
  expect(scope && scope.value() == read.scope, "the scope is another one");
  const auto once = encode_frame(read.scope, read.what);
  expect(once.bytes.size() == in.bytes.size(), "the encoding is not canonical");
  const bool same_order = once.handles.size() <= in.handles.size() &&
                          std::ranges::equal(once.handles, std::span{in.handles}.first(once.handles.size()));
  expect(!same_order || once.bytes == in.bytes, "the encoding is not canonical");
  const auto again = decode_frame(once);
  expect(again && again.value().what.index() == read.what.index(), "what was encoded cannot be decoded");
  const auto twice = encode_frame(read.scope, again.value().what);
  expect(twice.bytes == once.bytes && twice.handles == once.handles, "what was encoded is decoded as something else");
}

/// The number of actors, of which the second is null, and the bytes.
void run(input data) {
  script choices{data};
  frame in;
  for (std::uint64_t n = choices.below(5); n > 0; --n)
    in.handles.push_back(n == 2 ? member{} : testing::make_member(n, 2));
  const auto bytes = choices.rest();
  in.bytes.assign(bytes.begin(), bytes.end());
  if (const auto read = decode_frame(in))
    check_decoded(in, read.value());
  else
    check_refused(in, read.error());
}

const registration it{"wire", run};

} // namespace

} // namespace registry::fuzz::wire_target
