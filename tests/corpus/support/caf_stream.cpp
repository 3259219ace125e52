#include <corpus/support/basp.hpp>
#include <corpus/support/caf_stream.hpp>
#include <corpus/support/handshake.hpp>
#include <corpus/support/message_text.hpp>
#include <corpus/support/text.hpp>
#include <corpus/support/type_blocks.hpp>

#include <registry/compat/messages.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_proxy.hpp>
#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/make_actor.hpp>
#include <caf/message.hpp>
#include <caf/proxy_registry.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <utility>

namespace registry::corpus {

namespace {

using kind = basp_header::kind;

constexpr std::array<const char*, 7> operation_names{"server_handshake", "client_handshake", "direct_message",
                                                     "routed_message",   "monitor_message",  "down_message",
                                                     "heartbeat"};

struct config : system_config {
  config() {
    compat::add_messages<caf::id_block::chat>(*this);
    compat::add_messages<caf::id_block::dispatch>(*this);
    set("scheduler.max-threads", 1);
  }
};

/// Stands for an actor of a recorded node.
class recorded_actor : public caf::actor_proxy {
public:
  using caf::actor_proxy::actor_proxy;
  void enqueue(caf::mailbox_element_ptr, caf::execution_unit*) override {}
  void kill_proxy(caf::execution_unit* context, caf::error reason) override { cleanup(std::move(reason), context); }
};

class recorded_nodes : public caf::proxy_registry::backend {
public:
  explicit recorded_nodes(caf::actor_system& system) : system_(system) {}
  caf::strong_actor_ptr make_proxy(caf::node_id node, caf::actor_id id) override {
    caf::actor_config config;
    return caf::make_actor<recorded_actor, caf::strong_actor_ptr>(id, std::move(node), &system_, config);
  }
  void set_last_hop(caf::node_id*) override {}

private:
  caf::actor_system& system_;
};

std::string text_of_nodes(const caf::node_id& from, const caf::node_id& to) {
  return to_string(from) + " to " + to_string(to);
}

template <class Texts>
std::string text_of_all(const Texts& texts) {
  std::string out;
  for (const auto& x : texts)
    out += " " + text_of(x);
  return out;
}

std::string header_text(const basp_header& x) {
  return std::string{operation_names[static_cast<std::size_t>(x.operation)]} + " from " + std::to_string(x.source) + " to " +
         std::to_string(x.destination) + ", data " + std::to_string(x.data) + ", flags " + std::to_string(x.flags);
}

/// Where some bytes lie in a stream.
own_part part_at(const basp_message& x, const std::string& bytes, own_part::kind what, std::vector<member> handles = {}) {
  const auto all = std::as_bytes(std::span{bytes});
  const auto found = std::ranges::search(x.payload, all);
  return {x.payload_offset() + static_cast<std::size_t>(found.begin() - x.payload.begin()), all.size(), what,
          std::move(handles)};
}

} // namespace

struct caf_reader::state {
  state() { context.proxy_registry_ptr(&proxies); }

  /// Decodes objects that must fill a payload exactly, and encodes them again.
  template <class... Ts>
  void read(const basp_message& from, Ts&... objects) {
    caf::binary_deserializer source{
        &context, caf::make_span(reinterpret_cast<const caf::byte*>(from.payload.data()), from.payload.size())};
    if (const auto failed = source(objects...))
      throw std::runtime_error("CAF cannot read what it wrote: " + system.render(failed));
    if (source.remaining() > 0)
      throw std::runtime_error("there is more in a message of CAF than it reads");
    std::vector<char> again;
    caf::binary_serializer sink{&context, again};
    if (const auto failed = sink(objects...))
      throw std::runtime_error("CAF cannot write what it read: " + system.render(failed));
    if (!std::ranges::equal(std::as_bytes(std::span{again}), from.payload))
      throw std::runtime_error("CAF would write a message otherwise");
  }

  std::string payload_text(const basp_message& x, std::vector<own_part>& parts) {
    switch (x.header.operation) {
    case kind::server_handshake: {
      caf::node_id node;
      std::vector<std::string> applications;
      caf::actor_id actor = 0;
      std::set<std::string> interfaces;
      read(x, node, applications, actor, interfaces);
      return to_string(node) + ", actor " + std::to_string(actor) + ", applications" + text_of_all(applications) +
             ", interfaces" + text_of_all(interfaces);
    }
    case kind::client_handshake: {
      caf::node_id node;
      read(x, node);
      return to_string(node);
    }
    case kind::direct_message: {
      std::vector<caf::strong_actor_ptr> stages;
      caf::message content;
      read(x, stages, content);
      return content_text(x, stages, content, parts);
    }
    case kind::routed_message: {
      caf::node_id from;
      caf::node_id to;
      std::vector<caf::strong_actor_ptr> stages;
      caf::message content;
      read(x, from, to, stages, content);
      return text_of_nodes(from, to) + ": " + content_text(x, stages, content, parts);
    }
    case kind::monitor_message: {
      caf::node_id from;
      caf::node_id to;
      read(x, from, to);
      return text_of_nodes(from, to);
    }
    case kind::down_message: {
      caf::node_id from;
      caf::node_id to;
      caf::error reason;
      read(x, from, to, reason);
      return text_of_nodes(from, to) + ": " + text_of(reason);
    }
    case kind::heartbeat:
      read(x);
      return {};
    }
    throw std::logic_error("a message of no kind");
  }

  /// Frames and heartbeats are shown at the position of their bytes.
  std::string content_text(const basp_message& x, const std::vector<caf::strong_actor_ptr>& stages,
                           const caf::message& content, std::vector<own_part>& parts) {
    std::string out;
    for (const auto& one : stages)
      out += "by way of " + text_of(one) + ": ";
    if (content.match_elements<frame_message>()) {
      const auto& one = content.get_as<frame_message>(0);
      parts.push_back(part_at(x, one.bytes, own_part::kind::frame, one.handles));
    } else if (content.match_elements<heartbeat_message>()) {
      parts.push_back(part_at(x, content.get_as<heartbeat_message>(0).bytes, own_part::kind::heartbeat));
    } else {
      return out + text_of(content);
    }
    const char* name =
        parts.back().what == own_part::kind::frame ? "registry::frame_message" : "registry::heartbeat_message";
    return out + "(" + name + " at " + std::to_string(parts.back().offset) + ")";
  }

  config options;
  caf::actor_system system{options};
  recorded_nodes nodes{system};
  caf::proxy_registry proxies{system, nodes};
  caf::scoped_execution_unit context{&system};
};

caf_reader::caf_reader() : state_(std::make_unique<state>()) {}

caf_reader::~caf_reader() = default;

caf_content caf_reader::read(std::span<const std::byte> stream) {
  caf_content out;
  std::size_t begin = 0;
  for (const auto& x : read_handshake(stream)) {
    out.parts.push_back({x.offset, x.size, own_part::kind::handshake});
    begin = x.offset + x.size;
  }
  std::size_t end = begin;
  for (const auto& x : read_basp(stream, begin)) {
    out.text += std::to_string(x.offset) + " " + header_text(x.header);
    const auto payload = state_->payload_text(x, out.parts);
    out.text += (payload.empty() ? "" : ": ") + payload + "\n";
    end = x.payload_offset() + x.payload.size();
  }
  if (end < stream.size())
    out.text += std::to_string(end) + " cut off: " + text_of(stream.subspan(end)) + "\n";
  return out;
}

} // namespace registry::corpus
