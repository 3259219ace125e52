#pragma once

#include <registry/scope/subscription.hpp>
#include <registry/value/value.hpp>

#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace registry::conformance {

/// The messages an actor has received and that have not been taken yet. Any thread.
class journal {
public:
  struct content {
    /// By subscription: `[verb, key, payload]`.
    std::map<subscription_ref, std::vector<value>> events;
    /// Messages to listeners: `["register", key, member, value]`, `["unregister", key, member]`.
    std::vector<value> notices;
    /// Plain values.
    std::vector<value> messages;
  };

  void add(subscription_ref from, const event_batch& batch);
  void add_notice(value notice);
  void add_message(value message);
  /// Hands over the messages since the last call.
  content take();

private:
  std::mutex lock_;
  content content_;
};

} // namespace registry::conformance
