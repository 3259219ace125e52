#include <dispatch/worker/job_table.hpp>

#include <registry/compat/actor.hpp>

#include <optional>

namespace dispatch {

namespace {

using registry::errc;
using registry::error;
using registry::member;

/// Several submitters may fill a worker at the same time: this many times its places may wait.
constexpr std::size_t most_waiting_per_place = 16;

/// Requests have no ticket; these are never those of a submitter, which counts from 1.
constexpr std::uint64_t ticket_of_request(std::uint64_t arrival) {
  return ~arrival;
}

} // namespace

job_table::job_table(registry::coroutine_self self, std::size_t places, std::function<void(std::int64_t)> change_load)
    : self_(self), places_(places), change_load_(std::move(change_load)), arrivals_(self, places) {}

// -- Places

job_table::assignment_ptr job_table::begin_next() {
  if (waiting_.empty())
    return nullptr;
  auto out = waiting_.extract(waiting_.begin()).mapped();
  out->begun = true;
  ++occupied_;
  return out;
}

void job_table::announce(const assignment& what) {
  if (!what.given_up.closed() && !what.reply.owed())
    self_.send(what.client, job_begun{what.ticket});
}

void job_table::finish(const assignment_ptr& what, job_outcome came) {
  --occupied_;
  change_load_(-1);
  if (what->given_up.closed())
    return;
  forget(*what);
  if (what->reply.owed())
    what->reply.answer(outcome{came.succeeded, std::move(came.output), std::move(came.error)});
  else
    self_.send(what->client, job_done{what->ticket, came.succeeded, std::move(came.output), std::move(came.error),
                                      std::move(came.details)});
}

// -- Clients

std::optional<errc> job_table::refusal() const {
  if (closed_)
    return errc::not_joined;
  if (waiting_.size() >= most_waiting_per_place * places_)
    return errc::limit_exceeded;
  return std::nullopt;
}

void job_table::add(assignment_ptr what) {
  what->arrival = ++last_arrival_;
  if (what->reply.owed())
    what->ticket = ticket_of_request(what->arrival);
  if (what->client) {
    const auto [known, is_new] = clients_.try_emplace(what->client);
    if (is_new)
      registry::compat::monitor(what->client, self_.handle());
    known->second[what->ticket] = what;
  }
  change_load_(1);
  waiting_.emplace(what->arrival, std::move(what));
  arrivals_.try_push({}); // if it is full, all places are about to look
}

void job_table::take_on(member client, perform_job what) {
  if (!client || find(client, what.ticket))
    return; // nobody to answer, or said twice
  if (const auto reason = refusal())
    return self_.send(client, job_refused{what.ticket, *reason});
  auto one = std::make_shared<assignment>(self_, std::move(what.content));
  one->client = std::move(client);
  one->ticket = what.ticket;
  add(one);
  if (occupied_ + waiting_.size() > places_)
    self_.send(one->client, job_waiting{one->ticket});
}

void job_table::take_on(member client, run_job what, registry::responder reply) {
  if (const auto reason = refusal())
    return reply.refuse(error(*reason, *reason == errc::not_joined ? "the worker drains" : "the worker has too much to do"));
  auto one = std::make_shared<assignment>(self_, std::move(what.content));
  one->client = std::move(client);
  one->reply = std::move(reply);
  add(std::move(one));
}

job_table::assignment_ptr job_table::find(const member& client, std::uint64_t ticket) const {
  const auto known = clients_.find(client);
  if (known == clients_.end())
    return nullptr;
  const auto found = known->second.find(ticket);
  return found == known->second.end() ? nullptr : found->second;
}

void job_table::forget(const assignment& what) {
  if (const auto known = clients_.find(what.client); known != clients_.end())
    known->second.erase(what.ticket);
}

void job_table::drop(const assignment_ptr& what) {
  what->given_up.close();
  if (what->begun)
    return; // its place sees that
  waiting_.erase(what->arrival);
  change_load_(-1);
}

void job_table::give_up(const member& client, std::uint64_t ticket) {
  const auto what = find(client, ticket);
  if (what) {
    forget(*what);
    drop(what);
  }
  if (client && (!what || !what->begun))
    self_.send(client, job_dropped{ticket});
}

void job_table::withdraw(const member& client, std::uint64_t ticket) {
  const auto what = find(client, ticket);
  if (!what || !what->begun)
    give_up(client, ticket);
}

void job_table::tell_state(const member& client, std::uint64_t ticket) {
  if (!client)
    return;
  const auto what = find(client, ticket);
  if (!what)
    self_.send(client, job_dropped{ticket});
  else if (what->begun)
    self_.send(client, job_begun{ticket});
  else
    self_.send(client, job_waiting{ticket});
}

void job_table::lose(const caf::actor_addr& client) {
  const auto known = clients_.find(caf::actor_cast<member>(client));
  if (known == clients_.end())
    return;
  const auto jobs = std::move(known->second);
  clients_.erase(known);
  for (const auto& [ticket, what] : jobs)
    drop(what);
}

void job_table::close() {
  closed_ = true;
  arrivals_.close();
}

} // namespace dispatch
