#include <libregistry/replica/cluster.hpp>

#include <support/fake_member.hpp>
#include <support/stepwise.hpp>

#include <support/catch.hpp>

#include <algorithm>

namespace registry::testing {

namespace {

std::string describe(const value& key, const member& who, const value& data) {
  return to_string(key) + "/" + std::to_string(who->id()) + "=" + to_string(data);
}

store_options options_for(key_mode mode) {
  store_options out;
  out.mode = mode;
  return out;
}

std::unique_ptr<store> make_observed_store(key_mode mode, bool observed) {
  auto made = std::make_unique<store>(options_for(mode));
  made->log().observe(true, observed);
  return made;
}

} // namespace

// -- node -----------------------------------------------------------------------------------------------------------------

replica_node::replica_node(std::uint8_t number_, std::uint64_t run, key_mode mode, std::uint64_t epoch,
                           const replica_options& options, bool all_events)
    : number(number_),
      observed(all_events),
      name_{number_, run},
      content_(make_observed_store(mode, observed)),
      r(name_, "scope", mode, epoch, *this, options) {}

member replica_node::actor(std::uint64_t id) const {
  return make_member(id, number);
}

void replica_node::join(const value& key, std::uint64_t id, const value& data) {
  REQUIRE(content_->join(key, std::vector<member>{actor(id)}, data));
}

void replica_node::update(const value& key, std::uint64_t id, const value& data) {
  static_cast<void>(content_->update(key, actor(id), data));
}

void replica_node::leave(const value& key, std::uint64_t id) {
  static_cast<void>(content_->leave(key, std::vector<member>{actor(id)}));
}

void replica_node::exit(std::uint64_t id) {
  content_->leave_all(actor(id), reason::down);
}

std::unique_ptr<bulk_work> replica_node::install(std::uint32_t origin, std::vector<remote_group> all,
                                                 const content_digest& digest) {
  return std::make_unique<stepwise<store::installation>>(*content_, content_->begin_install(origin, std::move(all), digest));
}

std::unique_ptr<bulk_work> replica_node::purge(std::uint32_t origin, reason why) {
  return std::make_unique<stepwise<store::eviction>>(*content_, content_->begin_purge(origin, why));
}

void replica_node::drain() {
  const auto batch = content_->log().take();
  r.committed(batch);
  events.insert(events.end(), batch.events.begin(), batch.events.end());
  static_cast<void>(content_->collect_now());
}

std::multiset<std::string> replica_node::content(const std::optional<incarnation>& owner) const {
  std::multiset<std::string> out;
  content_->snapshot().entries.for_each([&](const value& key, const group& entries) {
    for (const auto& one : entries) {
      if (!owner || r.owner(one.origin) == owner)
        out.insert(describe(key, one.who, one.data));
    }
  });
  return out;
}

std::multiset<std::string> replica_node::folded() const {
  std::map<entry_id, std::string> all;
  for (const auto& x : events) {
    for (const auto& one : x->entries) {
      if (x->what == verb::leave) {
        CHECK(all[one.id] == describe(x->key, one.who, one.data));
        all.erase(one.id);
      } else {
        CHECK(all.contains(one.id) == (x->what == verb::update));
        all[one.id] = describe(x->key, one.who, one.data);
      }
    }
  }
  std::multiset<std::string> out;
  for (const auto& [id, text] : all)
    out.insert(text);
  return out;
}

std::vector<std::string> replica_node::take_events() {
  drain();
  std::vector<std::string> out;
  for (; told_ < events.size(); ++told_) {
    const auto& x = *events[told_];
    std::string text{to_string(x.what)};
    for (const auto& one : x.entries)
      text += " " + describe(x.key, one.who, one.data);
    out.push_back(text + " " + std::string{to_string(x.why)});
  }
  return out;
}

// -- cluster --------------------------------------------------------------------------------------------------------------

replica_node& replica_cluster::open(std::uint8_t number, key_mode mode, std::uint64_t run) {
  runs_[number] = run;
  auto made = std::make_unique<replica_node>(number, run, mode, next_epoch_++, options, !unobserved.contains(number));
  nodes_[number] = std::move(made);
  auto& one = *nodes_[number];
  for (const auto& [way, queue] : queues_) {
    if (way.first == number)
      one.r.peer_up(name_of(way.second));
  }
  return one;
}

void replica_cluster::close(std::uint8_t number) {
  nodes_.at(number)->r.close();
  collect();
  nodes_.erase(number);
}

void replica_cluster::kill(std::uint8_t number) {
  const auto name = nodes_.at(number)->name();
  nodes_.erase(number);
  std::erase_if(queues_, [&](const auto& x) { return x.first.first == number || x.first.second == number; });
  for (auto& [other, node] : nodes_)
    node->r.peer_down(name, reason::node_down);
}

void replica_cluster::connect(std::uint8_t a, std::uint8_t b, handle_state handles) {
  queues_[{a, b}] = {};
  queues_[{b, a}] = {};
  for (const auto& [from, to] : {direction{a, b}, direction{b, a}}) {
    if (nodes_.contains(from))
      nodes_[from]->r.peer_up(name_of(to), handles);
  }
}

void replica_cluster::disconnect(std::uint8_t a, std::uint8_t b) {
  for (const auto& way : {direction{a, b}, direction{b, a}}) {
    for (auto& x : queues_[way])
      lost.emplace_back(way, std::move(x));
    queues_.erase(way);
    if (nodes_.contains(way.first))
      nodes_[way.first]->r.peer_unlinked(name_of(way.second));
  }
}

incarnation replica_cluster::name_of(std::uint8_t number) {
  return {number, runs_.try_emplace(number, 1).first->second};
}

void replica_cluster::collect() {
  for (auto& [number, node] : nodes_) {
    node->drain();
    for (auto& x : node->r.take_outgoing()) {
      const direction way{number, static_cast<std::uint8_t>(x.to.high)};
      const auto queue = queues_.find(way);
      if (queue != queues_.end())
        queue->second.push_back(std::move(x.what));
    }
  }
}

void replica_cluster::deliver(const direction& way) {
  auto& queue = queues_[way];
  auto x = std::move(queue.front());
  queue.pop_front();
  ++frames;
  if (!nodes_.contains(way.second))
    return;
  if (fresh_handles) {
    for (auto& handle : x.handles)
      handle = make_member(handle->id(), way.first);
  }
  REQUIRE(nodes_[way.second]->r.receive(name_of(way.first), x));
}

bool replica_cluster::step() {
  collect();
  std::vector<direction> ways;
  for (const auto& [way, queue] : queues_) {
    if (!queue.empty() && !held_[way])
      ways.push_back(way);
  }
  for (const auto& way : ways)
    deliver(way);
  bool worked = false;
  for (auto& [number, node] : nodes_) {
    worked = worked || node->r.busy();
    node->r.step();
  }
  return worked || !ways.empty();
}

void replica_cluster::settle() {
  for (int steps = 0; step(); ++steps)
    REQUIRE(steps < 1'000'000);
}

void replica_cluster::pass(int seconds) {
  for (; seconds > 0; --seconds) {
    now_ += std::chrono::seconds{1};
    for (auto& [number, node] : nodes_)
      node->r.tick(now_);
    settle();
  }
}

std::size_t replica_cluster::under_way(std::uint8_t from, std::uint8_t to) const {
  std::size_t out = 0;
  for (const auto& x : queues_.at({from, to}))
    out += x.cost();
  return out;
}

bool replica_cluster::converged() const {
  for (const auto& [a, here] : nodes_) {
    std::size_t expected = 0;
    for (const auto& [b, there] : nodes_) {
      const auto truth = there->content(there->name());
      expected += truth.size();
      if (here->content(there->name()) != truth || (a != b && !here->r.in_sync_with(there->name())))
        return false;
    }
    if (here->content().size() != expected || (here->observed && here->folded() != here->content()))
      return false;
  }
  return true;
}

replica_options small_bounds() {
  replica_options out;
  out.window = 4000;
  out.acknowledge_after = 500;
  out.frame_size = 500;
  out.journal_bytes = 20'000;
  return out;
}

void join_many(replica_node& at, std::uint64_t count, std::uint64_t first) {
  for (auto id = first; id < first + count; ++id)
    at.join(value{id % 7}, id, value{id});
}

std::vector<std::string> sorted(std::vector<std::string> x) {
  std::sort(x.begin(), x.end());
  return x;
}

} // namespace registry::testing
