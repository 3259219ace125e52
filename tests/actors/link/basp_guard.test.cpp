#include <registry/link/internal/basp_guard.hpp>

#include <link/basp_writer.hpp>

#include <support/catch.hpp>
#include <support/effort.hpp>
#include <support/seed.hpp>

#include <random>
#include <string>
#include <vector>

using namespace registry;
using namespace registry::testing;

namespace {

using verdict = basp_guard::verdict;
using kind = basp_header::kind;

constexpr std::uint64_t asynchronous = 0x1000'0000'0000'0000;
constexpr std::uint64_t link_actor = 7;
constexpr std::uint64_t spawn_server_0_17 = 0x3DD'D66F'3376'ADFB;

/// Node 1 is this one, node 2 the peer, the rest are third ones.
struct fixture {
  explicit fixture(basp_dialect of, bool dialler = true, basp_limits limits = {})
      : dialect(of),
        self(basp_node(of, 1)),
        peer(basp_node(of, 2)),
        guard({of, dialler, self, peer, basp_type_of, link_actor}, limits) {}

  verdict say(basp_header head, const basp_bytes& payload) {
    head.payload_size = static_cast<std::uint32_t>(payload.size());
    const auto bytes = encoded(head);
    const auto first = guard.take_header(std::span{bytes}.first<basp_header::size>());
    return first == verdict::pass ? guard.take_payload(payload) : first;
  }

  basp_writer writer() const { return basp_writer{dialect}; }
  /// The payload of a direct message up to its values.
  basp_writer content(const std::vector<std::string_view>& types) const {
    auto out = writer();
    if (dialect == basp_dialect::caf_0_17)
      out.length(0); // forwarding
    out.types(types);
    return out;
  }

