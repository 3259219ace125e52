#pragma once

#include <chat/world/messages.hpp>
#include <dispatch/messages.hpp>

#include <registry/coro/internal/messages.hpp>
#include <registry/node/internal/messages.hpp>
#include <registry/scope/requests.hpp>

namespace registry::corpus {

template <class... Blocks>
struct type_blocks {};

/// All messages of the registry and of the applications that form clusters.
using all_type_blocks = type_blocks<caf::id_block::registry_actors, caf::id_block::registry_mesh,
                                    caf::id_block::registry_coroutines, caf::id_block::chat, caf::id_block::dispatch>;

} // namespace registry::corpus
