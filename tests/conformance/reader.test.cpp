#include <conformance/example.hpp>

#include <support/catch.hpp>

using namespace registry::conformance;

namespace {

/// A change to a correct trace that makes it invalid.
struct damage {
  std::size_t line;
  const char* from;
  const char* to;
  const char* message;
};

} // namespace

TEST_CASE("a line that violates the format is refused with file and line") {
  const damage damages[] = {
      // the header
      {1, "portable-1", "portable-2", "the format \"portable-2\" is unknown"},
      {1, R"("format":"portable-1",)", "", "the field \"format\" is missing"},
      {1, "\"duplicate\"", "\"many\"", "the mode \"many\""},
      {1, "\"otp\"", "\"beam\"", "unknown field \"beam\""},
      {1, "\"ops\":24", "\"ops\":\"24\"", "an integer is expected"},
      // lines
      {3, "{\"n\"", "{n", "no JSON"},
      {3, "null}", "null", "no JSON"},
      {3, "null}", "null} 1", "no JSON"},
      {3, R"({"n":2,"op":"spawn","args":[{"p":"p2"}],"res":null})", "", "no JSON"},
      {3, R"({"n":2,"op":"spawn","args":[{"p":"p2"}],"res":null})", "[]", "a line is an object"},
      {3, R"("res":null)", "\"res\":\"\xff\"", "no JSON"},
      {3, "\"n\":2", "\"n\":3", "\"n\" must be 2"},
      {3, "\"res\"", "\"result\"", "unknown field \"result\""},
      {3, ",\"res\":null", "", "either \"res\" or \"exc\""},
      {12, "\"exc\"", "\"res\":null,\"exc\"", "either \"res\" or \"exc\""},
      {3, "\"spawn\"", "\"fork\"", "the operation \"fork\" is unknown"},
      // arguments
      {25, "\"args\":[]", "\"args\":[1]", "count takes 0 arguments, not 1"},
      {21, R"([7,{"p":"p2"}])", "[7]", "join takes 2 or 3 arguments, not 1"},
      {3, R"([{"p":"p2"}])", R"([{"p":"p1"}])", "the name of a new actor is new"},
      {3, R"([{"p":"p2"}])", "[1]", "a new actor is written"},
      {12, R"({"p":"p1"})", R"({"p":"p9"})", "must have been spawned before"},
      {12, R"({"p":"p1"})", R"({"b":"not_an_actor"})", "an actor or a list of actors"},
      {5, R"("by":{"p":"p1"},)", "", "register needs the actor"},
      {5, R"("by":{"p":"p1"})", R"("by":"p1")", "an actor is written"},
      {23, R"({"r":"s1"})", R"({"b":"s1"})", "a subscription is written"},
      // values
      {25, "\"res\":1", "\"res\":1.0", "a number is an integer of 64 bits"},
      {25, "\"res\":1", "\"res\":9223372036854775808", "a number is an integer of 64 bits"},
      {25, "\"res\":1", "\"res\":\"1\"", "a string {\"b\":\"text\"}"},
      {25, "\"res\":1", R"("res":{"f":"1.0x"})", "a finite decimal number"},
      {25, "\"res\":1", R"("res":{"f":"inf"})", "a finite decimal number"},
      {25, "\"res\":1", R"("res":{"f":"-0.0"})", "never -0.0"},
      {25, "\"res\":1", R"("res":{"f":1})", "a double is a text"},
      {25, "\"res\":1", R"("res":{"x":1})", "one of the tags"},
      {25, "\"res\":1", R"("res":{"b":"x","f":"1.0"})", "one of the tags"},
      {25, "\"res\":1", R"("res":{"m":[["b",1],["a",2]]})", "ascend"},
      {25, "\"res\":1", R"("res":{"m":[["a",1],["a",2]]})", "ascend"},
      {25, "\"res\":1", R"("res":{"m":[["a"]]})", "a list of pairs"},
      {25, "\"res\":1", R"("res":{"r":"s1"})", "one of the tags"},
      // patterns and expressions
      {18, R"({"var":1})", R"({"var":0})", "a variable has a number from 1"},
      {18, R"("tail":{"var":1})", R"("tail":{"lit":[]})", "a tail is a variable or any"},
      {18, R"({"list":[],"tail":{"var":1}})", R"({"some":1})", "a pattern is one of"},
      {17, R"({"any":true})", R"({"any":1})", "a pattern is one of"},
      {17, R"({"bindings":true})", R"({"bindings":false})", "an expression is one of"},
      {17, R"({"op":"hd","args":[{"var":2}]})", R"({"op":"hd"})", "an expression is one of"},
      {17, R"("body":[{"bindings":true}])", R"("body":[])", "a clause has"},
      {17, R"({"pat":[{"var":1},{"any":true},{"var":2}])", R"({"pat":[{"var":1},{"var":2}])", "a clause has"},
      {17, R"("guards":[],)", "", "a clause has"},
      // results, events, messages
      {8, "\"ins\"", "\"sorted\"", "\"ord\" is known"},
      {8, "\"ins\"", "\"snapshot\"", "only new subscriptions"},
      {22, "\"groups\"", "\"maybe\"", "\"evord\" is known"},
      {20, "\"empty_join_event\"", "\"strange\"", "\"quirk\" is known"},
      {25, "\"res\":1", "\"res\":1,\"quirk\":\"empty_join_event\"", "only a join of nobody"},
      {12, "not_joined", "too_late", "the type of an error is known"},
      {12, "\"not_joined\"", "\"not_joined\",\"holder\":{\"p\":\"p1\"}", "a holder belongs to already_registered"},
      {12, "not_joined", "already_registered", "a holder belongs to already_registered"},
      {4, R"([{"r":"s1"},[]])", "[]", "a new subscription is [handle, snapshot]"},
      {5, R"(["join",{"b":"k"},[[{"p":"p1"},1]]])", R"(["merge",{"b":"k"},[[{"p":"p1"},1]]])", "an event is"},
      {5, R"(["join",{"b":"k"},[[{"p":"p1"},1]]])", R"(["update",{"b":"k"},[[{"p":"p1"},1]]])", "an event is"},
      {5, R"([["join",{"b":"k"},[[{"p":"p1"},1]]]])", "[]", "a subscription that got nothing is not listed"},
      {5, R"(["register",{"b":"k"},{"p":"p1"},1])", R"(["register",{"b":"k"},{"p":"p1"}])", "a listener gets"},
      {5, R"(["register",{"b":"k"},{"p":"p1"},1])", R"(["register",{"b":"k"},1,1])", "a listener gets"},
  };
  example_stage stage;
  for (const auto& x : damages) {
    INFO(x.line << ": " << x.to);
    const auto found = stage.replay(doctored(duplicate_example(), x.line, x.from, x.to));
    CHECK(found.counts.operations == 0);
    CHECK_THAT(found.refusal, Catch::Matchers::StartsWith("example:" + std::to_string(x.line) + ": "));
    CHECK_THAT(found.refusal, Catch::Matchers::ContainsSubstring(x.message));
  }
}

TEST_CASE("a file without a header is refused") {
  CHECK_THAT(example_stage().replay({}).refusal, Catch::Matchers::ContainsSubstring("begins with a header"));
  CHECK_THAT(example_stage().replay({R"({"n":1,"op":"count","args":[],"res":0})"}).refusal,
             Catch::Matchers::ContainsSubstring("example:1: unknown field"));
}

TEST_CASE("a delivered message names an actor") {
  const auto found = example_stage().replay(doctored(unique_example(), 7, R"([[{"p":"a"},)", R"([[{"b":"a"},)"));
  CHECK_THAT(found.refusal, Catch::Matchers::ContainsSubstring("example:7: an actor is written"));
}

TEST_CASE("an actor exits once") {
  const auto found = example_stage().replay(doctored(duplicate_example(), 25, R"("op":"count","args":[],"res":1)",
                                                     R"("op":"exit","args":[{"p":"p2"}],"res":null)"));
  CHECK_THAT(found.refusal, Catch::Matchers::ContainsSubstring("example:25: an actor exits once"));
}
