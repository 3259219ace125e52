#pragma once

#include <registry/compat/error.hpp>
#include <registry/compat/inspect.hpp>
#include <registry/scope/messages.hpp>
#include <registry/value/value.hpp>

#include <boost/describe.hpp>

#include <caf/type_id.hpp>

#include <cstdint>
#include <string>

namespace dispatch {

/// To a worker, a request from anybody: do this. The answer is an `outcome`, when it has been done. Errors mean that it was not:
/// `not_joined` from a worker that drains, `limit_exceeded` from one that has too much to do. Submitters use `perform_job`.
struct run_job {
  registry::value content;
};
BOOST_DESCRIBE_STRUCT(run_job, (), (content))

/// The outcome of a job that was done.
struct outcome {
  bool succeeded = false;
  registry::value output;
  std::string error;
};
BOOST_DESCRIBE_STRUCT(outcome, (), (succeeded, output, error))

/// To a worker: leave the queue, finish what you have, end.
struct drain {};
BOOST_DESCRIBE_STRUCT(drain, (), ())

/// To a submitter: start nothing more, wait for the jobs under way, end.
struct stop {};
BOOST_DESCRIBE_STRUCT(stop, (), ())

/// Superseded by `job_report`; kept because the numbers of message types never change.
struct job_result {
  registry::value id;
  std::string status;
  registry::value output;
  std::string error;
  std::string worker;
  std::string node;
  std::int64_t attempts = 0;
};
BOOST_DESCRIBE_STRUCT(job_result, (), (id, status, output, error, worker, node, attempts))

/// From a submitter, now and then.
struct progress_report {
  std::uint64_t workers = 0;
  std::uint64_t under_way = 0;
};
BOOST_DESCRIBE_STRUCT(progress_report, (), (workers, under_way))

/// From a submitter, last: why jobs were cancelled, if they were.
struct submission_ended {
  std::string problem;
};
BOOST_DESCRIBE_STRUCT(submission_ended, (), (problem))

/// Superseded by `command_finished`, and kept like `job_result`.
struct start_command {};
BOOST_DESCRIBE_STRUCT(start_command, (), ())

/// Superseded by `command_result`, which is no message, and kept like `job_result`.
struct command_ended {
  std::int32_t status = 0;
  std::string output;
  std::string errors;
  std::string problem;
};
BOOST_DESCRIBE_STRUCT(command_ended, (), (status, output, errors, problem))

// -- A job between its submitter and a worker. The submitter gives it a ticket, a number that it uses once, by which both know
// -- this attempt. What arrives for a ticket that is not known any more is dropped.

/// To a worker: do this. The answers are `job_refused`; or `job_waiting` if all places are taken, `job_begun`, and `job_done`.
/// Work that takes no time is done without having begun.
struct perform_job {
  std::uint64_t ticket = 0;
  registry::value content;
};
BOOST_DESCRIBE_STRUCT(perform_job, (), (ticket, content))

/// To a worker: the job is not wanted any more. If it waits it is dropped, which `job_dropped` answers; if it has begun it is
/// ended.
struct give_up_job {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(give_up_job, (), (ticket))

/// To a worker: drop the job if it still waits, which `job_dropped` answers, and let it be if it has begun.
struct withdraw_job {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(withdraw_job, (), (ticket))

/// To a worker: how far is the job? The answer is `job_waiting`, `job_begun`, or `job_dropped` if it has no such job.
struct ask_job {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(ask_job, (), (ticket))

/// To a submitter: the job waits until a place is free.
struct job_waiting {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(job_waiting, (), (ticket))

/// To a submitter: the job has begun.
struct job_begun {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(job_begun, (), (ticket))

/// To a submitter: the worker does not have the job, and has not begun it since it last said that it waits.
struct job_dropped {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(job_dropped, (), (ticket))

/// To a submitter: the job has not been taken on. `not_joined` from a worker that drains, `limit_exceeded` from one that has too
/// much to do.
struct job_refused {
  std::uint64_t ticket = 0;
  registry::errc reason = registry::errc::failed;
};
BOOST_DESCRIBE_STRUCT(job_refused, (), (ticket, reason))

/// To a submitter: what came of the job. `details` is null or a map of what the result says beside the output, such as
/// `exit_status`, `signal`, `stderr` and `truncated` of a command.
struct job_done {
  std::uint64_t ticket = 0;
  bool succeeded = false;
  registry::value output;
  std::string error;
  registry::value details;
};
BOOST_DESCRIBE_STRUCT(job_done, (), (ticket, succeeded, output, error, details))

/// From a submitter to its observer: the result of one job.
struct job_report {
  registry::value id;
  /// `done`, `failed`, `lost` (each attempt ended without an answer), or `cancelled`.
  std::string status;
  registry::value output;
  std::string error;
  /// The worker that did it: its name, and the address of its node.
  std::string worker;
  std::string node;
  std::int64_t attempts = 0;
  /// As in `job_done`; of a job that was begun more than once also `history`, how the attempts before ended.
  registry::value details;
};
BOOST_DESCRIBE_STRUCT(job_report, (), (id, status, output, error, worker, node, attempts, details))

/// To a worker, from the thread that ran a command of it: the command with this number has ended.
struct command_finished {
  std::uint64_t number = 0;
};
BOOST_DESCRIBE_STRUCT(command_finished, (), (number))

/// Serialises every message of this namespace field by field.
template <class Inspector, class Message>
  requires boost::describe::has_describe_members<Message>::value
auto inspect(Inspector& f, Message& x) {
  return registry::compat::inspect_described(f, x);
}

} // namespace dispatch

CAF_BEGIN_TYPE_ID_BLOCK(dispatch, caf::first_custom_type_id + 2500)

CAF_ADD_TYPE_ID(dispatch, (dispatch::run_job))
CAF_ADD_TYPE_ID(dispatch, (dispatch::outcome))
CAF_ADD_TYPE_ID(dispatch, (dispatch::drain))
CAF_ADD_TYPE_ID(dispatch, (dispatch::stop))
CAF_ADD_TYPE_ID(dispatch, (dispatch::job_result))
CAF_ADD_TYPE_ID(dispatch, (dispatch::progress_report))
CAF_ADD_TYPE_ID(dispatch, (dispatch::submission_ended))
CAF_ADD_TYPE_ID(dispatch, (dispatch::start_command))
CAF_ADD_TYPE_ID(dispatch, (dispatch::command_ended))
CAF_ADD_TYPE_ID(dispatch, (dispatch::perform_job))
CAF_ADD_TYPE_ID(dispatch, (dispatch::give_up_job))
CAF_ADD_TYPE_ID(dispatch, (dispatch::withdraw_job))
CAF_ADD_TYPE_ID(dispatch, (dispatch::ask_job))
CAF_ADD_TYPE_ID(dispatch, (dispatch::job_waiting))
CAF_ADD_TYPE_ID(dispatch, (dispatch::job_begun))
CAF_ADD_TYPE_ID(dispatch, (dispatch::job_dropped))
CAF_ADD_TYPE_ID(dispatch, (dispatch::job_refused))
CAF_ADD_TYPE_ID(dispatch, (dispatch::job_done))
CAF_ADD_TYPE_ID(dispatch, (dispatch::job_report))
CAF_ADD_TYPE_ID(dispatch, (dispatch::command_finished))

CAF_END_TYPE_ID_BLOCK(dispatch)
