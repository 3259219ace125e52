// A replica between an honest peer and a hostile one, who sends any frames at any time.

#include <fuzz/support/node.hpp>
#include <fuzz/target.hpp>

#include <registry/wire/internal/codec.hpp>

#include <support/fake_member.hpp>

#include <algorithm>
#include <deque>
#include <utility>
#include <variant>

namespace registry::fuzz::replica_target {

namespace {

constexpr incarnation hostile{3, 1};

replica_options options() {
  replica_options out;
  out.window = 2000;
  out.acknowledge_after = 200;
  out.frame_size = 200;
  out.journal_bytes = 2000;
  out.snapshot_entries = 20;
  out.snapshot_bytes = 4000;
  return out;
}

class world {
public:
  explicit world(key_mode mode) : near_(1, mode, options()), far_(2, mode, options()) {
    near_.logic.peer_up(far_.name());
    far_.logic.peer_up(near_.name());
    near_.logic.peer_up(hostile);
  }

  void step(script& in);
  /// Without the hostile peer the others are in step.
  void end();

private:
  void change(node& at, script& in);
  void relay();
  void settle();
  void pass(int seconds);
  void change_link(script& in);

  void send(const frame& what);
  void send_bytes(script& in, bool whole);
  void send_message(script& in);
  void send_snapshot(script& in);
  void send_delta(script& in);
  [[nodiscard]] std::vector<remote_group> some_groups(script& in);
  content_header header(script& in);
  value some_value(script& in);
  member some_member(script& in);
  std::vector<remote_entry> some_entries(script& in);
  std::vector<remote_change> some_changes(script& in, std::uint64_t commit);
  void take(const frame& said);

  node near_;
  node far_;
  std::deque<frame> to_near_;
  std::deque<frame> to_far_;
  std::chrono::nanoseconds now_{0};

