#pragma once

#include <registry/actor/handle.hpp>
#include <registry/compat/version.hpp>

#include <caf/actor_companion.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>

#include <functional>
#include <utility>

namespace registry::testing {

/// An actor that handles messages during their delivery, on the thread of the sender.
class companion {
public:
  using handler = std::function<void(const caf::message&)>;

  companion(caf::actor_system& system, handler handle) : who_(system.spawn<caf::actor_companion>()) {
    self().on_enqueue([handle = std::move(handle)](caf::mailbox_element_ptr what) {
#if REGISTRY_CAF_0_17
      handle(what->move_content_to_message());
#else
      handle(what->payload);
#endif
    });
  }
  companion(const companion&) = delete;
  companion& operator=(const companion&) = delete;
  ~companion() {
    self().on_enqueue([](const caf::mailbox_element_ptr&) {});
    self().cleanup(caf::error{caf::exit_reason::normal}, nullptr); // its `disconnect` is in no library
  }

  [[nodiscard]] member who() const { return registry::as_member(who_); }

private:
  [[nodiscard]] caf::actor_companion& self() const { return *caf::actor_cast<caf::actor_companion*>(who_); }

  caf::actor who_;
};

} // namespace registry::testing
