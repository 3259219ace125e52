#pragma once

#include <filesystem>

namespace cluster_tests {

/// Reads what was recorded in a directory, writes beside each stream what was said in it, and checks that it reads back.
void check_readable(const std::filesystem::path& directory);

} // namespace cluster_tests
