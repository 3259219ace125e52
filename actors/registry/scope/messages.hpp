#pragma once

#include <registry/compat/inspect.hpp>
#include <registry/scope/subscription.hpp>
#include <registry/value/value.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>

#include <string>
#include <vector>

namespace registry::inline v0_2 {

// -- Messages to listeners ----------------------------------------------------------------------------------------------

/// The message to listeners of a scope (`scope_options::listeners`) for each entry that was added, on this node or another
/// one.
struct registered {
  std::string scope; ///< the name of the scope
  value key;         ///< the key of the entry
  member who;        ///< the registrant
  value data;        ///< its metadata at that commit
};
BOOST_DESCRIBE_STRUCT(registered, (), (scope, key, who, data))

/// The message to listeners of a scope for each entry that was removed, on this node or another one.
struct unregistered {
  std::string scope; ///< the name of the scope
  value key;         ///< the key of the entry
  member who;        ///< the registrant
};
BOOST_DESCRIBE_STRUCT(unregistered, (), (scope, key, who))

// -- Serialisation --------------------------------------------------------------------------------------------------------

namespace detail {

/// A value in a CAF message: its canonical bytes and, beside them, the handles that only CAF can serialise.
struct packed_value {
  std::string bytes;
  std::vector<member> handles;
};
BOOST_DESCRIBE_STRUCT(packed_value, (), (bytes, handles))

packed_value pack(const value& x);
result<value> unpack(const packed_value& x);

template <class Inspector>
auto inspect(Inspector& f, packed_value& x) {
  return compat::inspect_described(f, x);
}

} // namespace detail

/// Serialises a value for CAF: its canonical bytes with the actor handles beside them. Bytes that do not decode are refused.
template <class Inspector>
auto inspect(Inspector& f, value& x) {
  return compat::inspect_through(f, x, detail::pack, detail::unpack);
}

/// Serialises every message of this namespace field by field.
template <class Inspector, class Message>
  requires boost::describe::has_describe_members<Message>::value
auto inspect(Inspector& f, Message& x) {
  return compat::inspect_described(f, x);
}

} // namespace registry::inline v0_2
