#pragma once

#include <boost/describe.hpp>

#include <string>

namespace presence {

/// The public status of a user who is online: the value of an entry in the scope `people`, whose key is the user's name.
struct status {
  std::string state;
  std::string place;
};
BOOST_DESCRIBE_STRUCT(status, (), (state, place))

} // namespace presence
