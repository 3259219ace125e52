#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace chat::irc {

/// The numeric replies of RFC 2812 (and of the servers since) that this server sends, under the names they have there.
enum class numeric : std::uint16_t {
  rpl_welcome = 1,
  rpl_yourhost = 2,
  rpl_created = 3,
  rpl_myinfo = 4,
  rpl_isupport = 5,
  rpl_umodeis = 221,
  rpl_luserclient = 251,
  rpl_luserchannels = 254,
  rpl_luserme = 255,
  rpl_away = 301,
  rpl_userhost = 302,
  rpl_ison = 303,
  rpl_unaway = 305,
  rpl_nowaway = 306,
  rpl_whoisuser = 311,
  rpl_whoisserver = 312,
  rpl_endofwho = 315,
  rpl_endofwhois = 318,
  rpl_whoischannels = 319,
  rpl_liststart = 321,
  rpl_list = 322,
  rpl_listend = 323,
  rpl_channelmodeis = 324,
  rpl_notopic = 331,
  rpl_topic = 332,
  rpl_topicwhotime = 333,
  rpl_whoreply = 352,
  rpl_namreply = 353,
  rpl_endofnames = 366,
  rpl_endofbanlist = 368,
  rpl_motd = 372,
  rpl_motdstart = 375,
  rpl_endofmotd = 376,
  err_nosuchnick = 401,
  err_nosuchchannel = 403,
  err_cannotsendtochan = 404,
  err_toomanychannels = 405,
  err_toomanytargets = 407,
  err_noorigin = 409,
  err_invalidcapcmd = 410,
  err_norecipient = 411,
  err_notexttosend = 412,
  err_inputtoolong = 417,
  err_unknowncommand = 421,
  err_nomotd = 422,
  err_nonicknamegiven = 431,
  err_erroneusnickname = 432,
  err_nicknameinuse = 433,
  err_notonchannel = 442,
  err_notregistered = 451,
  err_needmoreparams = 461,
  err_alreadyregistred = 462,
  err_chanoprivsneeded = 482,
  err_umodeunknownflag = 501,
  err_usersdontmatch = 502,
};

/// The three digits of a numeric on the wire.
class digits {
public:
  explicit constexpr digits(numeric x) noexcept
      : text_{digit(static_cast<unsigned>(x) / 100), digit(static_cast<unsigned>(x) / 10), digit(static_cast<unsigned>(x))} {
  }
  constexpr operator std::string_view() const noexcept { // NOLINT(google-explicit-constructor)
    return {text_.data(), text_.size()};
  }

private:
  static constexpr char digit(unsigned x) noexcept { return static_cast<char>('0' + x % 10); }
  std::array<char, 3> text_;
};

} // namespace chat::irc
