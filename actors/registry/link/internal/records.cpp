#include <registry/link/internal/records.hpp>

#include <xxhash.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace registry::inline v0_2 {

namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t checksum_size = 8;
// Memory that is kept for later.
constexpr std::size_t most_spare = std::size_t{1} << 20;

void append_number(std::vector<std::byte>& out, std::uint64_t x, std::size_t size) {
  for (; size > 0; --size)
    out.push_back(static_cast<std::byte>(x >> 8 * (size - 1)));
}

std::uint64_t number_in(std::span<const std::byte> in) {
  std::uint64_t out = 0;
  for (const auto x : in)
    out = out << 8U | std::to_integer<std::uint64_t>(x);
  return out;
}

void empty(std::vector<std::byte>& x) {
  x.clear();
  if (x.capacity() > most_spare)
    std::vector<std::byte>{}.swap(x);
}

} // namespace

// -- writing ------------------------------------------------------------------------------------------------------------------

void record_writer::put_basp(bytes data) {
  basp_.insert(basp_.end(), data.begin(), data.end());
  waiting_ += data.size();
}

void record_writer::put_frame(std::vector<std::byte> content) {
  waiting_ += content.size();
  frames_.push_back(std::move(content));
}

void record_writer::put_heartbeat(std::vector<std::byte> content) {
  assert(content.size() <= longest_record);
  waiting_ += content.size();
  heartbeats_.push_back(std::move(content));
}

void record_writer::write(std::vector<std::byte>& out, std::size_t enough) {
  while (out.size() < enough && has_more())
    write_one(out);
}

void record_writer::clear() {
  heartbeats_.clear();
  frames_.clear();
  basp_.clear();
  frame_at_ = basp_at_ = waiting_ = 0;
}

void record_writer::write_one(std::vector<std::byte>& out) {
  if (!heartbeats_.empty()) {
    append(out, record_kind::heartbeat, heartbeats_.front());
    heartbeats_.pop_front();
    return;
  }
  if (frames_.empty() || (!basp_.empty() && basp_is_next_))
    write_basp(out);
  else
    write_frame(out);
  basp_is_next_ = !basp_is_next_;
}

void record_writer::write_basp(std::vector<std::byte>& out) {
  const auto rest = bytes{basp_}.subspan(basp_at_);
  const auto part = rest.first(std::min(rest.size(), longest_record));
  append(out, record_kind::basp, part);
  basp_at_ += part.size();
  if (basp_at_ < basp_.size())
    return;
  basp_at_ = 0;
  empty(basp_);
}

void record_writer::write_frame(std::vector<std::byte>& out) {
  const auto rest = bytes{frames_.front()}.subspan(frame_at_);
  if (rest.size() > longest_record) {
    append(out, record_kind::piece, rest.first(longest_record));
    frame_at_ += longest_record;
    return;
  }
  append(out, record_kind::frame, rest);
  frame_at_ = 0;
  frames_.pop_front();
}

void record_writer::append(std::vector<std::byte>& out, record_kind kind, bytes content) {
  const auto begin = out.size();
  append_number(out, static_cast<std::uint64_t>(kind) << 24U | content.size(), header_size);
  out.insert(out.end(), content.begin(), content.end());
  waiting_ -= content.size();
  if (checksums_)
    append_number(out, XXH3_64bits_withSeed(out.data() + begin, out.size() - begin, number_++), checksum_size);
}

// -- reading ------------------------------------------------------------------------------------------------------------------

std::optional<record_reader::record> record_reader::next(bytes& data) {
  if (std::exchange(handed_out_, false)) {
    if (static_cast<record_kind>(record_.front()) == record_kind::frame)
      empty(frame_);
    begin_next();
  }
  while (fault_ == nullptr) {
    const auto wanted = wanted_ == 0 ? header_size : wanted_;
    const auto part = data.first(std::min(wanted - record_.size(), data.size()));
    record_.insert(record_.end(), part.begin(), part.end());
    data = data.subspan(part.size());
    if (record_.size() < wanted)
      return std::nullopt;
    if (wanted_ == 0) {
      const auto size = number_in(bytes{record_}.subspan(1));
      if (size > longest_record)
        return refuse("a record that is too long");
      wanted_ = header_size + size + (checksums_ ? checksum_size : 0);
      if (wanted_ > header_size)
        continue;
    }
    if (const auto out = complete(); out || fault_ != nullptr) {
      handed_out_ = true;
      return out;
    }
    begin_next();
  }
  return std::nullopt;
}

void record_reader::begin_next() {
  record_.clear();
  wanted_ = 0;
}

/// Nothing if it was a piece.
std::optional<record_reader::record> record_reader::complete() {
  const auto checked = record_.size() - (checksums_ ? checksum_size : 0);
  const bytes all{record_};
  if (checksums_ && XXH3_64bits_withSeed(all.data(), checked, number_++) != number_in(all.subspan(checked)))
    return refuse("a record that has been changed on its way");
  const auto content = all.first(checked).subspan(header_size);
  const auto kind = static_cast<record_kind>(all.front());
  switch (kind) {
  case record_kind::basp:
  case record_kind::heartbeat:
    return record{kind, content};
  case record_kind::frame:
  case record_kind::piece:
    break;
  default:
    return refuse("a record of an unknown kind");
  }
  if (content.size() > longest_frame_ - frame_.size())
    return refuse("a frame that is too long");
  if (kind == record_kind::frame && frame_.empty())
    return record{kind, content};
  frame_.insert(frame_.end(), content.begin(), content.end());
  return kind == record_kind::frame ? std::optional{record{kind, frame_}} : std::nullopt;
}

std::optional<record_reader::record> record_reader::refuse(const char* why) {
  fault_ = why;
  return std::nullopt;
}

} // namespace registry::inline v0_2
