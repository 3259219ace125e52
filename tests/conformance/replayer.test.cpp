#include <conformance/example.hpp>

#include <support/catch.hpp>

using namespace registry::conformance;

namespace {

/// A change to a correct trace that makes it wrong.
struct forgery {
  const char* what;
  std::size_t line;
  const char* from;
  const char* to;
  /// The description of the difference.
  const char* reported;
};

const forgery duplicate_forgeries[] = {
    {"another number", 25, R"("res":1)", R"("res":2)", "result"},
    {"a double for an integer", 25, R"("res":1)", R"("res":{"f":"1.0"})", "result"},
    {"an error for a result", 25, R"("res":1)", R"("exc":{"type":"not_joined"})", "result"},
    {"a result for an error", 12, R"("exc":{"type":"not_joined"})", R"("res":null)", "result"},
    {"another error", 12, "not_joined", "not_registered", "result"},
    {"another actor as result", 5, R"("res":{"p":"p1"})", R"("res":{"p":"p2"})", "result"},
    {"insertion order", 8, R"([{"p":"p1"},1],[{"p":"p1"},{"b":"v"}])", R"([{"p":"p1"},{"b":"v"}],[{"p":"p1"},1])",
     "another order"},
    {"an entry too few", 8, R"([{"p":"p1"},1],)", "", "unexpected"},
    {"an entry too many", 8, R"([[{"p":"p1"},1],)", R"([[{"p":"p1"},1],[{"p":"p1"},1],)", "missing"},
    {"a value in a list without order", 16, R"([{"p":"p1"},{"p":"p2"},{"p":"p2"}])", R"([{"p":"p1"},{"p":"p1"},{"p":"p2"}])",
     "result"},
    {"an element too few without order", 17, R"([null],{"b":"EXIT"},{"b":"EXIT"})", R"([null],{"b":"EXIT"})", "unexpected"},
    {"a list for null", 19, R"("res":null)", R"("res":[])", "result"},
    {"a value in a snapshot", 6, R"([[{"p":"p1"},1]])", R"([[{"p":"p1"},2]])", "result"},
    {"an empty snapshot", 9, R"([[{"b":"k"},[[{"p":"p1"},1],[{"p":"p1"},{"b":"v"}],[{"p":"p2"},{"b":"v"}]]]])", "[]",
     "result"},
    {"a key in a snapshot", 9, R"([[{"b":"k"},[[)", R"([[{"b":"x"},[[)", "result"},
    {"an entry in a snapshot", 9, R"([{"p":"p1"},1],)", "", "result"},
    {"an event less", 5, R"("ev":{"s1":[["join",{"b":"k"},[[{"p":"p1"},1]]]]},)", "", "events of s1: 0 expected, 1 found"},
    {"an event more", 25, R"("res":1)", R"("res":1,"ev":{"s2":[["join",7,[[{"p":"p1"},1]]]]})",
     "events of s2: 1 expected, 0 found"},
    {"an event twice", 15, R"("s2":[["join")", R"("s2":[["join",{"b":"k"},[[{"p":"p1"},null]]],["join")",
     "events of s2: 2 expected, 1 found"},
    {"an event elsewhere", 21, R"({"s1":)", R"({"s2":)", "events of s2"},
    {"another verb", 11, R"({"s1":[["leave")", R"({"s1":[["join")", "events of s1"},
    {"another key", 21, R"(["join",7,)", R"(["join",{"f":"7.0"},)", "events of s1"},
    {"the order in an event", 11, R"([[{"p":"p1"},{"b":"v"}],[{"p":"p1"},1]])", R"([[{"p":"p1"},1],[{"p":"p1"},{"b":"v"}]])",
     "events of s1"},
    {"old and new value", 14, R"([{"p":"p2"},[3],{"f":"2.0"}])", R"([{"p":"p2"},{"f":"2.0"},[3]])", "events of s1"},
    {"an entry less in a payload", 14, R"([{"p":"p2"},[3],{"f":"2.0"}],)", "", "events of s1"},
    {"an event of an exit", 22, R"([{"p":"p2"},{"f":"2.0"}],)", "", "events of s2"},
    {"the order of events of an early death", 24,
     R"([["join",{"b":"k"},[[{"p":"p2"},5]]],["leave",{"b":"k"},[[{"p":"p2"},5]]]])",
     R"([["leave",{"b":"k"},[[{"p":"p2"},5]]],["join",{"b":"k"},[[{"p":"p2"},5]]]])", "another order"},
    {"a message to the listener more", 25, R"("res":1)", R"("res":1,"lis":[["unregister",7,{"p":"p1"}]])",
     "messages to the listener: 1"},
    {"a message to the listener less", 13, R"(,"lis":[["register",{"b":"k"},{"p":"p2"},[3]]])", "",
     "messages to the listener: 0"},
    {"the order of messages to the listener", 7,
     R"([["register",{"b":"k"},{"p":"p1"},{"b":"v"}],["register",{"b":"k"},{"p":"p2"},{"b":"v"}]])",
     R"([["register",{"b":"k"},{"p":"p2"},{"b":"v"}],["register",{"b":"k"},{"p":"p1"},{"b":"v"}]])", "another order"},
    {"a value in a message to the listener", 5, R"(["register",{"b":"k"},{"p":"p1"},1])",
     R"(["register",{"b":"k"},{"p":"p1"},2])", "listener"},
    {"a message to the listener of an exit", 22, R"(["unregister",7,{"p":"p2"}],)", "", "listener"},
    {"a message to the listener of an early death", 24, R"([["unregister",{"b":"k"},{"p":"p2"}],)", "[", "listener"},
    {"a message to an actor", 25, R"("res":1)", R"("res":1,"msgs":[[{"p":"p1"},1]])", "messages to p1: 1 expected, 0 found"},
    {"the end of an ended subscription", 23, "false", "true", "result"},
    {"the end of a subscription", 10, "true", "false", "result"},
    {"the quirk of an empty join", 20, R"(,"quirk":"empty_join_event")", "", "events of s1"},
};

const forgery unique_forgeries[] = {
    {"the holder", 5, R"("holder":{"p":"a"})", R"("holder":{"p":"b"})", "already_registered"},
    {"success of a second registration", 6, "false", "true", "result"},
    {"the receiver", 7, R"("res":{"p":"a"})", R"("res":{"p":"b"})", "result"},
    {"another receiver of a message", 7, R"([[{"p":"a"},{"b":"hi"}]])", R"([[{"p":"b"},{"b":"hi"}]])", "messages to a"},
    {"the message", 7, R"([[{"p":"a"},{"b":"hi"}]])", R"([[{"p":"a"},{"b":"ho"}]])", "messages to a"},
    {"a message that was not recorded", 7, R"(,"msgs":[[{"p":"a"},{"b":"hi"}]])", "", "messages to a: 0 expected, 1 found"},
    {"the holder of another key", 8, R"("res":null)", R"("res":{"p":"a"})", "result"},
    {"which error comes first", 9, "invalid_actor", "unique_requires_single_member", "result"},
};

void check_forgery(const std::vector<std::string>& lines, const forgery& change, route way) {
  INFO(change.what);
  example_stage stage;
  const auto found = stage.replay(doctored(lines, change.line, change.from, change.to), way);
  CHECK(found.refusal.empty());
  CHECK(found.counts.operations == lines.size() - 1);
  CHECK(found.counts.mismatches == 1);
  bool reported = false;
  for (const auto& [line, text] : found.differences) {
    INFO(line << ": " << text);
    CHECK(line == change.line);
    reported = reported || text.find(change.reported) != std::string::npos;
  }
  CHECK(reported);
}

} // namespace

