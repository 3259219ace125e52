#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/wire/internal/frame.hpp>
#include <registry/wire/internal/message.hpp>
#include <simulation/mutant.hpp>

#include <map>
#include <optional>

namespace registry::simulation {

/// The mutants that do not keep to the protocol: changes what a replica sends and receives, so that it behaves as if it had
/// left out a check. Does nothing for other mutants.
class tampering {
public:
  explicit tampering(mutant fault) : fault_(fault) {}

  /// Whether a frame may go out.
  bool sends(const incarnation& to, const frame& what);
  /// What the replica gets to see of a frame.
  frame shown(const incarnation& from, const frame& what) const;
  /// Before a request is shown that comes after another over the same link: what would acknowledge all content so far.
  std::optional<frame> acknowledgement_of_all(const incarnation& from, const frame& what);
  static bool is_chunk(const frame& what);

private:
  mutant fault_;
  std::map<incarnation, stream_token> asked_;
  std::map<incarnation, stream_token> served_;
};

} // namespace registry::simulation
