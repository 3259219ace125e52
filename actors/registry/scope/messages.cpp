#include <registry/scope/messages.hpp>
#include <registry/value/codec.hpp>

#include <cstddef>
#include <span>

namespace registry::inline v0_2::detail {

packed_value pack(const value& x) {
  std::vector<std::byte> bytes;
  handle_table handles;
  // A value that is too deep to be encoded is sent as no bytes at all, which the receiver refuses.
  if (!encode(x, bytes, handles))
    return {};
  return {std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), handles.take()};
}

result<value> unpack(const packed_value& x) {
  return decode(std::as_bytes(std::span{x.bytes}), x.handles);
}

} // namespace registry::inline v0_2::detail
