#pragma once

#include <registry/wire/internal/frame.hpp>
#include <registry/wire/internal/message.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace registry::simulation {

/// A message on a link: a heartbeat, a frame of a scope, something of the application, or the end of the connection.
struct message {
  enum class kind : std::uint8_t { heartbeat, frame, application, end };
  kind what = kind::heartbeat;
  std::uint8_t scope = 0;
  std::shared_ptr<const std::vector<std::byte>> bytes{}; // of a heartbeat
  std::shared_ptr<const registry::frame> content{};
  std::size_t load = 0; // of an application

  /// The bytes on the line.
  [[nodiscard]] std::size_t size() const { return content ? content->cost() : bytes ? bytes->size() : load; }
  /// What counts in a window: content, but no requests and acknowledgements.
  [[nodiscard]] std::size_t cost() const { return content && is_content(*content) ? content->cost() : 0; }
  static bool is_content(const registry::frame& what) { return type_of(what) >= 4; }
  static bool is_acknowledgement(const message& what) { return what.content && type_of(*what.content) == 3; }

  static message of(std::uint8_t scope, registry::frame&& content) {
    return {kind::frame, scope, {}, std::make_shared<const registry::frame>(std::move(content))};
  }

private:
  /// See codec.hpp.
  static std::size_t type_of(const registry::frame& what) {
    static_assert(std::is_same_v<std::variant_alternative_t<3, registry::message>, acknowledge_message>);
    static_assert(std::is_same_v<std::variant_alternative_t<4, registry::message>, snapshot_begin_message>);
    return std::to_integer<std::size_t>(what.bytes.at(1));
  }
};

} // namespace registry::simulation
