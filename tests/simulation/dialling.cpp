#include <simulation/cluster.hpp>

#include <algorithm>
#include <utility>

// Dials and handshakes, and their failures.

namespace registry::simulation {

namespace {

using std::chrono::milliseconds;

// How much a failure says: the weightiest of those at the addresses of a name counts.
constexpr int silence = 1;
constexpr int answered = 3;

int weight_of(dial_failure why) {
  switch (why) {
  case dial_failure::unreachable:
    return silence;
  case dial_failure::refused:
    return 0;
  case dial_failure::self:
    return 2;
  default:
    return answered;
  }
}

/// The refusals in a row, by a node that has no link, and the time after which a dialler counts as kept out. Two dials do cross now and
/// then, above all if the nodes began at once.
constexpr unsigned most_crossings = 6;
constexpr std::chrono::seconds most_patience{2};

} // namespace

/// A dial, which tries the addresses of a name one after the other.
struct cluster::attempt {
  std::size_t from;
  incarnation dialler;
  node_address where;
  std::uint64_t number;
  std::vector<node_address> left;
  instant patience;
  dial_failure why = dial_failure::unreachable;
  int weight = -1;
};

void cluster::dial(std::size_t i, const node_address& where, std::uint64_t number) {
  auto made = std::make_shared<attempt>(attempt{i, places_[i].running->self, where, number, {}, world_.around.dial_timeout});
  const bool is_name = directory::is_name(where);
  const bool takes_long = is_name && world_.random.percent(20);
  world_.time.after(takes_long ? instant{milliseconds{world_.random.below(2500)}} : network_.delay(), [this, made, is_name] {
    if (!is_running(made->from, made->dialler))
      return;
    made->left = is_name ? directory_.look_up(made->from, made->where) : std::vector{made->where};
    made->patience /= static_cast<std::int64_t>(std::max<std::size_t>(1, made->left.size()));
    try_next(made);
  });
}

void cluster::try_next(const std::shared_ptr<attempt>& what) {
  if (!is_running(what->from, what->dialler))
    return;
  if (what->left.empty())
    return places_[what->from].running->dial_failed(what->where, what->why);
  const auto next = what->left.front();
  what->left.erase(what->left.begin());
  handshake(what, next);
}

void cluster::fail_dial(const std::shared_ptr<attempt>& what, dial_failure why, instant after) {
  if (weight_of(why) > what->weight) {
    what->weight = weight_of(why);
    what->why = why;
  }
  world_.time.after(after, [this, what] { try_next(what); });
}

void cluster::handshake(const std::shared_ptr<attempt>& what, const node_address& where) {
  const auto from = what->from;
  const auto to = directory_.answers(where);
  const auto wait = network_.delay();
  const bool shut = !to || !directory_.admits(from, *to);
  if (shut && world_.around.refusing)
    return fail_dial(what, dial_failure::refused, wait);
  if (shut || network_.cut_off(from, *to) || (places_[*to].running && !runs(*to)) || !runs(from))
    return fail_dial(what, dial_failure::unreachable, what->patience);
  if (!places_[*to].running)
    return fail_dial(what, dial_failure::refused, wait);
  auto& mine = *places_[from].running;
  auto& theirs = *places_[*to].running;
  if (mine.version != theirs.version) {
    theirs.dialler_refused(mine.where, dial_failure::wrong_version);
    return fail_dial(what, dial_failure::wrong_version, wait);
  }
  const link_info for_them{mine.self, mine.where, mine.self, what->number};
  const link_info for_me{theirs.self, theirs.where, mine.self, what->number};
  // What changes between the objection and the link is the lack of one.
  const bool linked = mine.members().link_of(theirs.self) != 0 && theirs.members().link_of(mine.self) != 0;
  if (linked || world_.random.percent(50)) {
    if (const auto why = theirs.objection(for_them)) {
      note_refusal(mine, theirs, *why);
      return fail_dial(what, *why, wait);
    }
    if (const auto why = mine.objection(for_me))
      return fail_dial(what, *why, wait);
  }
  kept_out_.erase({mine.self, theirs.self});
  kept_out_.erase({theirs.self, mine.self});
  const auto link = network_.connect(from, *to);
  world_.time.after(wait, [this, from, dialler = mine.self, link, for_me] {
    if (!is_running(from, dialler))
      return;
    network_.open(link);
    places_[from].running->link_begun(link, for_me);
    complete(from, dialler, link);
  });
  network_.open(link + 1);
  theirs.link_begun(link + 1, for_them);
  complete(*to, theirs.self, link + 1);
}

/// The two ends have greeted each other, unless the link has ended.
void cluster::complete(std::size_t i, const incarnation& who, link_id link) {
  world_.time.after(network_.delay(), [this, i, who, link] {
    if (is_running(i, who))
      places_[i].running->link_complete(link);
  });
}

/// A node that prefers its own dial may do so for a moment: perhaps that dial never arrives.
void cluster::note_refusal(node& dialler, node& by, dial_failure why) {
  const std::pair pair{dialler.self, by.self};
  if (why != dial_failure::duplicate_link || by.members().link_of(dialler.self) != 0) {
    kept_out_.erase(pair);
    return;
  }
  auto& [times, since] = kept_out_.try_emplace(pair, refusals{0, world_.time.now()}).first->second;
  if (++times >= most_crossings && world_.time.now() - since >= most_patience)
    throw violation("a node is kept out for a dial that does not arrive");
}

} // namespace registry::simulation
