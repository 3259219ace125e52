// Those who cannot read what two nodes say to each other, but write on the wire between them, and lines that are that bad.

#include <support/line_damage.hpp>
#include <support/proxied_pair.hpp>
#include <support/waiting.hpp>

#include <support/effort.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <array>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace cluster_tests;
using namespace registry::testing;
using namespace std::chrono_literals;

namespace {

/// Two nodes that change entries all the time, and somebody between them.
class spoiled_pair {
public:
  explicit spoiled_pair(const std::string& encryption)
      : pair_(launch_with(encryption), through(damages_[0]), through(damages_[1])) {
    REQUIRE(pair_.linked());
    pair_.watch();
    for (auto* x : pair_.both())
      x->ask(object("do", "start_load", "prefix", x->self(), "rate", 500, "keys", 200));
  }

  [[nodiscard]] const proxied_pair& nodes() const { return pair_; }
  [[nodiscard]] std::size_t connections() const { return pair_.to_a.made() + pair_.to_b.made(); }
  [[nodiscard]] std::size_t damage() const { return damages_[0].count() + damages_[1].count(); }

  void begin(std::size_t one_of) {
    using kind = line_damage::kind;
    for (auto& x : damages_)
      x.begin({kind::flip, kind::drop, kind::repeat, kind::swap, kind::insert}, one_of);
  }

  /// Does the same to whichever of the two ways the nodes take, once; to a new connection, or to that which they have.
  template <class Damage>
  void spoil(bool new_connection, Damage damage) {
    const auto before = this->damage();
    if (new_connection)
      pair_.cut();
    for (auto& x : damages_)
      damage(x);
    if (new_connection)
      pair_.restore();
    REQUIRE(eventually([&] { return this->damage() > before; }));
    end();
  }

  void end() {
    for (auto& x : damages_)
      x.end();
  }

  /// Checks that both nodes are as if nothing had happened.
  void check_unharmed() {
    REQUIRE(pair_.a->process().is_running());
    REQUIRE(pair_.b->process().is_running());
    REQUIRE(pair_.linked());
    for (auto* x : pair_.both())
      CHECK(number(x->ask(object("do", "stop_load", "prefix", x->self())), "failures") == 0);
    CHECK(pair_.equal());
    for (auto* x : pair_.both())
      CHECK(x->verify() == "");
  }

private:
  static launch launch_with(const std::string& encryption) {
    launch out;
    out.arguments = {"--encryption=" + encryption};
    out.handshake_timeout = 1s;
    return out;
  }

  static proxy::options through(line_damage& damage) {
    proxy::options out;
    out.changes = [&damage](std::size_t connection, proxy::end sender, std::string& bytes) {
      damage.spoil(connection, sender, bytes);
    };
    return out;
  }

