#include <registry/caf/internal/broadcast.hpp>
#include <registry/caf/internal/message_size.hpp>
#include <registry/node/internal/incoming_message.hpp>

#include <utility>

namespace registry::inline v0_2 {

incoming_message::incoming_message(ordered_fan_out_message& what, total waiting)
    : members_(std::move(what.members)), content_(std::move(what.content)), waiting_(std::move(waiting)) {}

incoming_message::~incoming_message() {
  *waiting_ -= size_;
}

void incoming_message::deliver() const {
  internal::broadcast(members_, content_);
}

std::size_t incoming_message::wait(caf::actor_system& system) {
  size_ = sizeof *this + members_.size() * sizeof(member) + internal::message_size(system, content_);
  return *waiting_ += size_;
}

} // namespace registry::inline v0_2
