#include <registry/entry/event.hpp>
#include <registry/error/error.hpp>

#include <support/child.hpp>
#include <support/fake_member.hpp>

#include <support/catch.hpp>

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <string>

using namespace registry;

namespace {

constexpr errc all_codes[] = {errc::invalid_argument,   errc::invalid_actor,
                              errc::not_local,          errc::not_joined,
                              errc::already_registered, errc::timeout,
                              errc::malformed,          errc::requires_unique,
                              errc::scope_exists,       errc::unique_requires_single_member,
                              errc::not_registered,     errc::bad_match_spec,
                              errc::unknown_reference,  errc::scope_closed,
                              errc::limit_exceeded,     errc::actor_down,
                              errc::cancelled,          errc::failed};

result<int> half(int x) {
  if (x % 2 != 0)
    return errc::invalid_argument;
  return x / 2;
}

result<void> check(bool good) {
  if (!good)
    return errc::timeout;
  return success();
}

} // namespace

TEST_CASE("every error code has a unique name and a message that says what to do") {
  std::set<std::string> names;
  std::set<std::string> messages;
  for (auto code : all_codes) {
    const error e{code};
    CAPTURE(to_string(code));
    CHECK(e.code() == code);
    CHECK(e == code);
    CHECK(e.message().size() > 20);
    CHECK(e.position() == 0);
    CHECK_FALSE(e.holder());
    CHECK(to_string(e) == std::string{to_string(code)} + ": " + std::string{e.message()});
    names.insert(std::string{to_string(code)});
    messages.insert(std::string{e.message()});
  }
  CHECK(names.size() == std::size(all_codes));
  CHECK(messages.size() == std::size(all_codes));
  CHECK(names.count("unknown") == 0);
  CHECK(static_cast<int>(errc::failed) == static_cast<int>(std::size(all_codes)));
}

TEST_CASE("the name of an error code is the name of its enumerator") {
  CHECK(to_string(errc::not_joined) == "not_joined");
  CHECK(to_string(errc::unique_requires_single_member) == "unique_requires_single_member");
}

TEST_CASE("a code from a newer version still has a name and a message") {
  CHECK(to_string(static_cast<errc>(200)) == "unknown");
  CHECK_FALSE(error{static_cast<errc>(200)}.message().empty());
}

TEST_CASE("an error keeps its own message, and an empty one falls back to the default") {
  CHECK(error{errc::timeout, "waited 5 s for a member"}.message() == "waited 5 s for a member");
  CHECK(error{errc::timeout, ""}.message() == error{errc::timeout}.message());
}

TEST_CASE("an error carries the holder of a name") {
  const auto holder = testing::make_member(7);
  {
    const auto e = error::held_by(holder);
    const auto copy = e;
    CHECK(e == errc::already_registered);
    CHECK(copy.holder().get() == holder.get());
    CHECK(e.message() == error{errc::already_registered}.message());
    CHECK(testing::use_count(holder) == 2);
  }
  CHECK(testing::use_count(holder) == 1);
}

TEST_CASE("an error carries the position where it was found") {
  const auto e = error::at(errc::malformed, 17, "expected a colon");
  CHECK(e == errc::malformed);
  CHECK(e.position() == 17);
  CHECK(to_string(e) == "malformed: expected a colon");
}

TEST_CASE("a result is either a value or an error") {
  CHECK(half(4).value() == 2);
  CHECK(half(3).error() == errc::invalid_argument);
  CHECK(check(true));
  CHECK(check(false).error() == errc::timeout);
}

TEST_CASE("verbs and reasons are spelled as in the reference") {
  CHECK(to_string(verb::join) == "join");
  CHECK(to_string(verb::leave) == "leave");
  CHECK(to_string(verb::update) == "update");
  CHECK(to_string(reason::explicit_request) == "explicit");
  CHECK(to_string(reason::down) == "down");
  CHECK(to_string(reason::node_down) == "node_down");
  CHECK(to_string(reason::drained) == "drained");
  CHECK(to_string(reason::resync) == "resync");
}

TEST_CASE("the value of a failure ends the program with the error and the calls that led there") {
  const auto taken = testing::in_child([] { return half(1).value(); });
  CHECK(WIFSIGNALED(taken.status));
  CHECK(WTERMSIG(taken.status) == SIGABRT);
  CHECK(taken.text.find(to_string(error{errc::invalid_argument})) != std::string::npos);
  CHECK(taken.text.find("check the result first") != std::string::npos);
#if __has_include(<execinfo.h>)
  CHECK(std::count(taken.text.begin(), taken.text.end(), '\n') > 3);
#endif
  const auto message = testing::in_child([] {
    check(false).value();
    return 0;
  });
  CHECK(WIFSIGNALED(message.status));
  CHECK(message.text.find(to_string(error{errc::timeout})) != std::string::npos);
}

TEST_CASE("the error of a success ends the program") {
  const auto taken = testing::in_child([] { return static_cast<int>(half(2).error().code()); });
  CHECK(WIFSIGNALED(taken.status));
  CHECK(taken.text.find("is a success") != std::string::npos);
}
