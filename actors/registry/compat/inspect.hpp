#pragma once

#include <registry/compat/version.hpp>

#include <boost/describe/members.hpp>

#include <caf/error.hpp>
#include <caf/sec.hpp>

#include <string>
#include <utility>

#if REGISTRY_CAF_0_17
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#endif

namespace registry::inline v0_2::compat {

/// Serialises a type that was described with `BOOST_DESCRIBE_STRUCT`, field by field. Call it from
/// `inspect(Inspector&, T&)`, which both generations of CAF find.
template <class Inspector, class Object>
auto inspect_described(Inspector& f, Object& object) {
  using fields = boost::describe::describe_members<Object, boost::describe::mod_public>;
  return []<template <class...> class List, class... Ds>(Inspector& f, Object& object, List<Ds...>) {
#if REGISTRY_CAF_0_17
    return f(object.*Ds::pointer...);
#else
    return f.object(object).fields(f.field(Ds::name, object.*Ds::pointer)...);
#endif
  }(f, object, fields{});
}

/// Serialises an object through a stand-in that CAF can serialise: `to(object)` makes it, `from(stand_in)` returns a
/// `result<Object>`. Input whose stand-in does not convert is refused with the message of its error.
template <class Inspector, class Object, class To, class From>
auto inspect_through(Inspector& f, Object& object, To to, From from) {
#if REGISTRY_CAF_0_17
  using stand_in_type = decltype(to(object));
  if constexpr (Inspector::writes_state) {
    stand_in_type stand_in;
    auto load = [&]() -> caf::error {
      auto loaded = from(stand_in);
      if (!loaded)
        return caf::make_error(caf::sec::invalid_argument, std::string{loaded.error().message()});
      object = std::move(loaded).value();
      return caf::none;
    };
    return f(stand_in, caf::meta::load_callback(load));
  } else {
    auto stand_in = to(object);
    return f(stand_in);
  }
#else
  if constexpr (Inspector::is_loading) {
    decltype(to(object)) stand_in;
    if (!f.apply(stand_in))
      return false;
    auto loaded = from(stand_in);
    if (!loaded) {
      f.set_error(caf::make_error(caf::sec::invalid_argument, std::string{loaded.error().message()}));
      return false;
    }
    object = std::move(loaded).value();
    return true;
  } else {
    auto stand_in = to(object);
    return f.apply(stand_in);
  }
#endif
}

} // namespace registry::inline v0_2::compat
