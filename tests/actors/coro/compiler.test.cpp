#include <coro/manual_actor.hpp>

#include <registry/coro/task.hpp>
#include <registry/coro/when.hpp>

#include <support/catch.hpp>

#include <memory>
#include <string>
#include <vector>

// Forms that GCC 12.2 miscompiles in coroutines, each beside the working form, which is tested. With a sanitizer these tests
// show whether a working form has stopped working. See also "a loop over tasks that are ready does not use up the stack":
// symmetric transfer is a tail call only with -O2 and without sanitizers.

namespace registry {

namespace {

using testing::manual_actor;

task<std::size_t> size_of(std::vector<std::string> words) {
  co_return words.size();
}

/// An aggregate that owns memory.
struct parcel {
  std::shared_ptr<int> content;
  std::string label;
};

task<std::string> label_of(parcel x) {
  co_return x.label + std::to_string(*x.content);
}

/// The same with a constructor.
class sealed_parcel {
public:
  sealed_parcel(std::shared_ptr<int> content, std::string label) : content_(std::move(content)), label_(std::move(label)) {}
  [[nodiscard]] std::string text() const { return label_ + std::to_string(*content_); }

private:
  std::shared_ptr<int> content_;
  std::string label_;
};

task<std::string> label_of(sealed_parcel x) {
  co_return x.text();
}

task<std::string> one() {
  co_return std::string(40, '1');
}
task<std::string> two() {
  co_return std::string(40, '2');
}

} // namespace

TEST_CASE("an initializer list inside a co_await expression crashes GCC 12: name it", "[coro][compiler]") {
  // Not: co_await size_of({"a", "b"})
  manual_actor actor;
  std::size_t size = 0;
  actor.run([&size]() -> task<> {
    std::vector<std::string> words{"a", "b", std::string(40, 'c')};
    size = co_await size_of(std::move(words));
  });
  CHECK(size == 3);
}

TEST_CASE("an aggregate temporary in a co_await expression is destroyed twice by GCC 12: name it, or give it a constructor",
          "[coro][compiler]") {
  // Not: co_await label_of(parcel{content, "label"})
  manual_actor actor;
  auto content = std::make_shared<int>(7);
  std::string got;
  actor.run([&]() -> task<> {
    parcel named{content, std::string(40, 'n')};
    got += co_await label_of(std::move(named));
    got += co_await label_of(sealed_parcel{content, std::string(40, 's')});
  });
  CHECK(got == std::string(40, 'n') + "7" + std::string(40, 's') + "7");
  actor.kill();
  CHECK(content.use_count() == 1);
}

TEST_CASE("GCC 12 confuses the branches of a conditional expression that await: use if", "[coro][compiler]") {
  // Not: first ? co_await one() : co_await two()
  manual_actor actor;
  std::string got;
  actor.run([&]() -> task<> {
    for (const bool first : {true, false}) {
      std::string text;
      if (first)
        text = co_await one();
      else
        text = co_await two();
      got += text.front();
    }
  });
  CHECK(got == "12");
}

TEST_CASE("a co_await inside an expression that GCC looks at twice is evaluated twice: name the result",
          "[coro][compiler]") {
  // Not: CHECK(co_await self.receive<std::int32_t>() == 1), nor any __builtin_constant_p(co_await …)
  manual_actor actor;
  std::int32_t got = 0;
  actor.run([&]() -> task<> {
    const auto received = co_await actor.self().receive<std::int32_t>();
    CHECK(received == 1);
    got = received;
  });
  actor.receive(std::int32_t{1});
  CHECK(got == 1);
  CHECK(actor.ended());
}

TEST_CASE("operations with their arguments as temporaries are awaited safely", "[coro][compiler]") {
  manual_actor actor;
  std::string got;
  actor.run([&]() -> task<> {
    using namespace std::chrono_literals;
    auto self = actor.self();
    const auto first = co_await when_any(self, self.receive<std::string, std::int32_t>(), one(), self.sleep_for(1ms));
    got = std::get<1>(first);
  });
  CHECK(got == std::string(40, '1'));
  CHECK(actor.ended());
}

} // namespace registry
