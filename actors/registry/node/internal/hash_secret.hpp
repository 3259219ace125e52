#pragma once

namespace registry::inline v0_2 {

/// The secret of this process's hashes (`registry/hash/secret.hpp`) is drawn from the system's random source when the
/// program is loaded, before any of its static objects is made. Ends the process if there is no random source. Any thread.
void require_hash_secret() noexcept;

} // namespace registry::inline v0_2
