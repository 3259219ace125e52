#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace chat::testing {

/// What an IRC client makes of the lines it gets: who it believes to be in which channel. Notes what no server should say.
class client_view {
public:
  explicit client_view(std::string nick) : nick_(std::move(nick)) {}

  void apply(std::string_view line);

  /// By channel, as it is spelled in the lines.
  [[nodiscard]] const std::map<std::string, std::set<std::string>>& channels() const noexcept { return channels_; }
  /// What was told that cannot be: somebody came who was there, or went who was not.
  [[nodiscard]] const std::string& complaints() const noexcept { return complaints_; }

private:
  void complain(std::string_view line);

  std::string nick_;
  std::map<std::string, std::set<std::string>> channels_;
  std::string complaints_;
};

} // namespace chat::testing