  basp_bytes server_handshake() const {
    return writer().raw(peer).length(1).text("generic-caf-app").number(5, 8).length(0).take();
  }
  verdict shake_hands() { return say({kind::server_handshake, 0, 0, 3, 0, 0}, server_handshake()); }
  verdict message(const basp_bytes& payload, std::uint64_t to = 9) {
    return say({kind::direct_message, 0, 0, asynchronous, 4, to}, payload);
  }
  verdict routed(const basp_bytes& from, const basp_bytes& to, const basp_bytes& payload) {
    return say({kind::routed_message, 0, 0, asynchronous, 4, 9}, writer().raw(from).raw(to).raw(payload).take());
  }
  /// "link" or "unlink" of 0.17 is an atom, of 1.x a type.
  basp_bytes link_message(const basp_bytes& node) const {
    if (dialect == basp_dialect::caf_0_17)
      return content({"@atom", "@strong_actor_ptr"}).number(0xFC6'ECF0, 8).handle(3, node).take();
    return content({"@link", "@strong_actor_ptr"}).handle(3, node).take();
  }

  /// Of a dispatch to one actor.
  basp_bytes ordered_message(const basp_bytes& node, const std::vector<std::string_view>& types) const {
    auto out = content({"registry::ordered_fan_out_message"}).length(1).handle(1, node);
    return out.text("rooms").number(1, 8).number(2, 8).types(types).text("x").take();
  }

  basp_dialect dialect;
  basp_bytes self;
  basp_bytes peer;
  basp_guard guard;
};

template <class Test>
void with_both_dialects(Test test) {
  for (const auto dialect : {basp_dialect::caf_0_17, basp_dialect::caf_1}) {
    DYNAMIC_SECTION("CAF " << (dialect == basp_dialect::caf_0_17 ? "0.17" : "1.x")) {
      test(dialect);
    }
  }
}

/// One valid message of each operation, after the handshake.
std::vector<std::pair<basp_header, basp_bytes>> valid_messages(const fixture& x) {
  const auto third = basp_node(x.dialect, 3);
  const basp_header direct{kind::direct_message, 0, 0, asynchronous, 4, 9};
  return {
      {direct, x.content({}).take()},
      {direct, x.content({"@str", "@i32"}).text("hello").number(1, 4).take()},
      {direct, x.content({"@strvec"}).length(2).text("a").text("").take()},
      {direct, x.content({"@message"}).types({"@str"}).text("x").take()},
      {direct, x.content({"@error"}).error_head().types({"@str"}).text("x").take()},
      {direct, x.content({"@exit"}).handle(3, x.peer).error_head().types({}).take()},
      {direct, x.link_message(x.peer)},
      {{kind::direct_message, 0, 0, asynchronous, 4, link_actor},
       x.content({"registry::frame_message"}).text("bytes").length(2).handle(1, x.peer).handle(1, third).take()},
      {{kind::direct_message, 0, 0, asynchronous, 4, link_actor},
       x.content({"registry::fan_out_message"}).length(1).handle(1, x.self).types({"@str"}).text("x").take()},
      {{kind::direct_message, 0, 0, asynchronous, 4, link_actor}, x.ordered_message(x.self, {"@str"})},
      {{kind::routed_message, 0, 0, asynchronous, 4, 9},
       x.writer().raw(third).raw(x.self).raw(x.content({"@str"}).text("x").take()).take()},
      {{kind::monitor_message, 0, 0, 0, 0, 9}, x.writer().raw(x.peer).raw(x.self).take()},
      {{kind::down_message, 0, 0, 0, 9, 0}, x.writer().raw(x.peer).raw(x.self).error_head().types({}).take()},
      {{kind::heartbeat, 0, 0, 0, 0, 0}, {}},
  };
}

/// Messages, each inside of the next.
basp_bytes nested(const fixture& x, std::size_t depth, std::string_view type = "@message") {
  auto out = x.content({type});
  for (; depth > 1; --depth) {
    if (type == "@error")
      out.error_head();
    out.types({type});
  }
  if (type == "@error")
    out.error_head();
  return out.types({}).take();
}

} // namespace

TEST_CASE("a guard passes what nodes of CAF say to each other") {
  with_both_dialects([](auto dialect) {
    fixture dialler{dialect};
    REQUIRE(dialler.shake_hands() == verdict::pass);
    for (const auto& [head, payload] : valid_messages(dialler)) {
      CHECK(dialler.say(head, payload) == verdict::pass);
      CHECK(dialler.guard.reason().empty());
    }
    fixture acceptor{dialect, false};
    CHECK(acceptor.say({kind::client_handshake, 0, 0, 0, 0, 0}, acceptor.peer) == verdict::pass);
    if (dialect == basp_dialect::caf_0_17)
      CHECK(acceptor.say({kind::client_handshake, 2, 0, 0, 0, 0}, acceptor.peer) == verdict::pass);
    CHECK(acceptor.message(acceptor.content({}).take()) == verdict::pass);
  });
}

TEST_CASE("a guard ends a link whose handshake is missing, false, or comes again") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    const basp_header server{kind::server_handshake, 0, 0, 3, 0, 0};
    SECTION("missing") {
      CHECK(x.message(x.content({}).take()) == verdict::end);
      CHECK(x.say({kind::heartbeat, 0, 0, 0, 0, 0}, {}) == verdict::end);
    }
    SECTION("of the other role") {
      CHECK(x.say({kind::client_handshake, 0, 0, 0, 0, 0}, x.peer) == verdict::end);
      fixture acceptor{dialect, false};
      CHECK(acceptor.shake_hands() == verdict::end);
    }
    SECTION("of a node that is not the peer") {
      for (const auto& node : {x.self, basp_node(dialect, 3), x.writer().no_node().take()})
        CHECK(x.say(server, x.writer().raw(node).length(0).number(5, 8).length(0).take()) == verdict::end);
    }
    SECTION("twice") {
      CHECK(x.shake_hands() == verdict::pass);
      CHECK(x.shake_hands() == verdict::end);
    }
    SECTION("a third time, or later") {
      fixture acceptor{dialect, false};
      const basp_header again{kind::client_handshake, 2, 0, 0, 0, 0};
      CHECK(acceptor.say(again, acceptor.peer) == verdict::end);
      CHECK(acceptor.say({kind::client_handshake, 0, 0, 0, 0, 0}, acceptor.peer) == verdict::pass);
      CHECK(acceptor.message(acceptor.content({}).take()) == verdict::pass);
      CHECK(acceptor.say(again, acceptor.peer) == verdict::end);
    }
    SECTION("too long") {
      CHECK(x.say(server, basp_bytes((std::size_t{64} << 10) + 1)) == verdict::end);
    }
  });
}

