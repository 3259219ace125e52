#pragma once

#include <registry/replica/internal/host.hpp>
#include <registry/store/store.hpp>
#include <simulation/world.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace registry::simulation {

/// The content of one scope, as its replica reaches it, with the faults of the mutants.
class scope_content final : public replica_host {
public:
  scope_content(world& all, store_options options) : content(options), all_(all) {}

  store::cut cut() override;
  result<void> apply(std::uint32_t origin, std::span<const remote_change> changes) override;
  std::unique_ptr<bulk_work> install(std::uint32_t origin, std::vector<remote_group> groups,
                                     const content_digest& digest) override;
  std::unique_ptr<bulk_work> purge(std::uint32_t origin, reason why) override;
  content_digest digest(std::uint32_t origin) override;
  void warn(const incarnation& peer, std::string_view text) override;
  void note(const incarnation&, std::string_view) override {}

  store content;

private:
  world& all_;
  std::optional<store::cut> last_cut_;
};

} // namespace registry::simulation
