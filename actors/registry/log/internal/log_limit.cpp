#include <registry/log/internal/log_limit.hpp>

namespace registry::inline v0_2::internal {

std::optional<std::string> log_limit::admit(const std::string& subject, clock::time_point now) {
  const std::lock_guard guard(lock_);
  const auto found = subjects_.find(subject);
  if (found != subjects_.end() && now - found->second.written < interval) {
    ++found->second.left_out;
    return std::nullopt;
  }
  const auto left_out = found == subjects_.end() ? 0 : found->second.left_out;
  if (subjects_.size() >= max_subjects)
    std::erase_if(subjects_, [&](const auto& x) { return now - x.second.written >= interval; });
  if (subjects_.size() >= max_subjects && !subjects_.contains(subject))
    return std::nullopt;
  subjects_.insert_or_assign(subject, seen{now, 0});
  return left_out == 0 ? std::string{} : " (" + std::to_string(left_out) + " more like this since the last such line)";
}

} // namespace registry::inline v0_2::internal
