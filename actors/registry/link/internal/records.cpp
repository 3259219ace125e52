#include <registry/link/internal/records.hpp>

#include <xxhash.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <numeric>
#include <utility>

namespace registry::inline v0_2 {

namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t checksum_size = 8;
// Memory that is kept for later.
constexpr std::size_t most_spare = std::size_t{1} << 20;
constexpr const char* too_long = "a frame that is too long";

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
  if (basp_at_ > basp_.size() / 2)
    basp_.erase(basp_.begin(), basp_.begin() + static_cast<std::ptrdiff_t>(std::exchange(basp_at_, 0)));
  basp_.insert(basp_.end(), data.begin(), data.end());
  basp_put_ += data.size();
  waiting_ += data.size();
}

void record_writer::put_frame(std::uint64_t stream, std::vector<std::byte> content) {
  waiting_ += content.size();
  auto& frames = streams_[stream].frames;
  if (frames.empty())
    turns_.push_back(stream);
  frames.push_back({std::move(content), basp_put_});
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
  streams_.clear();
  turns_.clear();
  lanes_ = {};
  basp_.clear();
  basp_at_ = waiting_ = 0;
  basp_written_ = basp_put_;
}

void record_writer::write_one(std::vector<std::byte>& out) {
  if (!heartbeats_.empty()) {
    append(out, record_kind::heartbeat, heartbeats_.front());
    heartbeats_.pop_front();
    return;
  }
  if ((!basp_.empty() && basp_is_next_) || !write_turn(out))
    write_basp(out);
  basp_is_next_ = !basp_is_next_;
}

void record_writer::write_basp(std::vector<std::byte>& out) {
  const auto rest = bytes{basp_}.subspan(basp_at_);
  const auto part = rest.first(std::min(rest.size(), longest_piece));
  append(out, record_kind::basp, part);
  basp_at_ += part.size();
  basp_written_ += part.size();
  if (basp_at_ < basp_.size())
    return;
  basp_at_ = 0;
  empty(basp_);
}

/// The turn of a stream, without those whose next frame cannot begin now. False if there is none, so that CAF's stream has to go on:
/// a frame that has begun can go on, too, and if there is none, any can begin that does not wait for CAF's stream.
bool record_writer::write_turn(std::vector<std::byte>& out) {
  for (auto left = turns_.size(); left > 0; --left) {
    const auto name = turns_.front();
    turns_.pop_front();
    const auto found = streams_.find(name);
    const bool done = write_frames(out, found->second);
    if (found->second.frames.empty())
      streams_.erase(found);
    else
      turns_.push_back(name);
    if (done)
      return true;
  }
  return false;
}

/// Small frames as long as they have no more bytes than a piece, or one piece. False if there is nothing to be written now.
bool record_writer::write_frames(std::vector<std::byte>& out, stream& from) {
  auto& frames = from.frames;
  const auto can_begin = [this](const waiting_frame& x) { return x.after <= basp_written_; };
  if (!can_begin(frames.front()))
    return false;
  if (frames.front().content.size() > longest_piece) {
    if (!from.lane)
      from.lane = free_lane(frames.front().content.size());
    if (!from.lane)
      return false;
    write_piece(out, from);
    return true;
  }
  for (std::size_t size = 0; !frames.empty() && can_begin(frames.front()); frames.pop_front()) {
    const auto& content = frames.front().content;
    if (size + content.size() > longest_piece)
      break;
    size += content.size() + header_size;
    append(out, record_kind::frame, content);
  }
  return true;
}

void record_writer::write_piece(std::vector<std::byte>& out, stream& from) {
  const auto& whole = from.frames.front().content;
  const auto rest = bytes{whole}.subspan(from.written);
  const auto part = rest.first(std::min(rest.size(), longest_piece));
  lanes_[*from.lane] = whole.size();
  append(out, part.size() < rest.size() ? record_kind::piece : record_kind::last_piece, part, from.lane);
  from.written += part.size();
  if (part.size() < rest.size())
    return;
  lanes_[*from.lane] = 0;
  from.lane.reset();
  from.written = 0;
  from.frames.pop_front();
}

/// For a frame of this size, if it may begin.
std::optional<std::uint8_t> record_writer::free_lane(std::size_t size) const {
  const auto found = std::ranges::find(lanes_, std::size_t{0});
  const auto sum = std::accumulate(lanes_.begin(), lanes_.end(), size);
  if (found == lanes_.end() || sum - std::max(size, std::ranges::max(lanes_)) > most_beside)
    return std::nullopt;
  return static_cast<std::uint8_t>(found - lanes_.begin());
}

void record_writer::append(std::vector<std::byte>& out, record_kind kind, bytes content, std::optional<std::uint8_t> lane) {
  const auto begin = out.size();
  append_number(out, static_cast<std::uint64_t>(kind) << 24U | (content.size() + (lane ? 1 : 0)), header_size);
  if (lane)
    out.push_back(static_cast<std::byte>(*lane));
  out.insert(out.end(), content.begin(), content.end());
  waiting_ -= content.size();
  if (checksums_)
    append_number(out, XXH3_64bits_withSeed(out.data() + begin, out.size() - begin, number_++), checksum_size);
}

// -- reading ------------------------------------------------------------------------------------------------------------------

std::optional<record_reader::record> record_reader::next(bytes& data) {
  if (std::exchange(handed_out_, false)) {
    empty(frame_);
    if (frame_.capacity() > spare_.capacity())
      spare_.swap(frame_);
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
    return content.size() <= longest_frame_ ? record{kind, content} : refuse(too_long);
  case record_kind::piece:
  case record_kind::last_piece:
    return take_piece(kind, content);
  default:
    return refuse("a record of an unknown kind");
  }
}

std::optional<record_reader::record> record_reader::take_piece(record_kind kind, bytes content) {
  if (content.size() < 2)
    return refuse("a piece of a frame without content");
  const auto lane = std::to_integer<std::size_t>(content.front());
  if (lane >= most_lanes)
    return refuse("a piece of a frame in a lane that does not exist");
  const auto part = content.subspan(1);
  auto& begun = lanes_[lane];
  if (part.size() > longest_frame_ - begun.size())
    return refuse(too_long);
  if (part.size() > longest_frame_ + most_beside - unfinished_)
    return refuse("too many large frames at a time");
  if (begun.capacity() == 0)
    begun.swap(spare_);
  begun.insert(begun.end(), part.begin(), part.end());
  unfinished_ += part.size();
  if (kind == record_kind::piece)
    return std::nullopt;
  unfinished_ -= begun.size();
  frame_ = std::exchange(begun, {});
  return record{record_kind::frame, frame_};
}

std::optional<record_reader::record> record_reader::refuse(const char* why) {
  fault_ = why;
  return std::nullopt;
}

} // namespace registry::inline v0_2
