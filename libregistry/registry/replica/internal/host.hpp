#pragma once

#include <registry/entry/digest.hpp>
#include <registry/entry/remote.hpp>
#include <registry/error/error.hpp>
#include <registry/member/incarnation.hpp>
#include <registry/store/store.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

/// Work on many entries, in steps.
class bulk_work {
public:
  virtual ~bulk_work() = default;
  /// Looks at or changes some thousands of entries at most, in one hold of the writer lock if there is one. False after the
  /// last step.
  virtual bool step() = 0;
};

/// Access of a `replica` to the content of its scope. An implementation takes the writer lock where there is one. Readers
/// may see a call half done: bulk changes take several steps, each of them whole events. It must not call back into the
/// replica.
class replica_host {
public:
  virtual ~replica_host() = default;

  /// See `store::snapshot`.
  virtual store::cut cut() = 0;
  /// See `store::apply`, `store::digest_of`.
  virtual result<void> apply(std::uint32_t origin, std::span<const remote_change> changes) = 0;
  virtual content_digest digest(std::uint32_t origin) = 0;
  ///@{
  /// See `store::begin_install`, `store::begin_purge`. The steps of one work follow those of the one begun before.
  virtual std::unique_ptr<bulk_work> install(std::uint32_t origin, std::vector<remote_group> content,
                                             const content_digest& digest) = 0;
  virtual std::unique_ptr<bulk_work> purge(std::uint32_t origin, reason why) = 0;
  ///@}
  /// A message for the operator; `text` says what to do.
  virtual void warn(const incarnation& peer, std::string_view text) = 0;
  /// Something that mends itself, and may come often: the peer is slow, or everything is fetched anew. `text` says why; it is one of
  /// a few.
  virtual void note(const incarnation& peer, std::string_view text) = 0;
};

} // namespace registry::inline v0_2
