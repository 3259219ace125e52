#include <registry/node/internal/seed_watch.hpp>

#include <algorithm>
#include <utility>

namespace registry {

namespace {

bool is_silence(dial_failure why) {
  return why == dial_failure::refused || why == dial_failure::unreachable;
}

const peer_status* find_linked(const seed_watch::seed& of, const std::vector<peer_status>& peers) {
  const auto found = std::find_if(peers.begin(), peers.end(), [&](const peer_status& x) {
    return x.reachable && (x.where == of.where || (of.peer && x.who == of.peer));
  });
  return found == peers.end() ? nullptr : &*found;
}

std::string said_of(const seed_watch::seed& of, std::string_view what) {
  auto out = "seed " + to_string(of.where) + ": " + std::string{what};
  return of.detail.empty() ? out : out + " (" + of.detail + ")";
}

} // namespace

seed_watch::seed_watch(const std::vector<node_address>& seeds, const node_address& self) {
  for (const auto& where : seeds) {
    if (where != self)
      seeds_.push_back({where, 0, {}, std::nullopt, {}});
  }
}

void seed_watch::dialled(const node_address& where, std::uint64_t number) {
  for (auto& x : seeds_) {
    if (x.where == where)
      x.dial = number;
  }
}

void seed_watch::answered(std::uint64_t number, const incarnation& who) {
  for (auto& x : seeds_) {
    if (x.dial == number && number != 0) {
      x.peer = who;
      x.failure.reset();
      x.detail.clear();
    }
  }
}

void seed_watch::failed(const node_address& where, dial_failure why, std::string detail) {
  for (auto& x : seeds_) {
    if (x.where != where)
      continue;
    x.peer = {};
    x.failure = why;
    x.detail = detail;
  }
}

seed_watch::report seed_watch::judge(const std::vector<peer_status>& peers) const {
  report out;
  // A seed that refused a dial in favour of another link has another address than the one known here.
  const bool all_linked =
      !peers.empty() && std::all_of(peers.begin(), peers.end(), [](const peer_status& x) { return x.reachable; });
  for (const auto& x : seeds_) {
    if (const auto* const peer = find_linked(x, peers))
      out.linked.push_back(*peer);
    else if (x.failure == dial_failure::self)
      continue;
    else if (x.failure == dial_failure::duplicate_link && all_linked)
      out.linked.insert(out.linked.end(), peers.begin(), peers.end());
    else if (x.failure && is_silence(*x.failure))
      out.silent.push_back(said_of(x, to_string(*x.failure)));
    else if (x.failure && x.failure != dial_failure::duplicate_link)
      out.missing.push_back(said_of(x, to_string(*x.failure)));
    else if (x.failure || x.peer)
      out.missing.push_back(said_of(x, "it has answered, but the link to it is not ready yet"));
    else
      out.missing.push_back(said_of(x, "it has not answered yet"));
  }
  return out;
}

} // namespace registry
