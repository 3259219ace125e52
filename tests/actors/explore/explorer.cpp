#include <explore/explorer.hpp>

#include <registry/scope/internal/lock_observer.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace registry::testing {

namespace {

/// One run of a case: the threads take turns, and stop before each lock.
class run {
public:
  explicit run(std::shared_ptr<small_case> what) : case_(std::move(what)), threads_(case_->threads.size()) {}

  /// Runs the case. `choose` selects the next of the threads that can continue.
  template <class Choose>
  static std::string go_through(const std::shared_ptr<run>& self, Choose choose) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < self->threads_.size(); ++i)
      threads.emplace_back([self, i] { self->body(i); });
    while (self->go_on(choose)) {
    }
    const bool ended = self->all_ended();
    for (auto& x : threads)
      ended ? x.join() : x.detach();
    return ended ? "" : "a deadlock";
  }

private:
  /// Lets one thread run to its next lock, or to its end; false if none can.
  template <class Choose>
  bool go_on(Choose& choose) {
    std::unique_lock guard(lock_);
    changed_.wait(guard, [&] { return all_stand(); });
    const auto all = ready();
    if (all.empty())
      return false;
    last_ = choose(all, last_);
    threads_[last_].standing = false;
    changed_.notify_all();
    return true;
  }

  struct thread_state {
    bool standing = false;
    bool ended = false;
    const void* wanted = nullptr;
  };

  class observer final : public lock_observer {
  public:
    observer(run& home, std::size_t number) : home_(home), number_(number) { current = this; }
    ~observer() override { current = nullptr; }
    void before_lock(const void* lock) override { home_.stand(number_, lock); }
    void after_lock(const void* lock) override {
      const std::lock_guard guard(home_.lock_);
      home_.owners_[lock] = number_;
    }
    void after_unlock(const void* lock) override {
      const std::lock_guard guard(home_.lock_);
      home_.owners_.erase(lock);
    }

  private:
    run& home_;
    std::size_t number_;
  };

  void body(std::size_t number) {
    {
      observer here(*this, number);
      stand(number, nullptr);
      case_->threads[number]();
    }
    const std::lock_guard guard(lock_);
    threads_[number].ended = threads_[number].standing = true;
    changed_.notify_all();
  }

  void stand(std::size_t number, const void* wanted) {
    std::unique_lock guard(lock_);
    auto& self = threads_[number];
    self.wanted = wanted;
    self.standing = true;
    changed_.notify_all();
    changed_.wait(guard, [&] { return !self.standing; });
  }

  [[nodiscard]] bool all_stand() const {
    return std::all_of(threads_.begin(), threads_.end(), [](const thread_state& x) { return x.standing; });
  }
  [[nodiscard]] bool all_ended() const {
    return std::all_of(threads_.begin(), threads_.end(), [](const thread_state& x) { return x.ended; });
  }
  [[nodiscard]] std::vector<std::size_t> ready() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      if (!threads_[i].ended && !owners_.contains(threads_[i].wanted))
        out.push_back(i);
    }
    return out;
  }

  std::shared_ptr<small_case> case_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<thread_state> threads_;
  std::map<const void*, std::size_t> owners_;
  std::size_t last_ = threads_.size(); // none
};

struct choice {
  std::vector<std::size_t> options;
  std::size_t taken = 0;
};

std::string text_of(const std::vector<choice>& order) {
  std::string out;
  for (const auto& x : order)
    out += ' ' + std::to_string(x.options[x.taken]);
  return out;
}

} // namespace

exploration explore(const std::function<std::shared_ptr<small_case>()>& make, std::size_t preemptions) {
  exploration out;
  std::vector<choice> order;
  for (;;) {
    const auto what = make();
    std::size_t step = 0;
    std::size_t left = preemptions;
    auto fault = run::go_through(std::make_shared<run>(what), [&](const std::vector<std::size_t>& ready, std::size_t last) {
      const bool goes_on = std::find(ready.begin(), ready.end(), last) != ready.end();
      if (step == order.size()) {
        // The thread that ran continues first; others only as long as it may be preempted.
        choice next;
        if (goes_on)
          next.options.push_back(last);
        for (const auto x : ready) {
          if (!goes_on || (x != last && left > 0))
            next.options.push_back(x);
        }
        order.push_back(std::move(next));
      }
      const auto& taken = order[step++];
      auto chosen = taken.options[taken.taken];
      // A case that reads a clock may take another path than before.
      if (std::find(ready.begin(), ready.end(), chosen) == ready.end())
        chosen = ready.front();
      if (goes_on && chosen != last)
        --left;
      return chosen;
    });
    ++out.orders;
    if (fault.empty())
      fault = what->fault();
    if (!fault.empty()) {
      out.fault = fault + ", in the order" + text_of(order);
      return out;
    }
    while (!order.empty() && order.back().taken + 1 == order.back().options.size())
      order.pop_back();
    if (order.empty())
      return out;
    ++order.back().taken;
  }
}

} // namespace registry::testing
