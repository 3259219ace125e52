#include <registry/coro/event_stream.hpp>

#include <cstddef>
#include <deque>
#include <utility>

namespace registry::inline v0_2 {

namespace {

/// The entries at a commit, one by one.
class view_reader {
public:
  void read(const value* key, const subscription_start& start) {
    groups_.clear();
    next_ = 0;
    if (key != nullptr) {
      if (!start.entries.empty())
        groups_.emplace_back(*key, start.entries);
    } else {
      start.snapshot.for_each([&](const value& each, const group& entries) { groups_.emplace_back(each, entries); });
    }
  }
  std::optional<present_entry> take() {
    if (groups_.empty())
      return std::nullopt;
    const auto& [key, entries] = groups_.front();
    present_entry out{key, entries[next_++]};
    if (next_ == entries.size()) {
      groups_.pop_front();
      next_ = 0;
    }
    return out;
  }

private:
  std::deque<std::pair<value, group>> groups_;
  std::size_t next_ = 0;
};

} // namespace

class event_stream::source : private detail::receiver {
public:
  source(coroutine_self self, scope where, const value* key, const subscription_start& start)
      : self_(self), scope_(std::move(where)), reference_(start.reference) {
    if (key != nullptr)
      key_ = *key;
    view_.read(key, start);
    self_.context().add_standing(*this);
  }
  ~source() override { stop(); }

  void stop() {
    if (std::exchange(stopped_, true))
      return;
    unlink();
    static_cast<void>(scope_.demonitor(reference_)); // it may have ended with its scope
    wake();
  }
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  std::optional<watched> take() {
    if (signal_)
      fetch();
    if (std::exchange(restarted_, false))
      return restarted{};
    if (auto there = view_.take())
      return *std::move(there);
    if (changes_.empty())
      return std::nullopt;
    auto out = std::move(changes_.front());
    changes_.pop_front();
    return out;
  }

  /// Waits for a signal or the end.
  auto changed() {
    struct awaiter : detail::waiter {
      explicit awaiter(source& home) : from(home) {}
      bool await_ready() const noexcept { return from.signal_ || from.stopped_; }
      void await_suspend(std::coroutine_handle<> who) noexcept {
        suspended(who);
        from.reading_.push_back(*this);
      }
      void await_resume() const noexcept {}
      source& from;
    };
    return awaiter{*this};
  }

private:
  [[nodiscard]] bool accepts(const caf::message& content) const noexcept override {
    return content.match_elements<events>() && content.get_as<events>(0).reference() == reference_;
  }
  bool take(detail::envelope what) override {
    signal_ = what.content.get_as<events>(0);
    wake();
    return true;
  }
  void wake() {
    while (!reading_.empty())
      self_.context().loop().schedule(reading_.front());
  }
  void fetch() {
    // The next signal comes only after this, so at most one batch is here at a time, provided the reader has read the last
    // one.
    if (!changes_.empty())
      return;
    auto batch = std::exchange(signal_, std::nullopt)->take();
    if (batch.lagged) {
      restarted_ = true;
      view_.read(key_ ? &*key_ : nullptr, *batch.lagged);
    }
    changes_.assign(std::make_move_iterator(batch.changes.begin()), std::make_move_iterator(batch.changes.end()));
  }

  coroutine_self self_;
  scope scope_;
  subscription_ref reference_;
  std::optional<value> key_;
  view_reader view_;
  bool restarted_ = false;
  std::deque<event_ptr> changes_;
  std::optional<events> signal_;
  bool stopped_ = false;
  detail::waiting_list reading_;
};

event_stream::event_stream(std::unique_ptr<source> from) noexcept : source_(std::move(from)) {}
event_stream::event_stream(event_stream&&) noexcept = default;
event_stream& event_stream::operator=(event_stream&&) noexcept = default;
event_stream::~event_stream() = default;

task<std::optional<watched>> event_stream::next_of(source* from) {
  while (!from->stopped()) {
    if (auto one = from->take())
      co_return one;
    co_await from->changed();
  }
  co_return std::nullopt;
}

void event_stream::stop() {
  source_->stop();
}

result<event_stream> event_stream::start(coroutine_self self, scope where, result<subscription_start> begun,
                                         const value* key) {
  if (!begun)
    return begun.error();
  return event_stream{std::make_unique<source>(self, std::move(where), key, begun.value())};
}

result<event_stream> watch(coroutine_self self, scope where, const value& key) {
  auto begun = where.monitor(key, self.handle());
  return event_stream::start(self, std::move(where), std::move(begun), &key);
}

result<event_stream> watch(coroutine_self self, scope where) {
  auto begun = where.monitor_scope(self.handle());
  return event_stream::start(self, std::move(where), std::move(begun), nullptr);
}

} // namespace registry::inline v0_2
