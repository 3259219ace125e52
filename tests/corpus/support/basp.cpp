#include <corpus/support/basp.hpp>

#include <stdexcept>

namespace registry::corpus {

namespace {

using bytes = std::span<const std::byte>;

std::uint64_t number_in(bytes in) {
  std::uint64_t out = 0;
  for (const auto x : in)
    out = out << 8U | std::to_integer<std::uint64_t>(x);
  return out;
}

basp_header header_in(bytes in) {
  const auto operation = number_in(in.subspan(0, 1));
  if (operation > static_cast<std::uint64_t>(basp_header::kind::heartbeat) || number_in(in.subspan(1, 2)) != 0)
    throw std::runtime_error("no header of CAF");
  return {static_cast<basp_header::kind>(operation),
          std::to_integer<std::uint8_t>(in[3]),
          static_cast<std::uint32_t>(number_in(in.subspan(4, 4))),
          number_in(in.subspan(8, 8)),
          number_in(in.subspan(16, 8)),
          number_in(in.subspan(24, 8))};
}

} // namespace

std::vector<basp_message> read_basp(bytes stream, std::size_t offset) {
  std::vector<basp_message> out;
  while (stream.size() - offset >= basp_header::size) {
    const auto header = header_in(stream.subspan(offset, basp_header::size));
    const auto payload = offset + basp_header::size;
    if (header.payload_size > stream.size() - payload)
      break;
    out.push_back({offset, header, stream.subspan(payload, header.payload_size)});
    offset = payload + header.payload_size;
  }
  return out;
}

} // namespace registry::corpus
