#include <registry/internal/hex.hpp>

#include <boost/algorithm/hex.hpp>
#include <boost/endian/conversion.hpp>

#include <iterator>

namespace registry::inline v0_2::internal {

void append_hex(std::string& out, std::span<const std::byte> bytes) {
  const auto* first = reinterpret_cast<const char*>(bytes.data());
  boost::algorithm::hex_lower(first, first + bytes.size(), std::back_inserter(out));
}

void append_hex(std::string& out, std::uint64_t number) {
  const auto big = boost::endian::native_to_big(number);
  append_hex(out, std::as_bytes(std::span{&big, 1}));
}

} // namespace registry::inline v0_2::internal
