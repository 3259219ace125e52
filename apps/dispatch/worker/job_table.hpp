#pragma once

#include <dispatch/messages.hpp>
#include <dispatch/worker/job_outcome.hpp>

#include <registry/coro/channel.hpp>
#include <registry/coro/responder.hpp>
#include <registry/coro/self.hpp>
#include <registry/member/member.hpp>

#include <caf/actor_addr.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace dispatch {

/// A job that a worker has taken on.
struct assignment {
  assignment(registry::coroutine_self self, registry::value what) : content(std::move(what)), given_up(self, 1) {}

  registry::value content;
  /// Who is told of it: the submitter, with its ticket, or who sent `run_job`.
  registry::member client;
  std::uint64_t ticket = 0;
  registry::responder reply;
  /// Which in the order of arrival.
  std::uint64_t arrival = 0;
  bool begun = false;
  /// Closed when nobody wants it any more.
  registry::channel<std::monostate> given_up;
};

/// The jobs of a worker: those that wait for a place, and those that have one. Its coroutines share it; none of its functions
/// waits. Each costs O(log n) in the number of jobs.
///
/// 1. A job waits, in the order of arrival, or has a place, or is not here.
/// 2. The load is the number of both.
/// 3. A job whose client has ended does not wait, and if it has a place it is being ended.
class job_table {
public:
  using assignment_ptr = std::shared_ptr<assignment>;

  /// `change_load` is told how much the load changes, before whoever hears of the reason.
  job_table(registry::coroutine_self self, std::size_t places, std::function<void(std::int64_t)> change_load);

  // -- For whoever has a place

  /// Has something in it when there may be a job that waits.
  [[nodiscard]] registry::channel<std::monostate> arrivals() const { return arrivals_; }
  /// The job that has waited longest takes a place; null if none waits.
  assignment_ptr begin_next();
  /// Tells the client that the job has begun.
  void announce(const assignment& what);
  /// Leaves the place; the client gets what came of it if it still wants it.
  void finish(const assignment_ptr& what, job_outcome came);

  // -- What clients say

  void take_on(registry::member client, perform_job what);
  void take_on(registry::member client, run_job what, registry::responder reply);
  void give_up(const registry::member& client, std::uint64_t ticket);
  void withdraw(const registry::member& client, std::uint64_t ticket);
  void tell_state(const registry::member& client, std::uint64_t ticket);
  /// A client has terminated, or its node is lost: nobody wants its jobs.
  void lose(const caf::actor_addr& client);
  /// From now on all are refused, and those who wait for arrivals are told that there are none any more.
  void close();

private:
  using client_jobs = std::map<std::uint64_t, assignment_ptr>;

  /// Why nothing more is taken on; nothing if it is.
  [[nodiscard]] std::optional<registry::errc> refusal() const;
  void add(assignment_ptr what);
  assignment_ptr find(const registry::member& client, std::uint64_t ticket) const;
  void forget(const assignment& what);
  void drop(const assignment_ptr& what);

  registry::coroutine_self self_;
  std::size_t places_;
  std::function<void(std::int64_t)> change_load_;
  registry::channel<std::monostate> arrivals_;
  std::map<std::uint64_t, assignment_ptr> waiting_;
  /// Those that have a place, given up or not.
  std::size_t occupied_ = 0;
  std::uint64_t last_arrival_ = 0;
  bool closed_ = false;
  // Each client is monitored from its first job until it ends. What is given up is not among its jobs any more.
  std::map<registry::member, client_jobs> clients_;
};

} // namespace dispatch
