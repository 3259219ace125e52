#include <registry/link/internal/basp_guard.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace registry::inline v0_2 {

namespace {

using bytes = std::span<const std::byte>;
using header_kind = basp_header::kind;
using type_names = std::vector<std::string_view>;

constexpr std::uint8_t named_receiver = 1;
constexpr std::uint8_t select_connection = 2;

// In the number of a message: its category, which decides how CAF's actors read the content.
constexpr unsigned category_shift = 60;
constexpr std::uint64_t highest_harmless_category = 1; // urgent, normal

// CAF 0.17 writes names as atoms: six bits a character.
namespace atoms {
constexpr std::uint64_t get = 0x3E'CAB9;
constexpr std::uint64_t sys = 0x3F'8FB8;
constexpr std::uint64_t link = 0xFC6'ECF0;
constexpr std::uint64_t unlink = 0xFE'B3C6'ECF0;
constexpr std::uint64_t spawn_server = 0x3DD'D66F'3376'ADFB;
} // namespace atoms
constexpr std::uint64_t spawn_server_of_caf_1 = 2;

constexpr std::array operations{"a server's handshake", "a client's handshake", "a message", "a routed message", "a monitor",
                                "an actor's end",       "a heartbeat"};

std::uint64_t number_in(bytes in) {
  std::uint64_t out = 0;
  for (const auto x : in)
    out = out << 8U | std::to_integer<std::uint64_t>(x);
  return out;
}

bool is_handshake(header_kind x) {
  return x == header_kind::server_handshake || x == header_kind::client_handshake;
}

bool is_message(header_kind x) {
  return x == header_kind::direct_message || x == header_kind::routed_message;
}

bool is_end_of_actor(std::string_view type) {
  return type == "@down" || type == "caf::down_msg" || type == "caf::node_down_msg";
}

} // namespace

basp_guard::basp_guard(basp_ends ends, basp_limits limits) : ends_(std::move(ends)), limits_(limits) {}

bool basp_guard::is_self(bytes node) const {
  return std::ranges::equal(node, ends_.self);
}

bool basp_guard::is_peer(bytes node) const {
  return std::ranges::equal(node, ends_.peer);
}

bool basp_guard::is_for_link_actor() const noexcept {
  return is_message(header_.operation) && (header_.flags & named_receiver) == 0 && header_.destination == ends_.link_actor;
}

// -- headers ------------------------------------------------------------------------------------------------------------------

basp_guard::verdict basp_guard::take_header(std::span<const std::byte, basp_header::size> data) {
  const bytes in{data};
  const auto operation = number_in(in.subspan(0, 1));
  header_ = {static_cast<header_kind>(operation),
             std::to_integer<std::uint8_t>(in[3]),
             static_cast<std::uint32_t>(number_in(in.subspan(4, 4))),
             number_in(in.subspan(8, 8)),
             number_in(in.subspan(16, 8)),
             number_in(in.subspan(24, 8))};
  const char* fault = operation >= operations.size() || number_in(in.subspan(1, 2)) != 0 ? "an unknown operation" : nullptr;
  if (fault == nullptr)
    fault = fault_in_header();
  if (fault == nullptr)
    fault = fault_in_order();
  if (fault == nullptr)
    return verdict::pass;
  reason_ = fault;
  return verdict::end;
}

