#include <registry/internal/deferral.hpp>
#include <registry/node/internal/incoming_frames.hpp>
#include <registry/wire/internal/codec.hpp>

namespace registry::inline v0_2 {

bool incoming_frames::receive(const incarnation& peer, const frame& content) const {
  const auto name = scope_of(content);
  if (!name)
    return false;
  if (const auto scope = scopes_->find(name.value()))
    return scope->receive(peer, content).has_value();
  if (auto answer = answer_without_scope(content))
    ways_->send(peer, std::move(*answer));
  return true;
}

std::optional<bool> incoming_frames::receive_at_once(const incarnation& peer, const frame& content) const {
  const auto name = scope_of(content);
  auto scope = name ? scopes_->find(name.value()) : nullptr;
  if (scope == nullptr)
    return std::nullopt;
  const auto done = scope->receive_at_once(peer, content);
  internal::deferral::keep(std::move(scope)); // it may have been closed meanwhile
  return done ? std::optional{done->has_value()} : std::nullopt;
}

} // namespace registry::inline v0_2
