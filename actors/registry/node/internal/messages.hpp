#pragma once

#include <registry/compat/inspect.hpp>
#include <registry/membership/internal/heartbeat.hpp>
#include <registry/scope/messages.hpp>
#include <registry/wire/internal/frame.hpp>

#include <boost/describe/class.hpp>

#include <caf/message.hpp>
#include <caf/type_id.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

// -- Messages between the two actors of a link ---------------------------------------------------------------------------

/// Dialler to acceptor, first: identifies the link (see `link_info`), and carries the handle for the response.
struct link_greeting {
  std::uint64_t high = 0; ///< of the dialler's incarnation
  std::uint64_t low = 0;
  std::uint64_t dial = 0;
};
BOOST_DESCRIBE_STRUCT(link_greeting, (), (high, low, dial))

/// The response: from now on the link carries everything.
struct link_welcome {};
BOOST_DESCRIBE_STRUCT(link_welcome, (), ())

/// See `encode(const heartbeat&)`.
struct heartbeat_message {
  std::string bytes;
};
BOOST_DESCRIBE_STRUCT(heartbeat_message, (), (bytes))

/// See `frame`.
struct frame_message {
  std::string bytes;
  std::vector<member> handles;
};
BOOST_DESCRIBE_STRUCT(frame_message, (), (bytes, handles))

/// A message for several actors of the receiving node.
struct fan_out_message {
  std::vector<member> members;
  caf::message content;
};
BOOST_DESCRIBE_STRUCT(fan_out_message, (), (members, content))

/// From version 2 on, instead: its actors do not get it before the changes of the sender's scope up to this place in its stream.
struct ordered_fan_out_message {
  std::vector<member> members;
  std::string scope;
  std::uint64_t epoch = 0;
  std::uint64_t commit = 0;
  caf::message content;
};
BOOST_DESCRIBE_STRUCT(ordered_fan_out_message, (), (members, scope, epoch, commit, content))

// -- Messages to themselves ----------------------------------------------------------------------------------------------

/// Try to hand the socket to CAF.
struct hand_over_step {};
BOOST_DESCRIBE_STRUCT(hand_over_step, (), ())

/// The time limit for setting the link up has passed.
struct link_deadline {};
BOOST_DESCRIBE_STRUCT(link_deadline, (), ())

/// A node's clock ticks.
struct mesh_tick {};
BOOST_DESCRIBE_STRUCT(mesh_tick, (), ())

} // namespace registry::inline v0_2

CAF_BEGIN_TYPE_ID_BLOCK(registry_mesh, caf::first_custom_type_id + 1100)

CAF_ADD_TYPE_ID(registry_mesh, (registry::link_greeting))
CAF_ADD_TYPE_ID(registry_mesh, (registry::link_welcome))
CAF_ADD_TYPE_ID(registry_mesh, (registry::heartbeat_message))
CAF_ADD_TYPE_ID(registry_mesh, (registry::frame_message))
CAF_ADD_TYPE_ID(registry_mesh, (registry::fan_out_message))
CAF_ADD_TYPE_ID(registry_mesh, (registry::hand_over_step))
CAF_ADD_TYPE_ID(registry_mesh, (registry::link_deadline))
CAF_ADD_TYPE_ID(registry_mesh, (registry::mesh_tick))
CAF_ADD_TYPE_ID(registry_mesh, (registry::ordered_fan_out_message))

CAF_END_TYPE_ID_BLOCK(registry_mesh)
