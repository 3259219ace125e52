#include <chat/demo/conversation.hpp>
#include <chat/irc/message.hpp>

#include <array>
#include <utility>

namespace chat::demo {

namespace {

struct step {
  enum class kind { enter, say, act, topic, away, back, leave, crash, restart };
  std::string_view nick;
  kind what;
  std::string_view text;
};

using enum step::kind;

/// Ann is there from the first step to the last: what she sees is what is printed.
constexpr std::string_view witness = "ann";

constexpr std::array script{
    step{"ann", enter, ""},
    step{"bob", enter, ""},
    step{"ann", say, "Good morning, bob!"},
    step{"bob", say, "Morning, ann. Is it only us?"},
    step{"cleo", enter, ""},
    step{"cleo", say, "Hello, you two. What is new?"},
    step{"ann", topic, "Every word here is a message between actors"},
    step{"bob", say, "The channel is a key, and we are its members."},
    step{"cleo", say, "And when one of us goes, everybody gets to know?"},
    step{"bob", say, "Watch: I quit."},
    step{"bob", leave, "See?"},
    step{"ann", say, "His entry is gone, and you have been told so once."},
    step{"cleo", act, "nods"},
    step{"cleo", away, "Fetching coffee"},
    step{"bob", enter, ""},
    step{"bob", say, "Here I am again. Where is cleo?"},
    step{"ann", say, "Ask the server: /whois cleo"},
    step{"cleo", back, ""},
    step{"cleo", say, "With coffee. You who are reading this: join #lobby and say something!"},
    step{"bob", say, "Each of us is on a server of its own. What if one of them dies?"},
    step{"cleo", crash, ""},
    step{"ann", say, "Cleo has gone with her server, and everybody has been told."},
    step{"cleo", restart, ""},
    step{"cleo", enter, ""},
    step{"cleo", say, "My server is back, and has found yours by itself."},
    step{"cleo", leave, "Back to work"},
    step{"bob", leave, "Me too"},
};

/// Everybody has a server.
std::size_t server_of(std::string_view nick) {
  return nick == "ann" ? 0 : nick == "bob" ? 1 : 2;
}

} // namespace

conversation::conversation(boost::asio::io_context& context, network& servers, std::chrono::milliseconds pace,
                           std::function<void(std::string_view)> print)
    : context_(context), timer_(context), servers_(servers), pace_(pace), print_(std::move(print)) {
  go_on();
}

void conversation::end() {
  timer_.cancel();
  for (const auto& [nick, each] : users_)
    each->close();
}

void conversation::go_on() {
  take_step(std::string{script[step_].nick});
  step_ = (step_ + 1) % script.size();
  timer_.expires_after(pace_);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled)
      go_on();
  });
}

void conversation::take_step(const std::string& nick) {
  const auto& now = script[step_];
  std::string text{now.text};
  switch (now.what) {
  case enter:
    bring_in(nick);
    break;
  case say:
    users_[nick]->send("PRIVMSG " + std::string{channel} + " :" + text);
    print_("<" + nick + "> " + text);
    break;
  case act:
    users_[nick]->send("PRIVMSG " + std::string{channel} +
                       " :\x01"
                       "ACTION " +
                       text + "\x01");
    print_("* " + nick + " " + text);
    break;
  case topic:
    users_[nick]->send("TOPIC " + std::string{channel} + " :" + text);
    break;
  case away:
    users_[nick]->send("AWAY :" + text);
    break;
  case back:
    users_[nick]->send("AWAY");
    break;
  case leave:
    users_[nick]->quit(text);
    break;
  case crash:
    print_("== kill -9: the server " + servers_.name(server_of(nick)) + " is dead");
    servers_.crash(server_of(nick));
    break;
  case restart:
    print_("== the server " + servers_.name(server_of(nick)) + " is started again");
    servers_.restart(server_of(nick));
    break;
  }
}

void conversation::bring_in(const std::string& nick) {
  auto& one = users_[nick];
  if (one && one->is_entering_or_there())
    return;
  one = std::make_shared<user>(context_, nick, [this](user& self, std::string_view line) { on_line(self, line); });
  one->enter(servers_.port(server_of(nick)), channel);
}

void conversation::on_line(user& self, std::string_view line) {
  auto seen = irc::parse(line);
  if (!seen)
    return;
  if (seen->command == "433")
    return self.close(); // a visitor has the name; the next time may be better
  if (self.nick() != witness)
    return;
  std::string nick{seen->prefix.substr(0, seen->prefix.find('!'))};
  auto is_ours = users_.contains(nick);
  if (seen->command == "JOIN") {
    print_("-> " + nick + " joins");
    if (!is_ours)
      self.send("PRIVMSG " + std::string{channel} + " :Welcome, " + nick + "!");
  } else if (seen->command == "QUIT") {
    print_("<- " + nick + " quits (" + std::string{seen->param(0)} + ")");
  } else if (seen->command == "PART") {
    print_("<- " + nick + " leaves");
  } else if (seen->command == "TOPIC") {
    print_("-- " + nick + " sets the topic: " + std::string{seen->param(1)});
  } else if (seen->command == "PRIVMSG" && !is_ours) {
    print_("<" + nick + "> " + std::string{seen->param(1)});
  }
}

} // namespace chat::demo
