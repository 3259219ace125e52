#pragma once

#include <registry/compat/inspect.hpp>
#include <registry/scope/messages.hpp>
#include <registry/value/value.hpp>

#include <boost/describe.hpp>

#include <caf/type_id.hpp>

#include <cstdint>
#include <string>

namespace dispatch {

/// From a submitter to a worker, a request: do this. The answer is an `outcome`, when it has been done. Errors mean that it was
/// not: `not_joined` from a worker that drains, `limit_exceeded` from one that has too much to do.
struct run_job {
  registry::value content;
};
BOOST_DESCRIBE_STRUCT(run_job, (), (content))

/// What came of a job that was done.
struct outcome {
  bool succeeded = false;
  registry::value output;
  std::string error;
};
BOOST_DESCRIBE_STRUCT(outcome, (), (succeeded, output, error))

/// To a worker: leave the queue, finish what you have, end.
struct drain {};
BOOST_DESCRIBE_STRUCT(drain, (), ())

/// To a submitter: start nothing more, wait for what is under way, end.
struct stop {};
BOOST_DESCRIBE_STRUCT(stop, (), ())

/// The result of one job, as it is reported to who submitted it.
struct job_result {
  registry::value id;
  /// `done`, `failed`, `lost` (each attempt ended without an answer), or `cancelled`.
  std::string status;
  registry::value output;
  std::string error;
  /// Who did it and where: its name, and the address of its node.
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

/// To the actor that runs one command, a request that it answers with `command_ended`.
struct start_command {};
BOOST_DESCRIBE_STRUCT(start_command, (), ())

/// How a command ended.
struct command_ended {
  /// The exit status, or minus the signal that ended it.
  std::int32_t status = 0;
  /// The beginning of what it wrote.
  std::string output;
  std::string errors;
  /// Why it could not be run; then the rest means nothing.
  std::string problem;
};
BOOST_DESCRIBE_STRUCT(command_ended, (), (status, output, errors, problem))

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

CAF_END_TYPE_ID_BLOCK(dispatch)
