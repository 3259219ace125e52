#include <chat/demo/conversation.hpp>
#include <chat/irc/message.hpp>

#include <boost/asio/post.hpp>

#include <array>
#include <utility>

namespace chat::demo {

namespace {

struct step {
  enum class kind { enter, say, act, topic, away, back, leave };
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
    step{"cleo", leave, "Back to work"},
    step{"bob", leave, "Me too"},
};

} // namespace

conversation::conversation(std::uint16_t port, std::chrono::milliseconds pace, std::function<void(std::string_view)> print)
    : timer_(context_), port_(port), pace_(pace), print_(std::move(print)) {
  boost::asio::post(context_, [this] { go_on(); });
  thread_ = std::thread{[this] { context_.run(); }};
}

conversation::~conversation() {
  boost::asio::post(context_, [this] {
    timer_.cancel();
    for (const auto& [nick, each] : users_)
      each->close();
    step_ = script.size();
  });
  thread_.join();
}

void conversation::go_on() {
  const auto& now = script[step_];
  std::string nick{now.nick};
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
  }
  step_ = (step_ + 1) % script.size();
  timer_.expires_after(pace_);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled)
      go_on();
  });
}

void conversation::bring_in(const std::string& nick) {
  auto& one = users_[nick];
  if (one && one->connected())
    return;
  one = std::make_shared<user>(context_, nick, [this](user& self, std::string_view line) { on_line(self, line); });
  one->enter(port_, channel);
}

void conversation::on_line(user& self, std::string_view line) {
  if (self.nick() != witness)
    return;
  auto seen = irc::parse(line);
  if (!seen)
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
