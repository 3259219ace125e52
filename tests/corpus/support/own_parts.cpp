#include <corpus/support/frame_text.hpp>
#include <corpus/support/handshake.hpp>
#include <corpus/support/own_parts.hpp>
#include <corpus/support/text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <sstream>
#include <stdexcept>

namespace registry::corpus {

namespace {

constexpr std::array<std::string_view, 3> kind_names{"handshake", "heartbeat", "frame"};

std::string content_of(std::span<const std::byte> stream, const own_part& part) {
  if (part.offset > stream.size() || part.size > stream.size() - part.offset)
    throw std::runtime_error("a part is beyond the end of the stream");
  const auto bytes = stream.subspan(part.offset, part.size);
  switch (part.what) {
  case own_part::kind::handshake:
    return read_handshake(bytes).at(0).text;
  case own_part::kind::heartbeat:
    return heartbeat_text(bytes);
  case own_part::kind::frame:
    return text_of(frame{{bytes.begin(), bytes.end()}, part.handles});
  }
  throw std::logic_error("a part of no kind");
}

own_part place_in(const std::string& line) {
  std::istringstream in{line};
  own_part out;
  std::string name;
  in >> out.offset >> out.size >> name;
  const auto found = std::find(kind_names.begin(), kind_names.end(), name);
  if (!in || found == kind_names.end())
    throw std::runtime_error("no place of a part: " + line);
  out.what = static_cast<own_part::kind>(found - kind_names.begin());
  for (std::string handle; in >> handle;)
    out.handles.push_back(actor_of(handle));
  return out;
}

} // namespace

std::string text_of(std::span<const std::byte> stream, const std::vector<own_part>& parts) {
  std::string out;
  for (const auto& part : parts) {
    out += std::to_string(part.offset) + " " + std::to_string(part.size) + " ";
    out += kind_names[static_cast<std::size_t>(part.what)];
    for (const auto& x : part.handles)
      out += " " + text_of(x);
    out += "\n  " + content_of(stream, part);
  }
  return out;
}

std::vector<own_part> places_in(std::string_view text) {
  std::vector<own_part> out;
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(' '))
      out.push_back(place_in(line));
  }
  return out;
}

} // namespace registry::corpus
