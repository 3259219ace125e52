#include <registry/caf/internal/link_scribe.hpp>
#include <registry/caf/internal/node_name.hpp>
#include <registry/compat/version.hpp>
#include <registry/link/internal/link_output.hpp>
#include <registry/link/internal/records.hpp>
#include <registry/log/internal/log.hpp>

#include <caf/actor_system.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>
#include <caf/make_counted.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace registry::inline v0_2::internal {

namespace {

namespace network = caf::io::network;
using status = tls_session::status;

#if REGISTRY_CAF_0_17
using buffer = std::vector<char>;
#else
using buffer = caf::byte_buffer;
#endif

// How often to read before other connections get their turn.
constexpr int most_reads = 50;
// How much is taken by the system in advance: what is urgent waits behind no more.
constexpr int most_unsent = 64 << 10;
// Memory that is kept for the next message.
constexpr std::size_t most_spare = std::size_t{1} << 20;

void append(buffer& to, std::span<const std::byte> data) {
  const auto* begin = reinterpret_cast<const buffer::value_type*>(data.data());
  to.insert(to.end(), begin, begin + data.size());
}

auto value_or_none(auto&& x) {
  return x ? *x : std::decay_t<decltype(*x)>{};
}

/// 1. Everything runs in the thread of CAF's multiplexer, except that any thread may write to the output, through the channel.
/// 2. Whatever the multiplexer watches holds a reference: `reader` or `writer`.
/// 3. CAF gets a header and its payload one after the other, and only after the guard has passed both.
class link_scribe final : public caf::io::scribe {
public:
  link_scribe(network::default_multiplexer& home, link_stream stream)
      : scribe(network::conn_hdl_from_socket(stream.socket)),
        handler_(home, stream.socket, *this),
        guard_(std::move(stream.ends), stream.limits),
        limits_(stream.limits),
        actors_(stream.actors),
        node_(std::move(stream.node)),
        peer_(std::move(stream.peer)),
        memory_(stream.memory),
        output_(std::make_shared<link_output>(
            link_socket{stream.socket, std::move(stream.tls)},
            stream.channel != nullptr ? link_output::format::records : link_output::format::raw, stream.memory)),
        channel_(std::move(stream.channel)),
        reader_(output_->is_plain(), stream.limits.message_bytes) {
    token_->self = this;
    if (channel_ != nullptr)
      channel_->open(
          output_,
          [token = token_, calls = stream.calls](bool behind) {
            const auto pull = [token] { link_scribe::pull(*token); };
            behind ? calls->call_in_order(pull) : calls->call(pull);
          },
          [token = token_, calls = stream.calls] { calls->call([token] { link_scribe::resume(*token); }); });
  }
  ~link_scribe() override {
    token_->self = nullptr;
    if (channel_ != nullptr)
      channel_->close(); // before the socket is
  }

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
    output_->put_basp(std::as_bytes(std::span{written_}));
    written_.clear();
    if (fits() && !output_->awaits_read())
      handler_.start_writing();
  }

  void graceful_shutdown() override {
    closed_ = true;
    output_->finish();
    if (channel_ != nullptr)
      channel_->disconnect();
    detach(&handler_.backend(), false);
  }

  std::string addr() const override { return value_or_none(network::remote_addr_of_fd(handler_.fd())); }
  std::uint16_t port() const override { return value_or_none(network::remote_port_of_fd(handler_.fd())); }
  void add_to_loop() override { handler_.start_reading(); }
  void remove_from_loop() override { handler_.stop_reading(); }

private:
  struct handler final : network::event_handler {
    handler(network::default_multiplexer& home, int socket, link_scribe& of) : event_handler(home, socket), owner(of) {}