  // What the hostile peer knows and has said.
  stream_token asked_;
  std::uint64_t answer_ = 1;
  std::uint64_t commit_ = 1;
  content_digest digest_;
};

// -- the honest ones ---------------------------------------------------------------------------------------------------

void world::change(node& at, script& in) {
  const value key{in.below(3)};
  const auto who = at.actor(1 + in.below(4));
  switch (in.below(4)) {
  case 0:
    static_cast<void>(at.content().leave(key, std::vector{who}));
    break;
  case 1:
    static_cast<void>(at.content().update(key, who, in.byte()));
    break;
  case 2:
    static_cast<void>(at.content().leave_all(who, reason::down));
    break;
  default:
    static_cast<void>(at.content().join(key, std::vector{who}, in.byte()));
  }
}

void world::relay() {
  near_.drain();
  far_.drain();
  for (auto& x : near_.logic.take_outgoing()) {
    if (x.to == hostile)
      take(x.what);
    else
      to_far_.push_back(std::move(x.what));
  }
  for (auto& x : far_.logic.take_outgoing())
    to_near_.push_back(std::move(x.what));
}

void world::settle() {
  for (relay(); !to_near_.empty() || !to_far_.empty(); relay()) {
    if (!to_near_.empty()) {
      expect(near_.logic.receive(far_.name(), to_near_.front()).has_value(), "an honest frame is refused");
      to_near_.pop_front();
    }
    if (!to_far_.empty()) {
      expect(far_.logic.receive(near_.name(), to_far_.front()).has_value(), "an honest frame is refused");
      to_far_.pop_front();
    }
  }
}

void world::pass(int seconds) {
  for (; seconds > 0; --seconds) {
    now_ += std::chrono::seconds{1};
    near_.logic.tick(now_);
    far_.logic.tick(now_);
    settle();
  }
}

void world::end() {
  near_.logic.peer_down(hostile, reason::node_down);
  pass(8);
  near_.check();
  far_.check();
  expect(near_.entries_of(hostile).empty(), "entries of a peer stay that is down");
  expect(near_.logic.in_sync() && far_.logic.in_sync(), "the honest replicas are not in step");
  for (const auto& owner : {near_.name(), far_.name()})
    expect(near_.entries_of(owner) == far_.entries_of(owner), "the honest replicas differ");
}

// -- the hostile one ---------------------------------------------------------------------------------------------------

/// What the replica says to it.
void world::take(const frame& said) {
  const auto read = decode_frame(said);
  expect(read && read.value().scope == "s", "the replica sends something that is no frame");
  if (const auto* hello = std::get_if<hello_message>(&read.value().what))
    asked_ = hello->token;
}

void world::send(const frame& what) {
  // A link whose peer violates the protocol is closed; here the peer dials again.
  if (near_.logic.receive(hostile, what))
    return;
  near_.logic.peer_unlinked(hostile);
  relay();
  near_.logic.peer_up(hostile, handle_state::lost);
}

void world::send_bytes(script& in, bool whole) {
  frame what;
  for (const auto& who : {near_.actor(1), far_.actor(1), testing::make_member(1, 3), testing::make_member(2, 3)})
    what.handles.push_back(who);
  if (!whole) {
    for (const auto x : {std::uint8_t{wire_version}, in.byte(), std::uint8_t{1}, std::uint8_t{'s'}})
      what.bytes.push_back(std::byte{x});
  }
  const auto bytes = in.bytes();
  what.bytes.insert(what.bytes.end(), bytes.begin(), bytes.end());
  send(what);
}

/// Mostly one that the replica accepts.
content_header world::header(script& in) {
  const auto change = in.below(16);
  if (change == 1)
    ++answer_;
  content_header out{asked_, 3, answer_};
  if (change == 2)
    out.epoch = 1 + in.byte();
  if (change == 3)
    out.answer = in.byte();
  if (change == 4)
    out.token.number += in.byte();
  return out;
}

value world::some_value(script& in) {
  switch (in.below(4)) {
  case 0:
    return value{std::string(in.byte(), 'x')};
  case 1:
    return value{some_member(in)};
  default:
    return value{in.below(3)};
  }
}

member world::some_member(script& in) {
  const auto id = 1 + in.below(3);
  switch (in.below(4)) {
  case 0:
    return near_.actor(id);
  case 1:
    return far_.actor(id);
  default:
    return testing::make_member(id, 3);
  }
}

std::vector<remote_entry> world::some_entries(script& in) {
  std::vector<remote_entry> out(1 + in.below(3));
  for (auto& x : out) {
    x.number = 1 + in.below(8);
    x.who = some_member(in);
    x.data = some_value(in);
  }
  return out;
}

std::vector<remote_change> world::some_changes(script& in, std::uint64_t commit) {
  std::vector<remote_change> out(1 + in.below(3));
  for (auto& x : out) {
    x.commit = ++commit;
    x.what = static_cast<verb>(in.below(3));
    x.why = static_cast<reason>(in.below(5));
    x.key = some_value(in);
    x.entries = some_entries(in);
  }
  return out;
}

std::vector<remote_group> world::some_groups(script& in) {
  std::vector<remote_group> out;
  for (auto n = in.below(4); n > 0; --n) {
    out.push_back({some_value(in), some_entries(in)});
    for (const auto& x : out.back().entries)
      digest_.add(x.number, out.back().key, x.who, x.data);
  }
  return out;
}

/// A whole one, as an honest peer would send it, but for what is in it.
void world::send_snapshot(script& in) {
  digest_ = {};
  ++answer_;
  commit_ = in.byte();
  const content_header header{asked_, 3, answer_};
  const auto content = some_groups(in);
  send(encode_frame("s", snapshot_begin_message{header, commit_, digest_.count}));
  send(encode_frame("s", snapshot_chunk_message{header, 0, content}));
  send(encode_frame("s", snapshot_end_message{header, digest_}));
}

/// The next one, as an honest peer would send it, but for what is in it.
void world::send_delta(script& in) {
  auto changes = some_changes(in, commit_);
  const auto previous = std::exchange(commit_, changes.back().commit);
  send(encode_frame("s", delta_message{{asked_, 3, answer_}, previous, std::move(changes)}));
}

void world::send_message(script& in) {
  message what;
  switch (in.below(9)) {
  case 0:
    what = hello_message{
        {1U + in.below(4), in.byte()}, static_cast<key_mode>(in.below(2)), in.coin(), {in.below(3), in.byte()}};
    break;
  case 1:
    what = goodbye_message{in.below(5)};
    break;
  case 2:
    what = refused_message{in.coin() ? asked_ : stream_token{in.below(3), in.byte()}, static_cast<refusal>(in.below(3))};
    break;
  case 3:
    what = acknowledge_message{{1U + in.below(4), in.byte()}, std::uint64_t{in.byte()} << (8 * in.below(8))};
    break;
  case 4:
    digest_ = {};
    what = snapshot_begin_message{header(in), in.byte(), in.below(32)};
    break;
  case 5: {
    const auto index = in.below(3);
    what = snapshot_chunk_message{header(in), index, some_groups(in)};
    break;
  }
  case 6:
    what = snapshot_end_message{header(in), digest_};
    break;
  case 7: {
    const std::uint64_t previous = in.byte();
    what = delta_message{header(in), previous, some_changes(in, previous)};
    break;
  }
  default:
    what = digest_message{header(in), in.byte(), in.coin() ? digest_ : content_digest{}};
  }
  send(encode_frame("s", what));
}

void world::change_link(script& in) {
  switch (in.below(6)) {
  case 0:
    return near_.logic.peer_up(hostile, in.coin() ? handle_state::kept : handle_state::lost);
  case 1:
    return near_.logic.peer_unlinked(hostile);
  case 2:
    return near_.logic.peer_suspect(hostile);
  case 3:
    return near_.logic.peer_alive_again(hostile);
  default:
    near_.logic.peer_down(hostile, reason::node_down);
    return near_.logic.peer_up(hostile);
  }
}

void world::step(script& in) {
  near_.drain();
  const auto far_entries = near_.entries_of(far_.name());
  const auto kind = in.below(10);
  switch (kind) {
  case 0:
    send_bytes(in, in.coin());
    break;
  case 1:
    change(near_, in);
    break;
  case 2:
    change(far_, in);
    break;
  case 3:
    pass(1 + static_cast<int>(in.below(4)));
    break;
  case 4:
    change_link(in);
    break;
  case 5:
    send_snapshot(in);
    break;
  case 6:
    send_delta(in);
    break;
  default:
    send_message(in);
  }
  near_.drain();
  expect(kind == 3 || near_.entries_of(far_.name()) == far_entries, "a peer changes the entries of another");
  relay();
  near_.check();
}

void run(input data) {
  script in{data};
  world x{in.coin() ? key_mode::unique : key_mode::duplicate};
  for (int steps = 0; !in.done() && steps < 100; ++steps)
    x.step(in);
  x.end();
}

const registration it{"replica", run};

} // namespace

} // namespace registry::fuzz::replica_target