  std::array<line_damage, 2> damages_{line_damage{seed()}, line_damage{seed() + 1}};
  proxied_pair pair_;
};

std::array<std::size_t, 2> memory_of(const spoiled_pair& x) {
  return {x.nodes().a->process().memory(), x.nodes().b->process().memory()};
}

void check_flat(const std::array<std::size_t, 2>& before, const std::array<std::size_t, 2>& after) {
#ifdef __SANITIZE_ADDRESS__
  constexpr std::size_t more = std::size_t{512} << 20U;
#else
  constexpr std::size_t more = std::size_t{24} << 20U;
#endif
  CAPTURE(before, after);
  CHECK(after[0] < before[0] + more);
  CHECK(after[1] < before[1] + more);
}

/// A header of CAF's protocol: operation, flags, length of the payload, its data, source and destination.
std::string caf_header(char operation, std::uint32_t length, char data = 0) {
  std::string out(32, '\0');
  out[0] = operation;
  for (unsigned i = 0; i < 4; ++i)
    out[4 + i] = static_cast<char>(length >> (24 - 8 * i));
  out[15] = data;
  return out;
}

std::vector<std::string> injections() {
  std::vector<std::string> out;
  for (char operation = 0; operation < 8; ++operation)
    out.push_back(caf_header(operation, operation == 2 ? 0xffff'ffffU : 0, 4));
  out.push_back(caf_header(2, 0x7fff'ffffU));
  for (const char kind : {1, 2, 3, 4, 5})
    out.push_back(std::string{kind} + "\xff\xff\xff");           // a record of ours
  out.push_back(std::string{"\x17\x03\x03\xff\xff", 5});         // one of TLS
  out.push_back(std::string{"\x15\x03\x03\x00\x02\x02\x28", 7}); // an alert of TLS
  out.push_back(std::string{"\x16\x03\x03\x00\x04\x01\xff\xff\xff", 9});
  out.emplace_back(4096, '\xff');
  return out;
}

} // namespace

TEST_CASE("a line that damages bytes ends links, and neither processes nor entries", "[wire]") {
  const auto encryption = GENERATE(as<std::string>{}, "required", "none");
  spoiled_pair x{encryption};
  const auto duration = std::chrono::seconds{repetitions(5)};
  x.begin(50);
  outlast(duration / 5);
  const auto before = memory_of(x);
  const auto links = x.connections();
  outlast(duration * 4 / 5);
  CHECK(eventually([&] { return x.connections() > links; })); // a slow machine says little in that time
  x.end();
  WARN(encryption << ": " << x.damage() << " changes of bytes, " << x.connections() << " connections");
  x.check_unharmed();
  check_flat(before, memory_of(x));
}

TEST_CASE("bytes that somebody puts into a link end it, and cost no memory", "[wire]") {
  const auto encryption = GENERATE(as<std::string>{}, "required", "none");
  spoiled_pair x{encryption};
  const auto before = memory_of(x);
  for (const auto sender : {proxy::end::dialler, proxy::end::acceptor}) {
    for (const auto& bytes : injections()) {
      const auto links = x.connections();
      x.spoil(false, [&](line_damage& way) { way.insert(sender, bytes); });
      REQUIRE(eventually([&] { return x.connections() > links; }));
      REQUIRE(x.nodes().linked());
    }
  }
  check_flat(before, memory_of(x));
  x.check_unharmed();
}

TEST_CASE("another bit at any place of a connection harms nothing", "[wire]") {
  const auto encryption = GENERATE(as<std::string>{}, "required", "none");
  spoiled_pair x{encryption};
  std::mt19937_64 random{seed()};
  // The first bytes are headers, and handshakes follow; then there is whatever nodes say.
  std::vector<std::size_t> offsets{0, 1, 2, 3, 4, 5};
  for (const std::size_t most : {64U, 400U, 2'000U, 20'000U}) {
    for (std::uint64_t i = 0; i < repetitions(2); ++i)
      offsets.push_back(random() % most);
  }
  const auto before = memory_of(x);
  for (const auto sender : {proxy::end::dialler, proxy::end::acceptor}) {
    for (const auto offset : offsets) {
      const auto bit = static_cast<unsigned>(random() % 8);
      CAPTURE(offset, bit);
      x.spoil(true, [&](line_damage& way) { way.flip(sender, offset, bit); });
      REQUIRE(x.nodes().linked());
    }
  }
  check_flat(before, memory_of(x));
  x.check_unharmed();
}

TEST_CASE("nothing of what nodes say can be read on an encrypted wire", "[wire]") {
  const auto encryption = GENERATE(as<std::string>{}, "required", "none");
  std::mutex lock;
  std::string heard;
  proxy::options way;
  way.hears = [&](std::size_t, proxy::end, std::string_view bytes) {
    const std::lock_guard guard(lock);
    heard += bytes;
  };
  launch with;
  with.arguments = {"--encryption=" + encryption};
  with.cluster = "the-name-of-the-cluster";
  with.secret = "the-secret-of-the-cluster-of-32-characters";
  with.commands.push_back(object("do", "open", "scope", "the-name-of-the-scope"));
  const proxied_pair pair{with, way, way};
  REQUIRE(pair.linked());
  for (auto* x : pair.both()) {
    x->ask(object("do", "join", "scope", "the-name-of-the-scope", "key", "the-key-of-the-entry", "data",
                  object("the-field-of-the-value", "the-text-of-the-value")));
    x->ask(object("do", "wait_replicated", "scope", "the-name-of-the-scope"));
  }
  pair.a->ask(object("do", "dispatch", "scope", "the-name-of-the-scope", "key", "the-key-of-the-entry", "strategy", "all",
                     "text", "the-text-of-a-message"));
  REQUIRE(eventually([&] { return number(pair.b->ask(object("do", "status")), "received") == 1; }));

  const std::lock_guard guard(lock);
  CHECK(heard.size() > 1000);
  const auto reads = [&](const std::string& text) { return heard.find(text) != std::string::npos; };
  CHECK_FALSE(reads(with.secret));
  // What is in plain shows that these are the words to look for.
  for (const std::string& text :
       {std::string{"the-name-of-the-cluster"}, std::string{"the-name-of-the-scope"}, std::string{"the-key-of-the-entry"},
        std::string{"the-field-of-the-value"}, std::string{"the-text-of-the-value"}, std::string{"the-text-of-a-message"},
        pair.a->node_id(), pair.b->node_id()}) {
    CAPTURE(text);
    CHECK(reads(text) == (encryption == "none"));
  }
}