const char* basp_guard::fault_in_header() const {
  const auto& x = header_;
  const auto flags = is_message(x.operation)                        ? named_receiver
                     : x.operation == header_kind::client_handshake ? select_connection
                                                                    : std::uint8_t{0};
  if ((x.flags & ~flags) != 0)
    return "a header with unknown flags";
  if (x.payload_size > (is_handshake(x.operation) ? limits_.handshake_bytes : limits_.message_bytes))
    return "a message that is too long";
  if ((x.payload_size == 0) != (x.operation == header_kind::heartbeat))
    return "a header with a length that does not fit its operation";
  const bool has_source = x.source != 0;
  const bool has_destination = x.destination != 0;
  switch (x.operation) {
  case header_kind::direct_message:
  case header_kind::routed_message:
    return has_destination ? nullptr : "a message to nobody";
  case header_kind::server_handshake:
    return x.data != 0 && !has_source && !has_destination ? nullptr : "a malformed handshake";
  case header_kind::client_handshake:
    return !has_source && !has_destination ? nullptr : "a malformed handshake";
  case header_kind::monitor_message:
    return has_destination && !has_source && x.data == 0 ? nullptr : "a malformed monitor";
  case header_kind::down_message:
    return has_source && !has_destination && x.data == 0 ? nullptr : "a malformed report of an actor's end";
  case header_kind::heartbeat:
    return !has_source && !has_destination && x.data == 0 ? nullptr : "a malformed heartbeat";
  }
  return "an unknown operation";
}

/// A server says one handshake, a client one, and with CAF 0.17 it repeats it.
const char* basp_guard::fault_in_order() const {
  if (!is_handshake(header_.operation))
    return handshakes_ == 0 ? "something before the handshake" : nullptr;
  const auto expected = ends_.dialler ? header_kind::server_handshake : header_kind::client_handshake;
  const unsigned most = !ends_.dialler && ends_.dialect == basp_dialect::caf_0_17 ? 2 : 1;
  if (header_.operation != expected || opened_ || handshakes_ == most)
    return "a handshake that nobody expects";
  return (header_.flags == select_connection) == (handshakes_ == 1) ? nullptr : "a handshake that nobody expects";
}

// -- payloads -----------------------------------------------------------------------------------------------------------------

basp_guard::verdict basp_guard::take_payload(bytes data) {
  third_ = false;
  unwanted_ = nullptr;
  trial_.reset();
  basp_reader in{data, ends_, limits_, nodes_};
  opened_ = opened_ || !is_handshake(header_.operation);
  switch (header_.operation) {
  case header_kind::server_handshake:
  case header_kind::client_handshake:
    ++handshakes_;
    take_handshake(in);
    break;
  case header_kind::direct_message:
  case header_kind::routed_message:
    take_message(in, data);
    break;
  case header_kind::monitor_message:
    take_monitor(in);
    break;
  case header_kind::down_message:
    take_down(in);
    break;
  case header_kind::heartbeat:
    break;
  }
  if (in.complete() && !in.at_end())
    in.refuse("something behind its end");
  return judge(in);
}

basp_guard::verdict basp_guard::judge(const basp_reader& in) {
  if (in.fault() == nullptr && unwanted_ == nullptr) {
    ++passed_;
    return verdict::pass;
  }
  reason_ = std::string{operations[static_cast<std::size_t>(header_.operation)]} + ": " +
            (in.fault() != nullptr ? in.fault() : unwanted_);
  if (in.fault() != nullptr && !third_)
    return verdict::end;
  ++dropped_;
  return verdict::drop;
}

void basp_guard::drop(const char* why) {
  if (unwanted_ == nullptr)
    unwanted_ = why;
}

void basp_guard::take_handshake(basp_reader& in) {
  if (!is_peer(in.node()))
    in.refuse("it is that of another node");
  if (header_.operation == header_kind::client_handshake)
    return;
  in.texts(); // the applications
  in.number(8);
  in.texts(); // the signatures of the actor
}

