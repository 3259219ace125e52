#include <support/line_damage.hpp>

#include <algorithm>
#include <utility>

namespace cluster_tests {

namespace {

constexpr std::size_t longest_insert = 64;

} // namespace

void line_damage::begin(std::vector<kind> kinds, std::size_t one_of) {
  const std::lock_guard guard(lock_);
  kinds_ = std::move(kinds);
  one_of_ = one_of;
}

void line_damage::end() {
  const std::lock_guard guard(lock_);
  kinds_.clear();
  inserted_.clear();
  flipped_ = 0;
}

void line_damage::insert(proxy::end sender, std::string bytes) {
  const std::lock_guard guard(lock_);
  sender_ = sender;
  inserted_ = std::move(bytes);
}

void line_damage::flip(proxy::end sender, std::size_t offset, unsigned bit) {
  const std::lock_guard guard(lock_);
  sender_ = sender;
  offset_ = offset;
  flipped_ = static_cast<char>(1U << bit);
}

bool line_damage::is_done() const {
  const std::lock_guard guard(lock_);
  return inserted_.empty() && flipped_ == 0;
}

std::size_t line_damage::count() const {
  const std::lock_guard guard(lock_);
  return count_;
}

void line_damage::spoil(std::size_t connection, proxy::end sender, std::string& bytes) {
  const std::lock_guard guard(lock_);
  auto& passed = passed_[{connection, sender}];
  const auto offset = std::exchange(passed, passed + bytes.size());
  if (sender == sender_)
    spoil_at_place(offset, bytes);
  if (!kinds_.empty() && any(one_of_) == 0)
    spoil_at_random(bytes);
}

void line_damage::spoil_at_place(std::size_t offset, std::string& bytes) {
  if (flipped_ != 0 && offset_ >= offset && offset_ - offset < bytes.size()) {
    bytes[offset_ - offset] ^= std::exchange(flipped_, '\0');
    ++count_;
  }
  if (!inserted_.empty()) {
    bytes.insert(0, std::exchange(inserted_, {}));
    ++count_;
  }
}

void line_damage::spoil_at_random(std::string& bytes) {
  const auto begin = any(bytes.size());
  const auto size = 1 + any(bytes.size() - begin);
  const auto at = [&](std::size_t offset) { return bytes.begin() + static_cast<std::ptrdiff_t>(offset); };
  switch (kinds_[next_++ % kinds_.size()]) {
  case kind::flip:
    bytes[begin] = static_cast<char>(bytes[begin] ^ (1 << any(8)));
    break;
  case kind::drop:
    bytes.erase(begin, size);
    break;
  case kind::repeat:
    bytes.insert(begin, bytes.substr(begin, size));
    break;
  case kind::swap:
    std::rotate(bytes.begin(), at(begin), at(begin + size));
    break;
  case kind::insert: {
    std::string made(1 + any(longest_insert), '\0');
    for (auto& x : made)
      x = static_cast<char>(random_());
    bytes.insert(begin, made);
    break;
  }
  }
  ++count_;
}

} // namespace cluster_tests
