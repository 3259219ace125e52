#include <registry/caf/internal/link_scribe.hpp>
#include <registry/compat/version.hpp>

#include <caf/actor_system.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>
#include <caf/make_counted.hpp>
#include <caf/node_id.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include <sys/socket.h>

namespace registry::inline v0_2::internal {

namespace {

namespace network = caf::io::network;

#if REGISTRY_CAF_0_17
using buffer = std::vector<char>;
#else
using buffer = caf::byte_buffer;
#endif

// How often to read before other connections get their turn.
constexpr int most_reads = 50;
// Memory that is kept for the next message.
constexpr std::size_t most_spare = std::size_t{1} << 20;

bool must_wait(ssize_t result) {
  return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

void append(buffer& to, std::span<const std::byte> data) {
  const auto* begin = reinterpret_cast<const buffer::value_type*>(data.data());
  to.insert(to.end(), begin, begin + data.size());
}

/// 1. Everything runs in the thread of CAF's multiplexer.
/// 2. Whatever the multiplexer watches holds a reference: `reader` or `writer`.
/// 3. CAF gets a header and its payload one after the other, and only after the guard has passed both.
class link_scribe final : public caf::io::scribe {
public:
  link_scribe(network::default_multiplexer& home, link_stream stream)
      : scribe(network::conn_hdl_from_socket(stream.socket)),
        handler_(home, stream.socket, *this),
        guard_(std::move(stream.ends), stream.limits),
        memory_(stream.memory),
        peer_(std::move(stream.peer)) {}

  void configure_read(caf::io::receive_policy::config) override {
    if (!std::exchange(launched_, true))
      add_to_loop();
  }
  void ack_writes(bool) override {}
  buffer& wr_buf() override { return written_; }
  buffer& rd_buf() override { return read_; }

  void flush() override {
    if (written_.empty() || closed_)
      return;
    if (out_.size() - sent_ + written_.size() > memory_)
      return give_up_later();
    append(out_, std::as_bytes(std::span{written_}));
    written_.clear();
    handler_.start_writing();
  }

  void graceful_shutdown() override {
    if (!std::exchange(closed_, true) && out_.empty())
      ::shutdown(handler_.fd(), SHUT_WR); // otherwise once everything has been sent
    detach(&handler_.backend(), false);
  }

  std::string addr() const override {
    auto x = network::remote_addr_of_fd(handler_.fd());
    return x ? *x : std::string{};
  }
  std::uint16_t port() const override {
    auto x = network::remote_port_of_fd(handler_.fd());
    return x ? *x : std::uint16_t{0};
  }
  void add_to_loop() override { handler_.start_reading(); }
  void remove_from_loop() override { handler_.passivate(); }

private:
  struct handler final : network::event_handler {
    handler(network::default_multiplexer& home, int socket, link_scribe& of) : event_handler(home, socket), owner(of) {}

    void handle_event(network::operation what) override {
      const caf::intrusive_ptr<link_scribe> keep(&owner);
      if (what == network::operation::read)
        owner.receive();
      else if (what == network::operation::write)
        owner.send();
      else
        owner.io_failure(&backend(), network::operation::read);
    }
    void removed_from_loop(network::operation what) override {
      if (what == network::operation::read)
        reader.reset();
      else
        writer.reset();
    }
    void graceful_shutdown() override { owner.graceful_shutdown(); }

    // The multiplexer carries out additions and removals later, and says nothing of those that cancel each other out.
    void start_reading() {
      reader.reset(&owner);
      activate();
    }
    void start_writing() {
      if (std::exchange(writing, true))
        return;
      writer.reset(&owner);
      backend().add(network::operation::write, fd(), this);
    }
    void stop_writing() {
      if (std::exchange(writing, false))
        backend().del(network::operation::write, fd(), this);
    }

    link_scribe& owner;
    bool writing = false;
    caf::intrusive_ptr<link_scribe> reader;
    caf::intrusive_ptr<link_scribe> writer;
  };

  void receive() {
    for (int i = 0; i < most_reads; ++i) {
      const auto got = ::recv(handler_.fd(), input_.data(), input_.size(), MSG_DONTWAIT);
      if (must_wait(got))
        return;
      if (got <= 0)
        return fail();
      if (!take(std::span{input_}.first(static_cast<std::size_t>(got))))
        return;
      if (static_cast<std::size_t>(got) < input_.size())
        return;
    }
  }

  /// What CAF's peer has written. False: read no further.
  bool take(std::span<const std::byte> data) {
    while (!data.empty()) {
      auto& into = has_header_ ? payload_ : header_;
      const auto wanted = has_header_ ? guard_.payload_size() : basp_header::size;
      const auto size = std::min(wanted - into.size(), data.size());
      append(into, data.first(size));
      data = data.subspan(size);
      if (into.size() == wanted && !(has_header_ ? take_message() : take_header()))
        return false;
    }
    return true;
  }

  bool take_header() {
    const auto data = std::as_bytes(std::span{header_});
    if (guard_.take_header(data.first<basp_header::size>()) == basp_guard::verdict::end)
      return refuse();
    has_header_ = true;
    return guard_.payload_size() > 0 || take_message();
  }

  bool take_message() {
    has_header_ = false;
    const auto what = guard_.take_payload(std::as_bytes(std::span{payload_}));
    if (what == basp_guard::verdict::end)
      return refuse();
    bool goes_on = true;
    if (what == basp_guard::verdict::drop)
      note_drop();
    else
      goes_on = hand_over(header_) && (payload_.empty() || hand_over(payload_));
    header_.clear();
    payload_.clear();
    if (payload_.capacity() > most_spare)
      buffer{}.swap(payload_);
    if (!goes_on)
      handler_.passivate();
    return goes_on;
  }

  /// To CAF.
  bool hand_over(buffer& data) {
    read_.swap(data);
    const bool goes_on = consume(&handler_.backend(), read_.data(), read_.size());
    read_.swap(data);
    return goes_on && !detached();
  }

  void note_drop() {
    const auto level = guard_.dropped() == 1 ? spdlog::level::warn : spdlog::level::debug;
    spdlog::log(level, "a message of CAF from {} was dropped: {}", peer_, guard_.reason());
  }

  bool refuse() {
    spdlog::warn("the link with {} ends, since it violates the protocol: {}", peer_, guard_.reason());
    fail();
    return false;
  }

  /// The broker may be in the middle of something.
  void give_up_later() {
    closed_ = true;
    spdlog::warn("the link with {} ends: more than {} bytes wait to be sent to it", peer_, memory_);
    handler_.backend().post([keep = caf::intrusive_ptr<link_scribe>(this)] { keep->fail(); });
  }

  void fail() {
    closed_ = true;
    out_.clear();
    sent_ = 0;
    ::shutdown(handler_.fd(), SHUT_RDWR);
    io_failure(&handler_.backend(), network::operation::read);
    handler_.passivate();
    handler_.stop_writing();
  }

  void send() {
    while (sent_ < out_.size()) {
      const auto done = ::send(handler_.fd(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (must_wait(done))
        return;
      if (done < 0)
        return fail();
      sent_ += static_cast<std::size_t>(done);
    }
    out_.clear();
    sent_ = 0;
    if (out_.capacity() > most_spare)
      buffer{}.swap(out_);
    handler_.stop_writing();
    if (closed_)
      ::shutdown(handler_.fd(), SHUT_WR);
  }

  handler handler_;
  basp_guard guard_;
  const std::size_t memory_;
  const std::string peer_;
  std::array<std::byte, std::size_t{64} << 10> input_;
  buffer header_; // of the present message
  buffer payload_;
  bool has_header_ = false;
  buffer read_;    // what CAF gets
  buffer written_; // what CAF has written
  buffer out_;     // what waits to be sent, from `sent_` on
  std::size_t sent_ = 0;
  bool launched_ = false;
  bool closed_ = false; // nothing more is to be sent
};

} // namespace

caf::io::scribe_ptr make_link_scribe(caf::actor_system& system, link_stream stream) {
  auto& home = static_cast<network::default_multiplexer&>(system.middleman().backend());
  return caf::make_counted<link_scribe>(home, std::move(stream));
}

std::vector<std::byte> encoded_node(caf::actor_system& system, const std::string& node) {
  caf::node_id id;
  if (parse(node, id))
    return {};
  buffer out;
  caf::binary_serializer to{system, out};
#if REGISTRY_CAF_0_17
  if (to(id))
    return {};
#else
  if (!to.apply(id))
    return {};
#endif
  const auto bytes = std::as_bytes(std::span{out});
  return {bytes.begin(), bytes.end()};
}

} // namespace registry::inline v0_2::internal