TEST_CASE("a guard ends a link at a false header, before anything is allocated for it") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    const auto ends = [&](basp_header head) {
      const auto bytes = encoded(head);
      return x.guard.take_header(std::span{bytes}.first<basp_header::size>()) == verdict::end;
    };
    CHECK(ends({}));
    CHECK(ends({kind::server_handshake, 0, 0, 0, 0, 0}));
    REQUIRE(x.shake_hands() == verdict::pass);
    for (unsigned operation = 0; operation < 256; ++operation) {
      CHECK(ends({static_cast<kind>(operation), 0, 0xFFFF'FFFF, 1, 1, 1}));
      CHECK((operation == 6 || ends({static_cast<kind>(operation), 0, 0, 0, 0, 0})));
      CHECK(ends({static_cast<kind>(operation), 0x80, 10, 0, 4, 9}));
    }
    CHECK(ends({kind::direct_message, 0, 10, asynchronous, 4, 0}));
    CHECK(ends({kind::routed_message, 0, 10, asynchronous, 4, 0}));
    CHECK(ends({kind::monitor_message, 0, 10, 1, 0, 9}));
    CHECK(ends({kind::monitor_message, 0, 10, 0, 0, 0}));
    CHECK(ends({kind::down_message, 0, 10, 0, 0, 0}));
    CHECK(ends({kind::down_message, 0, 10, 0, 4, 9}));
    CHECK(ends({kind::heartbeat, 0, 1, 0, 0, 0}));
    CHECK(ends({kind::heartbeat, 0, 0, 0, 0, 9}));
  });
}

TEST_CASE("a guard ends a link at a message of a stream, whose content CAF would not look at before it casts it") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    REQUIRE(x.shake_hands() == verdict::pass);
    for (const auto category : {2U, 3U})
      CHECK(x.say({kind::direct_message, 0, 0, std::uint64_t{category} << 60U, 4, 9}, x.content({}).take()) == verdict::end);
    CHECK(x.say({kind::direct_message, 0, 0, 0, 4, 9}, x.content({}).take()) == verdict::pass);
  });
}

TEST_CASE("a guard ends a link that links an actor of another node than the peer") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    REQUIRE(x.shake_hands() == verdict::pass);
    CHECK(x.message(x.link_message(x.peer)) == verdict::pass);
    CHECK(x.message(x.link_message(x.writer().no_node().take())) == verdict::pass);
    CHECK(x.message(x.link_message(basp_node(dialect, 3))) == verdict::end);
    CHECK(x.message(x.link_message(x.self)) == verdict::end);
  });
}

