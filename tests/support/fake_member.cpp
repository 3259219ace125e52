#include <support/fake_member.hpp>

#include <caf/config.hpp>
#include <caf/node_id.hpp>

#include <array>
#include <atomic>
#include <cstring>
#include <new>

namespace registry::testing {

namespace {

std::atomic<std::size_t> live{0};

constexpr std::size_t actor_size = CAF_CACHE_LINE_SIZE;

void destroy_actor(caf::abstract_actor*) {
  // there is none
}

void destroy_block(caf::actor_control_block* block) {
  block->~actor_control_block();
  ::operator delete(block, std::align_val_t{CAF_CACHE_LINE_SIZE});
  live.fetch_sub(1);
}

} // namespace

member make_member(std::uint64_t id, std::uint8_t node) {
  caf::node_id::default_data::host_id_type host;
  host.fill(node);
  return make_member(id, caf::make_node_id(node, host));
}

member make_member(std::uint64_t id, caf::node_id node) {
  // CAF expects the actor one cache line behind its control block. When the last reference goes, CAF 1.x looks at the flags
  // of the actor and calls it unless they say that it has terminated: all bits set do.
  static_assert(sizeof(caf::actor_control_block) <= CAF_CACHE_LINE_SIZE);
  auto* memory = ::operator new(CAF_CACHE_LINE_SIZE + actor_size, std::align_val_t{CAF_CACHE_LINE_SIZE});
  std::memset(static_cast<std::byte*>(memory) + CAF_CACHE_LINE_SIZE, 0xff, actor_size);
  auto* block = new (memory) caf::actor_control_block(id, node, nullptr, destroy_actor, destroy_block);
  live.fetch_add(1);
#ifdef __SANITIZE_THREAD__
  // The reference count is decremented inside of CAF's library, which the sanitizer cannot see: it would take the release of
  // the memory for a race. So it is never released.
  intrusive_ptr_add_ref(block);
#endif
  return member{block, false};
}

std::size_t use_count(const member& who) {
  if (!who)
    return 0;
#ifdef __SANITIZE_THREAD__
  return who->strong_refs.load() - 1;
#else
  return who->strong_refs.load();
#endif
}

std::size_t live_members() {
  return live.load();
}

} // namespace registry::testing
