#include <registry/internal/deferral.hpp>
#include <registry/log/internal/log.hpp>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

namespace registry::inline v0_2::internal {

namespace {

constexpr auto logger_name = "registry";

/// Between the threads that make the logger. spdlog's own registry of loggers refuses the second of one name.
std::mutex& making() {
  static std::mutex lock;
  return lock;
}

std::shared_ptr<spdlog::logger> logger() {
  if (auto known = spdlog::get(logger_name))
    return known;
  const std::lock_guard guard(making());
  if (auto known = spdlog::get(logger_name))
    return known;
  try {
    return spdlog::stderr_color_mt(logger_name);
  } catch (const spdlog::spdlog_ex&) { // the application has registered its own just now
    auto known = spdlog::get(logger_name);
    return known ? known : spdlog::default_logger();
  }
}

constexpr std::array<std::pair<std::string_view, spdlog::level::level_enum>, 6> levels{{{"trace", spdlog::level::trace},
                                                                                        {"debug", spdlog::level::debug},
                                                                                        {"info", spdlog::level::info},
                                                                                        {"warn", spdlog::level::warn},
                                                                                        {"error", spdlog::level::err},
                                                                                        {"off", spdlog::level::off}}};

} // namespace

void write_log(spdlog::level::level_enum level, std::string line) {
  deferral::later([level, line = std::move(line)] {
    if (const auto to = logger())
      to->log(level, "{}", line);
  });
}

bool is_logged(spdlog::level::level_enum level) {
  const auto to = logger();
  return to && to->should_log(level);
}

std::optional<spdlog::level::level_enum> log_level_of(std::string_view name) {
  const auto found = std::ranges::find(levels, name, [](const auto& x) { return x.first; });
  return found == levels.end() ? std::nullopt : std::optional{found->second};
}

result<void> configure_log(const std::string& level, const std::string& file) {
  if (!file.empty()) {
    const auto before = logger();
    const std::lock_guard guard(making());
    try {
      auto made = std::make_shared<spdlog::logger>(logger_name, std::make_shared<spdlog::sinks::basic_file_sink_mt>(file));
      made->set_level(before->level());
      made->flush_on(spdlog::level::trace); // the lines are few
      spdlog::drop(logger_name);
      spdlog::register_logger(std::move(made));
    } catch (const spdlog::spdlog_ex& failed) {
      return error(errc::invalid_argument, std::string{"names a file that cannot be written: "} + failed.what());
    }
  }
  if (const auto wanted = log_level_of(level))
    logger()->set_level(*wanted);
  return success();
}

} // namespace registry::inline v0_2::internal