void basp_guard::take_message(basp_reader& in, bytes data) {
  if ((header_.data >> category_shift & 3U) > highest_harmless_category)
    in.refuse("it belongs to a stream of CAF, which links do not carry");
  if (header_.operation == header_kind::routed_message) {
    const auto source = in.node();
    const auto destination = in.node();
    third_ = !source.empty() && !is_peer(source) && !is_self(source);
    if (source.empty() || destination.empty())
      in.refuse("it is from or to no node");
    // The node there must have no reason to end its link with this one.
    if (!is_self(destination))
      drop("it is for another node, and links are direct");
  }
  if (ends_.dialect == basp_dialect::caf_0_17)
    in.handles(); // those that it has to go through
  const auto begin = in.position();
  const auto what = in.content();
  if (in.fault() != nullptr)
    return;
  if (header_.source == 0 && !in.complete())
    trial_ = begin;
  if (in.refused())
    drop("it has a type of CAF that links do not carry");
  else
    check_types(what, in, data);
}

void basp_guard::check_types(const basp_reader::message& what, basp_reader& in, bytes data) {
  const auto& types = what.names;
  const bool of_link =
      std::ranges::any_of(types, [&](auto x) { return find_basp_type(ends_.dialect, x).what == basp_type::kind::link; });
  if (of_link && (types.size() != 1 || header_.operation != header_kind::direct_message ||
                  (header_.flags & named_receiver) != 0 || header_.destination != ends_.link_actor))
    in.refuse("a message of the link is not for its actor");
  if (std::ranges::any_of(types, is_end_of_actor))
    drop("it reports the end of an actor, which CAF does itself");
  if ((header_.flags & named_receiver) != 0)
    check_named(what, in, data);
  check_link(what, in, data);
}

/// CAF's nodes ask each other for their spawn servers. To those and to the configuration server anybody else could say anything.
void basp_guard::check_named(const basp_reader::message& what, basp_reader& in, bytes data) {
  if (ends_.dialect == basp_dialect::caf_1) {
    if (header_.destination != spawn_server_of_caf_1 ||
        what.names != type_names{"caf::sys_atom", "caf::get_atom", "std::string"})
      drop("it is for an actor by its name");
    return;
  }
  if (header_.destination != atoms::spawn_server || what.names != type_names{"@atom", "@atom", "@str"})
    return drop("it is for an actor by its name");
  if (number_in(data.subspan(what.begin, 8)) != atoms::sys || number_in(data.subspan(what.begin + 8, 8)) != atoms::get)
    drop("it is for an actor by its name");
  static_cast<void>(in);
}

/// CAF takes the actor of such a message for one of another node, whatever it is.
void basp_guard::check_link(const basp_reader::message& what, basp_reader& in, bytes data) {
  std::size_t begin = what.begin;
  if (ends_.dialect == basp_dialect::caf_0_17) {
    if (what.names != type_names{"@atom", "@strong_actor_ptr"})
      return;
    const auto atom = number_in(data.subspan(begin, 8));
    if (atom != atoms::link && atom != atoms::unlink)
      return;
    begin += 8;
  } else if (what.names != type_names{"caf::link_atom", "caf::strong_actor_ptr"} &&
             what.names != type_names{"caf::unlink_atom", "caf::strong_actor_ptr"}) {
    return;
  }
  basp_reader again{data.subspan(begin), ends_, limits_, nodes_};
  const auto home = again.handle();
  if (!home.empty() && !is_peer(home))
    in.refuse("it links an actor that is not of its node");
}

void basp_guard::take_monitor(basp_reader& in) {
  const auto source = in.node();
  const auto destination = in.node();
  third_ = !source.empty() && !is_peer(source) && !is_self(source);
  if (source.empty() || destination.empty() || is_self(source))
    in.refuse("it is from or to a node that cannot be");
  if (!is_self(destination))
    drop("it is for another node, and links are direct");
}

void basp_guard::take_down(basp_reader& in) {
  const auto source = in.node();
  const auto destination = in.node();
  third_ = !source.empty() && !is_peer(source) && !is_self(source);
  in.error();
  if (source.empty() || destination.empty())
    in.refuse("it is from or to no node");
  if (!is_peer(source) || !is_self(destination))
    drop("it is about another node, and links are direct");
  else if (in.refused())
    drop("it has a type of CAF that links do not carry");
}

} // namespace registry::inline v0_2
