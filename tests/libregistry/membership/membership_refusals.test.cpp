#include <libregistry/membership/membership_fixture.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <string>

using namespace registry;
using namespace registry::testing::one_member;
using namespace std::chrono_literals;

TEST_CASE_METHOD(fixture, "a refusal is logged once at each end") {
  node.dial_failed(there, dial_failure::wrong_secret, now);
  take();
  REQUIRE(all<action::warn>().size() == 1);
  CHECK(all<action::warn>()[0].text.find("there:1") != std::string::npos);
  run_until(60s);
  CHECK(all<action::dial>().size() == 1);
  node.dial_failed(there, dial_failure::wrong_secret, now);
  node.dialler_refused(there, dial_failure::wrong_version, now, "1 and 2");
  node.dialler_refused(there, dial_failure::wrong_version, now, "1 and 3");
  node.dialler_refused(there, dial_failure::duplicate_link, now);
  take();
  REQUIRE(all<action::warn>().size() == 1);
  CHECK(all<action::warn>()[0].text.find("(1 and 2)") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "a refusal that is repeated is told again once a minute, with the number of times") {
  const node_address stranger{"198.51.100.7", 0};
  const auto refuse = [&](const node_address& who, int times) {
    for (int i = 0; i < times; ++i)
      node.dialler_refused(who, dial_failure::wrong_secret, now, "from a stranger");
  };
  const auto lines = [&] {
    std::vector<std::string> out;
    for (const auto& x : all<action::warn>()) {
      if (x.text.starts_with("refused"))
        out.push_back(x.text);
    }
    return out;
  };
  run_until(60s);
  refuse(stranger, 241);
  take();
  CHECK(lines() ==
        std::vector<std::string>{"refused 198.51.100.7: the shared secrets differ; give all nodes of the cluster the "
                                 "same one (from a stranger)"});
  run_until(121s);
  CHECK(lines() == std::vector<std::string>{"refused 198.51.100.7 240 more times since the last such message: the shared "
                                            "secrets differ; give all nodes of the cluster the same one"});
  run_until(300s);
  CHECK(lines().empty());
  // However many there are, a few lines are enough.
  for (std::uint16_t i = 0; i < 10; ++i)
    refuse({"198.51.100." + std::to_string(i), 0}, 3);
  run_until(now + 61s);
  CHECK(lines().size() <= 10 + 4 + 1);
  CHECK(lines().back().starts_with("refused 12 more dials since"));
}

TEST_CASE_METHOD(fixture, "strangers leave some lines of each minute to diallers that have proved themselves") {
  for (int i = 0; i < 100; ++i)
    node.dialler_refused({"10.0.0." + std::to_string(i), 0}, dial_failure::broken_handshake, now);
  node.dialler_refused({"db2", 4700}, dial_failure::duplicate_node_id, now);
  take();
  REQUIRE_FALSE(all<action::warn>().empty());
  CHECK(all<action::warn>().back().text.starts_with("refused db2:4700: "));
}

TEST_CASE_METHOD(fixture, "strangers can neither fill the log nor silence it") {
  std::size_t lines = 0;
  const auto forge = [&](std::uint16_t from) {
    for (std::uint16_t i = 0; i < 2000; ++i)
      node.dialler_refused({"10.0.0." + std::to_string(from), i}, dial_failure::wrong_secret, now);
  };
  for (std::uint16_t minute = 0; minute < 10; ++minute) {
    forge(minute);
    run_until(now + 60s);
    lines += all<action::warn>().size();
  }
  CHECK(lines >= 100);
  CHECK(lines <= 180);
  node.dialler_refused({"198.51.100.7", 0}, dial_failure::wrong_secret, now);
  take();
  REQUIRE_FALSE(all<action::warn>().empty());
  CHECK(all<action::warn>().back().text.find("198.51.100.7") != std::string::npos);
  run_until(now + 60s);
  node.dialler_refused({"198.51.100.7", 0}, dial_failure::wrong_secret, now);
  take();
  CHECK(all<action::warn>().empty());
}
