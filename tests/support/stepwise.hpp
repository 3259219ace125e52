#pragma once

#include <registry/replica/internal/host.hpp>
#include <registry/store/store.hpp>

#include <memory>
#include <utility>

namespace registry::testing {

/// Bulk work of a store, step by step; with `unfinished`, only the first of the steps that change something.
template <class Work>
class stepwise final : public bulk_work {
public:
  stepwise(store& at, std::shared_ptr<Work> work, bool unfinished = false)
      : at_(at), work_(std::move(work)), unfinished_(unfinished) {}

  bool step() override {
    const auto next = at_.prepare(*work_);
    if (next == store::stage::ready)
      at_.step(*work_);
    return next != store::stage::complete && !(unfinished_ && next == store::stage::ready);
  }

private:
  store& at_;
  const std::shared_ptr<Work> work_;
  const bool unfinished_;
};

} // namespace registry::testing