TEST_CASE("a correct trace replays without a mismatch") {
  const auto way = GENERATE(route::calls, route::messages);
  for (const auto& lines : {duplicate_example(), unique_example()}) {
    const auto found = example_stage().replay(lines, way);
    for (const auto& [line, text] : found.differences)
      FAIL_CHECK(line << ": " << text);
    CHECK(found.refusal.empty());
    CHECK(found.counts.operations == lines.size() - 1);
    CHECK(found.counts.mismatches == 0);
    CHECK(found.counts.remark.empty());
  }
}

TEST_CASE("every forged line of a trace is a mismatch") {
  const auto way = GENERATE(route::calls, route::messages);
  for (const auto& change : duplicate_forgeries)
    check_forgery(duplicate_example(), change, way);
  for (const auto& change : unique_forgeries)
    check_forgery(unique_example(), change, way);
}

TEST_CASE("a difference that the format allows is not a mismatch") {
  const forgery tolerated[] = {
      {"ins*", 16, R"([{"p":"p1"},{"p":"p2"},{"p":"p2"}])", R"([{"p":"p2"},{"p":"p2"},{"p":"p1"}])", ""},
      {"none", 17, R"([null],{"b":"EXIT"},{"b":"EXIT"})", R"({"b":"EXIT"},[null],{"b":"EXIT"})", ""},
      {"snapshot", 9, R"([[{"p":"p1"},1],[{"p":"p1"},{"b":"v"}],)", R"([[{"p":"p1"},{"b":"v"}],[{"p":"p1"},1],)", ""},
      {"payload", 14, R"([[{"p":"p2"},[3],{"f":"2.0"}],[{"p":"p2"},{"b":"v"},{"f":"2.0"}]])",
       R"([[{"p":"p2"},{"b":"v"},{"f":"2.0"}],[{"p":"p2"},[3],{"f":"2.0"}]])", ""},
      {"groups", 22, R"(["unregister",7,{"p":"p2"}],["unregister",{"b":"k"},{"p":"p2"}])",
       R"(["unregister",{"b":"k"},{"p":"p2"}],["unregister",7,{"p":"p2"}])", ""},
      {"dead", 24, R"([["unregister",{"b":"k"},{"p":"p2"}],["register",{"b":"k"},{"p":"p2"},5]])",
       R"([["register",{"b":"k"},{"p":"p2"},5],["unregister",{"b":"k"},{"p":"p2"}]])", ""},
      {"events of an empty join", 20, R"("ev":{"s1":[["join",{"b":"k"},[]]]},)", "", ""},
  };
  for (const auto& change : tolerated) {
    INFO(change.what);
    const auto found = example_stage().replay(doctored(duplicate_example(), change.line, change.from, change.to));
    for (const auto& [line, text] : found.differences)
      FAIL_CHECK(line << ": " << text);
    CHECK(found.refusal.empty());
    CHECK(found.counts.mismatches == 0);
  }
}

TEST_CASE("a file that ends early is replayed with a remark") {
  auto lines = duplicate_example();
  lines.resize(10);
  const auto found = example_stage().replay(lines);
  CHECK(found.counts.operations == 9);
  CHECK(found.counts.mismatches == 0);
  CHECK(found.counts.remark == "the file ends early: 9 of 24 operations");
}

TEST_CASE("a call that no actor makes is played by an outsider") {
  const std::vector<std::string> lines{
      R"({"format":"portable-1","mode":"duplicate"})",
      R"({"n":1,"op":"spawn","args":[{"p":"p"}],"res":null})",
      R"({"n":2,"op":"monitor","args":[1],"res":[{"r":"s1"},[]],"ord":"snapshot"})",
      R"({"n":3,"op":"update_value","args":[1,2],"exc":{"type":"not_joined"}})",
      R"({"n":4,"op":"join","args":[1,{"p":"p"}],"res":null,"ev":{"s1":[["join",1,[[{"p":"p"},null]]]]},)"
      R"("lis":[["register",1,{"p":"p"},null]]})",
  };
  const auto found = example_stage().replay(lines);
  for (const auto& [line, text] : found.differences)
    FAIL_CHECK(line << ": " << text);
  CHECK(found.counts.operations == 4);
}
