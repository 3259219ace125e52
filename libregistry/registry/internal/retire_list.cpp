#include <registry/internal/epoch.hpp>
#include <registry/internal/retire_list.hpp>

#include <algorithm>
#include <cassert>

namespace registry::internal {
namespace {

constexpr std::size_t min_survey_interval = 128;

} // namespace

void free_blocks(retired_block* first) noexcept {
  while (first) {
    for (std::size_t i = 0; i < first->count; ++i)
      first->objects[i].free(first->objects[i].object);
    delete std::exchange(first, first->next);
  }
}

void retire_list::chain::append(retired_block* head, retired_block* tail) noexcept {
  (last ? last->next : first) = head;
  last = tail;
}

retire_list::~retire_list() {
  free_blocks(sealed_.first);
  free_blocks(open_.first);
  delete spare_;
}

void retire_list::reserve(std::size_t count) {
  assert(count <= max_reservation);
  auto left = open_.last ? max_reservation - open_.last->count : 0;
  if (left < count && !spare_)
    spare_ = new retired_block;
}

void retire_list::retire(void* object, void (*free)(void*) noexcept) noexcept {
  if (!open_.last || open_.last->count == max_reservation) {
    assert(spare_);
    open_.append(spare_, spare_);
    spare_ = nullptr;
  }
  open_.last->objects[open_.last->count++] = {object, free};
  ++pending_;
  ++since_survey_;
}

garbage retire_list::collect() noexcept {
  return since_survey_ < survey_interval_ ? garbage() : collect_now();
}

garbage retire_list::collect_now() noexcept {
  if (pending_ == 0)
    return {};
  if (open_.first) {
    auto epoch = end_epoch();
    for (auto* block = open_.first; block; block = block->next)
      block->epoch = epoch;
    sealed_.append(open_.first, open_.last);
    open_ = {};
  }
  auto survey = survey_readers();
  since_survey_ = 0;
  survey_interval_ = std::max(min_survey_interval, survey.slots);
  auto* result = sealed_.first;
  retired_block* last = nullptr;
  for (auto* block = result; block && block->epoch < survey.oldest; block = block->next) {
    pending_ -= block->count;
    last = block;
  }
  if (!last)
    return {};
  sealed_.first = std::exchange(last->next, nullptr);
  if (!sealed_.first)
    sealed_.last = nullptr;
  return garbage(result);
}

} // namespace registry::internal
