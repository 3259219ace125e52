#include <bench/support/home.hpp>

#include <string>

namespace registry::bench {

namespace {

constexpr std::size_t pool_size = 1000;
home* of_this_process = nullptr;

} // namespace

home::home() : node_(node::start(system_).value()) {
  of_this_process = this;
}

home::~home() {
  node_.stop();
  populated_.clear();
  of_this_process = nullptr;
}

home& home::get() noexcept {
  return *of_this_process;
}

scope home::open_scope() {
  return node_.open_scope("bench-" + std::to_string(++opened_)).value();
}

void home::close(const scope& old) {
  must(node_.close_scope(old.name()));
}

populated& home::with_entries(std::size_t count, std::size_t per_key) {
  const std::lock_guard guard(lock_);
  auto& found = populated_[{count, per_key}];
  if (found == nullptr) {
    found.reset(new populated{open_scope(), crowd(system_, pool_size)});
    populate(found->entries, found->owners, count, per_key);
    found->entries.flush();
  }
  return *found;
}

void populate(scope& where, const crowd& owners, std::size_t count, std::size_t per_key) {
  const auto keys = count / per_key;
  for (std::size_t i = 0; i < count; ++i)
    must(where.join(sample_key(i % keys), owners[i], sample_value(i)));
}

} // namespace registry::bench