    void handle_event(network::operation what) override {
      const caf::intrusive_ptr<link_scribe> keep(&owner);
      if (what == network::operation::propagate_error)
        return owner.io_failure(&backend(), network::operation::read);
      const bool is_read = what == network::operation::read;
      if (is_read && !reading)
        return stop_reading();
      if (is_read || std::exchange(owner.read_waits_for_write_, false))
        owner.receive();
      if (is_read && reading && owner.output_->read_was_awaited())
        start_writing();
      if (!is_read)
        writing ? owner.send() : stop_writing();
    }
    void removed_from_loop(network::operation what) override {
      if (what == network::operation::read)
        reader.reset();
      else
        writer.reset();
    }
    void graceful_shutdown() override { owner.graceful_shutdown(); }

    // The multiplexer carries out additions and removals later, and says nothing of those that cancel out, so the scribe would own
    // itself for ever: what is not added yet is removed when its first event comes. CAF 1.x does not export its masks.
    void start_reading() {
      reading = true;
      reader.reset(&owner);
      activate();
    }
    void stop_reading() {
      reading = false;
      if ((eventbf() & POLLIN) != 0)
        passivate();
    }
    void start_writing() {
      if (std::exchange(writing, true))
        return;
      writer.reset(&owner);
      backend().add(network::operation::write, fd(), this);
    }
    void stop_writing() {
      writing = false;
      if ((eventbf() & POLLOUT) != 0)
        backend().del(network::operation::write, fd(), this);
    }

    link_scribe& owner;
    bool reading = false;
    bool writing = false;
    caf::intrusive_ptr<link_scribe> reader;
    caf::intrusive_ptr<link_scribe> writer;
  };

  /// How the multiplexer's thread finds it, if it still exists.
  struct token {
    link_scribe* self = nullptr;
  };
  /// Takes what others want to send.
  static void pull(const token& from) {
    if (from.self == nullptr || from.self->closed_)
      return;
    const caf::intrusive_ptr<link_scribe> keep(from.self);
    keep->channel_->pull();
    if (keep->fits() && !keep->output_->awaits_read() && !keep->handler_.writing)
      keep->send();
  }

  /// Reads on after the channel was full.
  static void resume(const token& from) {
    if (from.self == nullptr || from.self->closed_ || from.self->detached())
      return;
    const caf::intrusive_ptr<link_scribe> keep(from.self);
    keep->handler_.start_reading();
    if (keep->output_->has_pending())
      keep->receive();
  }

  bool fits() {
    if (output_->fits())
      return true;
    give_up_later();
    return false;
  }

  void receive() {
    if (channel_ != nullptr)
      channel_->begin_turn();
    for (int i = 0; i < most_reads; ++i) {
      const auto got = output_->read(input_);
      if (got.how == status::wants_read)
        return;
      if (got.how == status::wants_write) {
        read_waits_for_write_ = true;
        return handler_.start_writing();
      }
      if (got.how == status::failed)
        internal::log_warning("the link with {} ends: TLS: {}", peer_, output_->failure());
      if (got.how != status::done)
        return fail();
      if (const auto data = std::span<const std::byte>{input_}.first(got.size);
          !(channel_ != nullptr ? take_records(data) : take(data)))
        return;
      if (knows_too_many())
        return;
      if (channel_ != nullptr && channel_->is_full())
        return handler_.stop_reading();
      // What comes from now on, the system tells.
      if (got.size < input_.size() && !output_->has_pending())
        return;
    }
    if (output_->has_pending())
      handler_.backend().post([keep = caf::intrusive_ptr<link_scribe>(this)] {
        if (!keep->detached())
          keep->receive();
      });
  }

  caf::proxy_registry& proxies() { return static_cast<caf::io::basp_broker*>(parent())->proxies(); }

  /// Handles of the other node last until the link ends.
  bool knows_too_many() {
    if (detached() || (channel_ != nullptr ? channel_->known_actors() : proxies().count_proxies(node_)) <= actors_)
      return false;
    internal::log_warning("the link with {} ends: it has named more than {} actors", peer_, actors_);
    fail();
    return true;
  }

