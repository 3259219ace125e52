// A store with little memory, and its memory usage during bulk work.

#include <registry/store/store.hpp>

#include <support/allocation.hpp>
#include <support/catch.hpp>
#include <support/child.hpp>
#include <support/fake_member.hpp>

#include <sys/wait.h>

#include <array>
#include <csignal>
#include <functional>
#include <string>
#include <vector>

using namespace registry;
using registry::testing::in_child;
using registry::testing::make_member;
using registry::testing::scarce_memory;

namespace {

enum ending : int { completed = 0, threw = 10, unexpected = 11 };

/// A store with a few entries, and the operation on it.
struct scene {
  store entries{store_options{}};
  std::vector<member> members{make_member(1), make_member(2), make_member(3)};
  value key{"a key that is rather long, on the heap"};
  value data = object("role", "worker", "shard", 7);
  remote_change remote_join{1, verb::join, reason::explicit_request, key, {{1, members[0], data}, {2, members[1], data}}};
  remote_change remote_leave{2, verb::leave, reason::explicit_request, key, {{1, {}, {}}}};
  remote_change remote_update{2, verb::update, reason::explicit_request, key, {{2, {}, 5}}};
  std::vector<remote_group> content{{"another key that is on the heap", {{7, members[2], data}}}};

  scene() {
    entries.log().observe(true);
    REQUIRE(entries.join(key, std::span{members}.first(2), 1));
    REQUIRE(entries.join(key, std::span{members}.first(1), data));
    REQUIRE(entries.join("other", std::span{members}.first(1), data));
    REQUIRE(entries.apply(1, std::vector{remote_join}));
  }
};

/// Fails each allocation, the first, the second, and so on, until none fails any more. Returns their number.
std::size_t fail_each(const std::function<void(scene&)>& change) {
  constexpr std::size_t most = 1000;
  for (std::size_t n = 0; n < most; ++n) {
    const auto [status, text] = in_child([&] {
      scene here;
      try {
        const scarce_memory scarce(n);
        change(here);
      } catch (const std::bad_alloc&) {
        return threw;
      } catch (...) {
        return unexpected;
      }
      return completed;
    });
    CAPTURE(n, text);
    if (WIFEXITED(status) && WEXITSTATUS(status) == completed)
      return n;
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(WTERMSIG(status) == SIGABRT);
    REQUIRE(text.find("registry: out of memory while ") != std::string::npos);
    REQUIRE(text.find("the process ends") != std::string::npos);
  }
  return most;
}

} // namespace

TEST_CASE("a change without memory for it ends the process with a message, wherever the memory ends", "[store]") {
  CHECK(fail_each([](scene& s) { static_cast<void>(s.entries.join(s.key, s.members, 2)); }) > 3);
  CHECK(fail_each([](scene& s) { static_cast<void>(s.entries.join("new", s.members, s.data)); }) > 3);
  CHECK(fail_each([](scene& s) { static_cast<void>(s.entries.leave(s.key, std::span{s.members}.first(2))); }) > 3);
  CHECK(fail_each([](scene& s) { s.entries.leave_key(s.key); }) > 3);
  CHECK(fail_each([](scene& s) { s.entries.leave_all(s.members[0], reason::down); }) > 3);
  CHECK(fail_each([](scene& s) { static_cast<void>(s.entries.update(s.key, s.members[0], 3)); }) > 3);
  CHECK(fail_each([](scene& s) { s.entries.clear(); }) > 0);
}

TEST_CASE("a conditional change without memory for it ends the process with a message", "[store]") {
  CHECK(fail_each([](scene& s) {
          const auto* one = s.entries.entries().find("other").begin().operator->();
          const std::array<store::replacement, 1> all{{{one->position, one->data, 5}}};
          static_cast<void>(s.entries.update_if("other", s.members[0], all, 0));
        }) > 2);
  CHECK(fail_each([](scene& s) {
          const auto* one = s.entries.entries().find("other").begin().operator->();
          const std::array<store::removal, 1> all{{{one->position, one->data}}};
          static_cast<void>(s.entries.leave_if("other", s.members[0], all));
        }) > 2);
}

TEST_CASE("a change of another node without memory for it ends the process with a message", "[store][remote]") {
  CHECK(fail_each([](scene& s) { static_cast<void>(s.entries.apply(2, std::span{&s.remote_join, 1})); }) > 3);
  CHECK(fail_each([](scene& s) { static_cast<void>(s.entries.apply(1, std::span{&s.remote_leave, 1})); }) > 3);
  CHECK(fail_each([](scene& s) { static_cast<void>(s.entries.apply(1, std::span{&s.remote_update, 1})); }) > 3);
  CHECK(fail_each([](scene& s) { s.entries.install(1, std::move(s.content), {1, 0, 0}); }) > 3);
  CHECK(fail_each([](scene& s) { s.entries.install(2, std::move(s.content), {1, 0, 0}); }) > 3);
  CHECK(fail_each([](scene& s) { s.entries.purge(1, reason::node_down); }) > 3);
}

TEST_CASE("a refusal needs no memory and comes before any change", "[store]") {
  scene s;
  const auto commit = s.entries.log().last_commit();
  CHECK_FALSE(s.entries.join(s.key, std::vector<member>(3), 1));
  CHECK_FALSE(s.entries.leave("nobody", s.members));
  CHECK_FALSE(s.entries.apply(1, std::span{&s.remote_join, 1}));
  CHECK(s.entries.log().last_commit() == commit);
}

TEST_CASE("memory replaced during bulk work is freed before its end", "[store]") {
  constexpr std::size_t count = 50'000;
  std::vector<remote_group> content;
  content_digest digest;
  std::vector<member> members;
  for (std::uint64_t i = 0; i < 100; ++i)
    members.push_back(make_member(i));
  for (std::uint64_t i = 1; i <= count; ++i) {
    content.push_back({"key:" + std::to_string(i), {{i, members[i % members.size()], {}}}});
    digest.add(i, content.back().key, content.back().entries[0].who, {});
  }
  store s{store_options{}};
  s.install(1, content, digest);
  CHECK(s.entries().size() == count);
  CHECK(s.entries().uncollected() < 5'000); // of more than 100,000 pieces of memory
  // With entries held, another path leads there.
  std::swap(content.front(), content.back());
  content.push_back({"one more", {{count + 1, members[0], {}}}});
  store other{store_options{}};
  other.install(1, {content.back()}, {1, 0, 0});
  other.install(1, content, digest);
  CHECK(other.entries().size() == count + 1);
  CHECK(other.entries().uncollected() < 5'000);
  const auto before = registry::testing::allocated_bytes();
  static_cast<void>(other.collect_now());
  CHECK(registry::testing::allocated_bytes() <= before);
}
