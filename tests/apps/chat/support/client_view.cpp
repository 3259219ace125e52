#include <apps/chat/support/client_view.hpp>

#include <chat/irc/message.hpp>

#include <sstream>

namespace chat::testing {

void client_view::complain(std::string_view line) {
  complaints_ += std::string{line} + "\n";
}

void client_view::apply(std::string_view line) {
  auto said = irc::parse(line);
  if (!said)
    return complain(line);
  std::string who{said->prefix.substr(0, said->prefix.find('!'))};
  std::string first{said->param(0)};
  if (said->command == "JOIN") {
    if (who == nick_)
      channels_[first] = {who};
    else if (!channels_.contains(first) || !channels_[first].insert(who).second)
      complain(line);
  } else if (said->command == "353") {
    std::istringstream names{std::string{said->param(3)}};
    for (std::string name; names >> name;)
      channels_[std::string{said->param(2)}].insert(name);
  } else if (said->command == "PART") {
    if (who == nick_)
      channels_.erase(first);
    else if (!channels_.contains(first) || channels_[first].erase(who) == 0)
      complain(line);
  } else if (said->command == "QUIT") {
    std::size_t seen = 0;
    for (auto& [channel, names] : channels_)
      seen += names.erase(who);
    if (seen == 0)
      complain(line);
  } else if (said->command == "NICK") {
    if (who == nick_)
      nick_ = first;
    std::size_t seen = 0;
    for (auto& [channel, names] : channels_) {
      if (names.erase(who) == 0)
        continue;
      ++seen;
      names.insert(first);
    }
    if (seen == 0 && first != nick_)
      complain(line);
  }
}

} // namespace chat::testing
