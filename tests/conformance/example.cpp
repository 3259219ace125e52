#include <conformance/example.hpp>

#include <support/catch.hpp>

#include <sstream>

namespace registry::conformance {

std::vector<std::string> duplicate_example() {
  return {
      R"({"format":"portable-1","seed":1,"mode":"duplicate","ops":24,"peer":"PgRegistry 0.4.1","otp":"27"})",
      R"({"n":1,"op":"spawn","args":[{"p":"p1"}],"res":null})",
      R"({"n":2,"op":"spawn","args":[{"p":"p2"}],"res":null})",
      R"({"n":3,"op":"monitor_scope","by":{"p":"p2"},"args":[],"res":[{"r":"s1"},[]],"ord":"snapshot"})",
      R"({"n":4,"op":"register","by":{"p":"p1"},"args":[{"b":"k"},1],"res":{"p":"p1"},)"
      R"("ev":{"s1":[["join",{"b":"k"},[[{"p":"p1"},1]]]]},"lis":[["register",{"b":"k"},{"p":"p1"},1]]})",
      R"({"n":5,"op":"monitor","by":{"p":"p1"},"args":[{"b":"k"}],"res":[{"r":"s2"},[[{"p":"p1"},1]]],"ord":"snapshot"})",
      R"({"n":6,"op":"join","args":[{"b":"k"},[{"p":"p1"},{"p":"p2"}],{"b":"v"}],"res":null,)"
      R"("ev":{"s1":[["join",{"b":"k"},[[{"p":"p1"},{"b":"v"}],[{"p":"p2"},{"b":"v"}]]]],)"
      R"("s2":[["join",{"b":"k"},[[{"p":"p1"},{"b":"v"}],[{"p":"p2"},{"b":"v"}]]]]},)"
      R"("lis":[["register",{"b":"k"},{"p":"p1"},{"b":"v"}],["register",{"b":"k"},{"p":"p2"},{"b":"v"}]]})",
      R"({"n":7,"op":"lookup","args":[{"b":"k"}],"res":[[{"p":"p1"},1],[{"p":"p1"},{"b":"v"}],[{"p":"p2"},{"b":"v"}]],"ord":"ins"})",
      R"({"n":8,"op":"monitor_scope","by":{"p":"p1"},"args":[],)"
      R"("res":[{"r":"s3"},[[{"b":"k"},[[{"p":"p1"},1],[{"p":"p1"},{"b":"v"}],[{"p":"p2"},{"b":"v"}]]]]],"ord":"snapshot"})",
      R"({"n":9,"op":"demonitor","args":[{"r":"s3"}],"res":true})",
      R"({"n":10,"op":"leave","args":[{"b":"k"},[{"p":"p1"},{"p":"p1"}]],"res":null,)"
      R"("ev":{"s1":[["leave",{"b":"k"},[[{"p":"p1"},{"b":"v"}],[{"p":"p1"},1]]]],)"
      R"("s2":[["leave",{"b":"k"},[[{"p":"p1"},{"b":"v"}],[{"p":"p1"},1]]]]},)"
      R"("lis":[["unregister",{"b":"k"},{"p":"p1"}],["unregister",{"b":"k"},{"p":"p1"}]]})",
      R"({"n":11,"op":"leave","args":[{"b":"k"},{"p":"p1"}],"exc":{"type":"not_joined"}})",
      R"({"n":12,"op":"register","by":{"p":"p2"},"args":[{"b":"k"},[3]],"res":{"p":"p2"},)"
      R"("ev":{"s1":[["join",{"b":"k"},[[{"p":"p2"},[3]]]]],"s2":[["join",{"b":"k"},[[{"p":"p2"},[3]]]]]},)"
      R"("lis":[["register",{"b":"k"},{"p":"p2"},[3]]]})",
      R"({"n":13,"op":"update_value_pid","args":[{"b":"k"},{"p":"p2"},{"f":"2.0"}],"res":null,)"
      R"("ev":{"s1":[["update",{"b":"k"},[[{"p":"p2"},[3],{"f":"2.0"}],[{"p":"p2"},{"b":"v"},{"f":"2.0"}]]]],)"
      R"("s2":[["update",{"b":"k"},[[{"p":"p2"},{"b":"v"},{"f":"2.0"}],[{"p":"p2"},[3],{"f":"2.0"}]]]]},"evord":"payload"})",
      R"({"n":14,"op":"register","by":{"p":"p1"},"args":[{"b":"k"},null],"res":{"p":"p1"},)"
      R"("ev":{"s1":[["join",{"b":"k"},[[{"p":"p1"},null]]]],"s2":[["join",{"b":"k"},[[{"p":"p1"},null]]]]},)"
      R"("lis":[["register",{"b":"k"},{"p":"p1"},null]]})",
      R"({"n":15,"op":"get_members","args":[{"b":"k"}],"res":[{"p":"p1"},{"p":"p2"},{"p":"p2"}],"ord":"ins*"})",
      R"({"n":16,"op":"select","args":[[{"pat":[{"var":1},{"any":true},{"var":2}],"guards":[{"op":"is_float","args":[{"var":2}]}],)"
      R"("body":[{"op":"hd","args":[{"var":2}]}]},{"pat":[{"any":true},{"any":true},{"var":3}],"guards":[],"body":[{"bindings":true}]}]],)"
      R"("res":[[null],{"b":"EXIT"},{"b":"EXIT"}],"ord":"none"})",
      R"({"n":17,"op":"match","args":[{"b":"k"},{"list":[],"tail":{"var":1}},[]],"res":[],"ord":"none"})",
      R"({"n":18,"op":"dispatch","args":[{"b":"other"}],"res":null})",
      R"({"n":19,"op":"join","args":[{"b":"k"},[],1],"res":null,"ev":{"s1":[["join",{"b":"k"},[]]]},"quirk":"empty_join_event"})",
      R"({"n":20,"op":"join","args":[7,{"p":"p2"}],"res":null,)"
      R"("ev":{"s1":[["join",7,[[{"p":"p2"},null]]]]},"lis":[["register",7,{"p":"p2"},null]]})",
      R"({"n":21,"op":"exit","args":[{"p":"p2"}],"res":null,)"
      R"("ev":{"s2":[["leave",{"b":"k"},[[{"p":"p2"},{"f":"2.0"}],[{"p":"p2"},{"f":"2.0"}]]]]},)"
      R"("lis":[["unregister",{"b":"k"},{"p":"p2"}],["unregister",7,{"p":"p2"}],["unregister",{"b":"k"},{"p":"p2"}]],"evord":"groups"})",
      R"({"n":22,"op":"demonitor","args":[{"r":"s1"}],"res":false})",
      R"({"n":23,"op":"join","args":[{"b":"k"},{"p":"p2"},5],"res":null,)"
      R"("ev":{"s2":[["join",{"b":"k"},[[{"p":"p2"},5]]],["leave",{"b":"k"},[[{"p":"p2"},5]]]]},)"
      R"("lis":[["unregister",{"b":"k"},{"p":"p2"}],["register",{"b":"k"},{"p":"p2"},5]],"evord":"dead"})",
      R"({"n":24,"op":"count","args":[],"res":1})",
  };
}

std::vector<std::string> unique_example() {
  return {
      R"({"format":"portable-1","mode":"unique","ops":8})",
      R"({"n":1,"op":"spawn","args":[{"p":"a"}],"res":null})",
      R"({"n":2,"op":"spawn","args":[{"p":"b"}],"res":null})",
      R"({"n":3,"op":"register","by":{"p":"a"},"args":[1,null],"res":{"p":"a"},"lis":[["register",1,{"p":"a"},null]]})",
      R"({"n":4,"op":"register","by":{"p":"b"},"args":[1,null],"exc":{"type":"already_registered","holder":{"p":"a"}}})",
      R"({"n":5,"op":"register_name","args":[1,{"p":"b"}],"res":false})",
      R"({"n":6,"op":"send","args":[1,{"b":"hi"}],"res":{"p":"a"},"msgs":[[{"p":"a"},{"b":"hi"}]]})",
      R"({"n":7,"op":"whereis_name","args":[{"f":"1.0"}],"res":null})",
      R"({"n":8,"op":"join","args":[1,[{"p":"b"},{"b":"not_an_actor"}],1],"exc":{"type":"invalid_actor"}})",
  };
}

std::vector<std::string> doctored(std::vector<std::string> lines, std::size_t line, std::string_view from,
                                  std::string_view to) {
  auto& text = lines.at(line - 1);
  const auto place = text.find(from);
  REQUIRE(place != std::string::npos);
  text.replace(place, from.size(), to);
  return lines;
}

example_stage::example_stage() : system_(config_), home_(node::start(system_).value()) {}

replayed example_stage::replay(const std::vector<std::string>& lines, route way) {
  std::stringstream file;
  for (const auto& line : lines)
    file << line << '\n';
  replayed out;
  replayer player(home_, way, [&](const trace&, const operation& what, const std::vector<std::string>& differences) {
    for (const auto& text : differences)
      out.differences.emplace_back(what.line, text);
  });
  const auto counts = player.replay(file, "example");
  if (counts)
    out.counts = counts.value();
  else
    out.refusal = counts.error().message();
  return out;
}

} // namespace registry::conformance
