#include <registry/link/internal/private_file.hpp>

namespace registry::inline v0_2 {

bool is_open_to_others(const struct stat& file) noexcept {
  return !S_ISDIR(file.st_mode) && (file.st_mode & (S_IROTH | S_IWOTH)) != 0;
}

bool is_open_to_others(const std::string& file) {
  struct stat found{};
  return ::stat(file.c_str(), &found) == 0 && is_open_to_others(found);
}

std::string remedy_against_others(const std::string& file) {
  return "everybody on this machine may read or change: make it private, chmod o= '" + file + "'";
}

} // namespace registry::inline v0_2