  bool take_records(std::span<const std::byte> data) {
    while (const auto one = reader_.next(data)) {
      if (one->kind == record_kind::basp && !take(one->content))
        return false;
      if (one->kind == record_kind::heartbeat)
        channel_->received_heartbeat(one->content);
      const bool is_frame = one->kind == record_kind::frame;
      if (const auto* fault = is_frame ? channel_->received_frame(one->content, limits_) : nullptr)
        return refuse(fault);
    }
    return reader_.fault() == nullptr || refuse(reader_.fault());
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
      return refuse(guard_.reason());
    has_header_ = true;
    return guard_.payload_size() > 0 || take_message();
  }

  bool take_message() {
    has_header_ = false;
    const auto content = std::as_bytes(std::span{payload_});
    const auto what = guard_.take_payload(content);
    if (what == basp_guard::verdict::end)
      return refuse(guard_.reason());
    if (const auto begin = guard_.content_without_sender();
        begin && !detached() && !is_readable(handler_.backend().system(), proxies(), node_, content.subspan(*begin)))
      return refuse("a message without a sender that cannot be read");
    if (what == basp_guard::verdict::pass && channel_ != nullptr && guard_.is_for_link_actor())
      channel_->received_message();
    const bool goes_on =
        what == basp_guard::verdict::drop ? note_drop() : hand_over(header_) && (payload_.empty() || hand_over(payload_));
    header_.clear();
    payload_.clear();
    if (payload_.capacity() > most_spare)
      buffer{}.swap(payload_);
    if (!goes_on)
      handler_.stop_reading();
    return goes_on;
  }

  /// To CAF.
  bool hand_over(buffer& data) {
    read_.swap(data);
    const bool goes_on = consume(&handler_.backend(), read_.data(), read_.size());
    read_.swap(data);
    return goes_on && !detached();
  }

  bool note_drop() {
    if (guard_.dropped() == 1)
      internal::log_warning("a message of CAF from {} was dropped: {}", peer_, guard_.reason());
    return true;
  }
  bool refuse(std::string_view why) {
    internal::log_warning("the link with {} ends, since it violates the protocol: {}", peer_, why);
    fail();
    return false;
  }

  /// The broker may be in the middle of something.
  void give_up_later() {
    closed_ = true;
    internal::log_warning("the link with {} ends: more than {} bytes wait to be sent to it", peer_, memory_);
    handler_.backend().post([keep = caf::intrusive_ptr<link_scribe>(this)] { keep->fail(); });
  }

  void fail() {
    closed_ = true;
    if (channel_ != nullptr)
      channel_->disconnect();
    output_->end();
    io_failure(&handler_.backend(), network::operation::read);
    handler_.stop_reading();
    handler_.stop_writing();
  }

  void send() {
    switch (output_->write()) {
    case link_output::progress::failed:
      return fail();
    case link_output::progress::wants_writable:
      return handler_.start_writing();
    case link_output::progress::wants_readable:
      return handler_.stop_writing();
    case link_output::progress::done:
      if (!read_waits_for_write_)
        handler_.stop_writing();
    }
  }

  handler handler_;
  basp_guard guard_;
  const basp_limits limits_;
  const std::size_t actors_;
  const caf::node_id node_;
  const std::string peer_;
  const std::size_t memory_;
  const std::shared_ptr<link_output> output_;
  const std::shared_ptr<frame_channel> channel_;
  record_reader reader_;
  const std::shared_ptr<token> token_ = std::make_shared<token>();
  std::array<std::byte, std::size_t{64} << 10> input_;
  buffer header_; // of the present message
  buffer payload_;
  bool has_header_ = false;
  buffer read_;    // what CAF gets
  buffer written_; // what CAF has written
  bool launched_ = false;
  bool closed_ = false; // nothing more is to be sent
  bool read_waits_for_write_ = false;
};

} // namespace

caf::io::scribe_ptr make_link_scribe(caf::actor_system& system, link_stream stream) {
  auto& home = static_cast<network::default_multiplexer&>(system.middleman().backend());
  if (stream.channel != nullptr) {
    ::setsockopt(stream.socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most_unsent, sizeof most_unsent);
  }
  return caf::make_counted<link_scribe>(home, std::move(stream));
}

} // namespace registry::inline v0_2::internal