TEST_CASE("a guard ends a link whose messages are nested deeper than a stack is") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    REQUIRE(x.shake_hands() == verdict::pass);
    for (const auto* type : {"@message", "@error"}) {
      CHECK(x.message(nested(x, 31, type)) == verdict::pass);
      CHECK(x.message(nested(x, 32, type)) == verdict::end);
      CHECK(x.message(nested(x, 500'000, type)) == verdict::end);
    }
    // Also behind a value whose end only the application knows.
    auto hidden = x.content({"shop::order", "@message"});
    for (int i = 0; i < 1'500; ++i)
      hidden.types({"@message"});
    CHECK(x.message(hidden.take()) == verdict::end);
    auto text = x.content({"shop::order"});
    for (int i = 0; i < 1'500; ++i)
      text.text("@<>");
    CHECK(x.message(text.take()) == verdict::pass);
  });
}

TEST_CASE("a guard does not let through types of CAF that do harm, and leaves those of the application alone") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    REQUIRE(x.shake_hands() == verdict::pass);
    CHECK(x.message(x.content({"shop::order"}).raw(basp_bytes(100)).take()) == verdict::pass);
    CHECK(x.message(x.content({"@group"}).raw(basp_bytes(100)).take()) == verdict::drop);
    CHECK(x.message(x.content({"shop::order", "@config_value"}).raw(basp_bytes(100)).take()) == verdict::drop);
    CHECK(x.message(x.content({"@message"}).types({"@group"}).raw(basp_bytes(100)).take()) == verdict::drop);
    CHECK(x.message(x.content({"@down"}).handle(3, x.self).error_head().types({}).take()) == verdict::drop);
    CHECK(x.message(x.content(std::vector<std::string_view>(257, "@unit")).take()) == verdict::end);
    CHECK(x.guard.dropped() == 4);
    // The length of bytes: CAF 0.17 would allocate it.
    CHECK(x.message(x.content({"@charbuf"}).length(0xFFFF'FFFF).take()) == verdict::end);
    CHECK(x.message(x.content({"@str"}).number(0xFFFF'FFFF'FFFF, 6).take()) == verdict::end);
    CHECK(x.message(x.content({"@str"}).text("x").number(0, 1).take()) == verdict::end);
  });
}

TEST_CASE("a guard says which messages without a sender it could not read to their end") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    REQUIRE(x.shake_hands() == verdict::pass);
    const auto order = x.content({"shop::order"}).raw(basp_bytes(100)).take();
    const basp_header anonymous{kind::direct_message, 0, 0, asynchronous, 0, 9};
    CHECK(x.say(anonymous, order) == verdict::pass);
    CHECK(x.guard.content_without_sender() == (dialect == basp_dialect::caf_0_17 ? 1 : 0)); // behind what it is forwarded by
    CHECK(x.message(order) == verdict::pass);
    CHECK_FALSE(x.guard.content_without_sender());
    CHECK(x.say(anonymous, x.content({"@str"}).text("x").take()) == verdict::pass);
    CHECK_FALSE(x.guard.content_without_sender());
  });
}

TEST_CASE("a guard lets messages of the link reach its own actor only") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    REQUIRE(x.shake_hands() == verdict::pass);
    const auto heartbeat = x.content({"registry::heartbeat_message"}).text("x").take();
    CHECK(x.message(heartbeat, link_actor) == verdict::pass);
    CHECK(x.message(heartbeat, link_actor + 1) == verdict::end);
    CHECK(x.message(x.content({"@message"}).types({"registry::heartbeat_message"}).text("x").take(), link_actor) ==
          verdict::end);
    CHECK(x.message(x.content({"@unit", "registry::link_welcome"}).take(), link_actor) == verdict::end);
    CHECK(x.message(x.content({"registry::fan_out_message"}).length(1).handle(1, x.peer).types({"@str"}).text("x").take(),
                    link_actor) == verdict::end);
    CHECK(x.message(x.ordered_message(x.peer, {"@str"}), link_actor) == verdict::end);
    CHECK(x.message(x.ordered_message(x.self, {"registry::heartbeat_message"}), link_actor) == verdict::end);
  });
}

TEST_CASE("a guard lets CAF's question for the spawn server through, and nothing else for an actor by its name") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    REQUIRE(x.shake_hands() == verdict::pass);
    const bool is_old = dialect == basp_dialect::caf_0_17;
    auto question = is_old
                        ? x.content({"@atom", "@atom", "@str"}).number(0x3F'8FB8, 8).number(0x3E'CAB9, 8).text("info").take()
                        : x.content({"@atom", "@get", "@str"}).text("info").take();
    const basp_header named{kind::direct_message, 1, 0, asynchronous, 4, is_old ? spawn_server_0_17 : 2};
    CHECK(x.say(named, question) == verdict::pass);
    CHECK(x.say({kind::direct_message, 1, 0, asynchronous, 4, 1}, question) == verdict::drop);
    CHECK(x.say(named, x.content({"@str"}).text("x").take()) == verdict::drop);
    if (is_old) {
      question[question.size() - 6] ^= std::byte{1};
      CHECK(x.say(named, question) == verdict::drop);
    }
  });
}

