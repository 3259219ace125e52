#pragma once

// Catch2, version 2 or 3. Tests use the names of version 3, which are added to version 2 here.

#if __has_include(<catch2/catch_all.hpp>)

#include <catch2/catch_all.hpp>

#else

#include <catch2/catch.hpp>

namespace Catch {

#ifdef CATCH_CONFIG_RUNNER
using EventListenerBase = TestEventListenerBase;
#endif

namespace Matchers {

inline auto ContainsSubstring(const std::string& text) {
  return Contains(text);
}

} // namespace Matchers

} // namespace Catch

#endif
