#include <simulation/cluster.hpp>

#include <utility>

// Dials and handshakes, and their failures.

namespace registry::simulation {

std::optional<std::size_t> cluster::at(const node_address& where) const {
  const std::size_t i = where.port >= first_alias ? where.port - first_alias : where.port - first_port;
  return i < places_.size() ? std::optional{i} : std::nullopt;
}

void cluster::dial(std::size_t i, const node_address& where, std::uint64_t number) {
  world_.time.after(network_.delay(), [this, i, where, number] {
    if (places_[i].running)
      handshake(i, places_[i].running->self, where, number);
  });
}

void cluster::fail_dial(std::size_t from, const incarnation& dialler, const node_address& where, dial_failure why,
                        instant after) {
  world_.time.after(after, [this, from, dialler, where, why] {
    if (is_running(from, dialler))
      places_[from].running->dial_failed(where, why);
  });
}

void cluster::handshake(std::size_t from, const incarnation& dialler, const node_address& where, std::uint64_t number) {
  const auto to = at(where);
  const auto wait = network_.delay();
  if (!to || (!places_[*to].running && !network_.cut_off(from, *to)))
    return fail_dial(from, dialler, where, dial_failure::refused, wait);
  if (network_.cut_off(from, *to) || !runs(*to) || !runs(from))
    return fail_dial(from, dialler, where, dial_failure::unreachable, std::chrono::seconds{1});
  auto& mine = *places_[from].running;
  auto& theirs = *places_[*to].running;
  if (mine.version != theirs.version) {
    theirs.members().dialler_refused(mine.where, dial_failure::wrong_version, world_.time.now());
    return fail_dial(from, dialler, where, dial_failure::wrong_version, wait);
  }
  const link_info for_them{dialler, mine.where, dialler, number};
  const link_info for_me{theirs.self, theirs.where, dialler, number};
  // What changes between the objection and the link is the lack of one.
  const bool linked = mine.members().link_of(theirs.self) != 0 && theirs.members().link_of(dialler) != 0;
  if (linked || world_.random.percent(50)) {
    if (const auto why = theirs.members().objection(for_them, world_.time.now()))
      return fail_dial(from, dialler, where, *why, wait);
    if (const auto why = mine.members().objection(for_me, world_.time.now()))
      return fail_dial(from, dialler, where, *why, wait);
  }
  const auto link = network_.connect(from, *to);
  world_.time.after(wait, [this, from, dialler, link, for_me] {
    if (!is_running(from, dialler))
      return;
    network_.open(link);
    places_[from].running->link_up(link, for_me);
  });
  network_.open(link + 1);
  theirs.link_up(link + 1, for_them);
}

} // namespace registry::simulation