TEST_CASE("a guard drops what is not between the two ends, and does not end the link for what a third node says") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    REQUIRE(x.shake_hands() == verdict::pass);
    const auto third = basp_node(dialect, 3);
    const auto good = x.content({"@str"}).text("x").take();
    CHECK(x.routed(third, x.self, good) == verdict::pass);
    CHECK(x.routed(x.self, x.self, good) == verdict::pass);
    CHECK(x.routed(x.peer, third, good) == verdict::drop);
    CHECK(x.routed(third, x.self, nested(x, 100)) == verdict::drop);
    CHECK(x.routed(x.peer, x.self, nested(x, 100)) == verdict::end);
    CHECK(x.routed(x.writer().no_node().take(), x.self, good) == verdict::end);
    const auto monitor = [&](const basp_bytes& from, const basp_bytes& to) {
      return x.say({kind::monitor_message, 0, 0, 0, 0, 9}, x.writer().raw(from).raw(to).take());
    };
    CHECK(monitor(x.peer, third) == verdict::drop);
    CHECK(monitor(x.self, x.self) == verdict::end);
    const auto down = [&](const basp_bytes& from, const basp_bytes& to) {
      return x.say({kind::down_message, 0, 0, 0, 9, 0}, x.writer().raw(from).raw(to).error_head().types({}).take());
    };
    CHECK(down(third, x.self) == verdict::drop); // it would end the actor for this node
    CHECK(down(x.peer, third) == verdict::drop);
    CHECK(down(x.self, x.self) == verdict::drop);
  });
}

TEST_CASE("a guard bounds the nodes and the handles that a link may name") {
  with_both_dialects([](auto dialect) {
    basp_limits limits;
    limits.nodes = 3;
    limits.handles = 5;
    fixture x{dialect, true, limits};
    REQUIRE(x.shake_hands() == verdict::pass);
    const auto with_handles = [&](std::size_t count, std::uint8_t node) {
      auto out = x.content({"registry::frame_message"}).text("").length(count);
      for (; count > 0; --count)
        out.handle(count, basp_node(dialect, node));
      return x.message(out.take(), link_actor);
    };
    CHECK(with_handles(5, 2) == verdict::pass);
    CHECK(with_handles(6, 2) == verdict::end);
    for (const auto node : {3, 4, 5, 3, 2, 1})
      CHECK(with_handles(1, static_cast<std::uint8_t>(node)) == verdict::pass);
    CHECK(with_handles(1, 6) == verdict::end);
  });
}

TEST_CASE("a guard passes no message that was cut off, or to which something was added") {
  with_both_dialects([](auto dialect) {
    fixture x{dialect};
    REQUIRE(x.shake_hands() == verdict::pass);
    for (const auto& [head, payload] : valid_messages(x)) {
      for (std::size_t size = 0; size < payload.size(); ++size) {
        CAPTURE(static_cast<int>(head.operation), size);
        CHECK(x.say(head, {payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size)}) != verdict::pass);
      }
      auto longer = payload;
      longer.push_back({});
      CHECK(x.say(head, longer) != verdict::pass);
    }
  });
}

TEST_CASE("a guard survives random changes of what it reads") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  with_both_dialects([&](auto dialect) {
    const auto samples = valid_messages(fixture{dialect});
    std::size_t passed = 0;
    for (auto left = repetitions(20'000); left > 0; --left) {
      fixture x{dialect};
      REQUIRE(x.shake_hands() == verdict::pass);
      auto [head, payload] = samples[random() % samples.size()];
      for (auto flips = 1 + random() % 4; flips > 0 && !payload.empty(); --flips)
        payload[random() % payload.size()] ^= static_cast<std::byte>(1U << random() % 8);
      passed += x.say(head, payload) == verdict::pass ? 1 : 0;
      const auto bytes = encoded(head);
      auto changed = bytes;
      changed[random() % changed.size()] ^= static_cast<std::byte>(1U << random() % 8);
      static_cast<void>(x.guard.take_header(std::span{changed}.first<basp_header::size>()));
    }
    CHECK(passed > 0); // some changes leave a message that is another one
  });
}
