#include <support/captured_log.hpp>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>

namespace registry::testing {

struct captured_log::sink final : spdlog::sinks::base_sink<std::mutex> {
  std::vector<std::string> lines;

  std::vector<std::string> copy() {
    const std::lock_guard guard(mutex_);
    return lines;
  }

protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    const auto level = spdlog::level::to_string_view(line.level);
    lines.push_back("[" + std::string{level.data(), level.size()} + "] " +
                    std::string{line.payload.data(), line.payload.size()});
  }
  void flush_() override {}
};

captured_log::captured_log() : sink_(std::make_shared<sink>()) {
  auto made = std::make_shared<spdlog::logger>("registry", sink_);
  made->set_level(spdlog::level::debug);
  spdlog::drop("registry");
  spdlog::register_logger(std::move(made));
}

captured_log::~captured_log() {
  spdlog::drop("registry");
}

std::vector<std::string> captured_log::lines() const {
  return sink_->copy();
}

std::size_t captured_log::count(const std::string& text) const {
  const auto all = lines();
  return static_cast<std::size_t>(
      std::ranges::count_if(all, [&](const auto& x) { return x.find(text) != std::string::npos; }));
}

} // namespace registry::testing
