#include <registry/internal/hex.hpp>
#include <registry/value/codec.hpp>
#include <registry/value/internal/text.hpp>
#include <registry/value/json.hpp>

#include <boost/algorithm/hex.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>

#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>
#include <vector>

namespace registry::inline v0_2 {

namespace {

constexpr std::string_view bytes_key = "$bytes";

// Whether a map with this sole key could be taken for bytes: `$bytes` after any number of further `$`.
bool is_reserved(std::string_view key) noexcept {
  return key.ends_with(bytes_key) && key.find_first_not_of('$') == key.size() - bytes_key.size() + 1;
}

// -- writing --------------------------------------------------------------------------------------------------------------

class json_writer {
public:
  // False, with a reason, at the first part that has no JSON form.
  bool write(const value& x) {
    switch (x.type()) {
    case value::kind::null:
      return put("null");
    case value::kind::boolean:
      return put(*x.as_bool() ? "true" : "false");
    case value::kind::integer:
      return put(std::to_string(*x.as_integer()));
    case value::kind::real:
      return write_real(*x.as_real());
    case value::kind::string:
      return write_string(*x.as_string());
    case value::kind::bytes:
      return write_bytes(*x.as_bytes());
    case value::kind::actor:
      return refuse("an actor has no JSON form; replace " + to_string(x) + " by a name for it");
    case value::kind::list:
      return write_list(x.as_list());
    case value::kind::map:
      return write_map(x.as_map());
    }
    return false;
  }

  std::string& text() noexcept { return out_; }
  std::string& reason() noexcept { return reason_; }
  [[nodiscard]] errc code() const noexcept { return code_; }

private:
  bool put(std::string_view text) {
    out_ += text;
    return true;
  }

  bool refuse(std::string reason, errc code = errc::invalid_argument) {
    reason_ = std::move(reason);
    code_ = code;
    return false;
  }

  /// Values share parts, and may have more places to write than there is memory or time for.
  bool has_room() {
    return out_.size() <= max_encoded_bytes ||
           refuse("the value takes more than " + std::to_string(max_encoded_bytes) + " bytes of JSON; write it in parts",
                  errc::limit_exceeded);
  }

  bool write_real(double x) {
    if (std::isinf(x))
      return refuse("an infinity has no JSON form; use null or a large number");
    internal::append_real(out_, x);
    return true;
  }

  bool write_string(std::string_view text) {
    if (auto place = internal::find_invalid_utf8(text))
      return refuse("a string is not valid UTF-8 at its byte " + std::to_string(*place) + "; use bytes for other data");
    internal::append_quoted(out_, text);
    return true;
  }

  bool write_bytes(std::span<const std::byte> data) {
    put("{\"$bytes\":\"");
    internal::append_hex(out_, data);
    return put("\"}");
  }

  bool write_list(std::span<const value> elements) {
    put("[");
    for (const auto& x : elements) {
      if (&x != elements.data())
        put(",");
      if (!has_room() || !write(x))
        return false;
    }
    return put("]");
  }

  bool write_map(const map_view& pairs) {
    put("{");
    const bool escape = pairs.size() == 1 && is_reserved(*pairs.front().key.as_string());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto [key, mapped] = pairs[i];
      if (i != 0)
        put(",");
      if (!has_room() || !write_string(escape ? '$' + std::string{*key.as_string()} : *key.as_string()))
        return false;
      put(":");
      if (!write(mapped))
        return false;
    }
    return put("}");
  }

  std::string out_;
  std::string reason_;
  errc code_{};
};

// -- reading --------------------------------------------------------------------------------------------------------------

using boost::json::error_code;

// Receives the events of Boost's parser, which checks syntax, UTF-8 and depth. Numbers are converted here: Boost 1.81 may
// miss the nearest double by one unit in the last place, and takes integers that are too large for reals.
class json_handler {
public:
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return begin(); }
  bool on_array_end(std::size_t, error_code&) {
    const auto first = end();
    auto list = value::list(std::span<const value>{values_}.subspan(first));
    values_.resize(first);
    return push(std::move(list));
  }
  bool on_object_begin(error_code&) { return begin(); }
  bool on_object_end(std::size_t, error_code& ec);
  bool on_string_part(boost::json::string_view part, std::size_t, error_code&) { return append(part); }
  bool on_string(boost::json::string_view part, std::size_t, error_code&) {
    append(part);
    return push(std::exchange(text_, {}));
  }
  bool on_key_part(boost::json::string_view part, std::size_t, error_code&) { return append(part); }
  bool on_key(boost::json::string_view part, std::size_t size, error_code& ec) { return on_string(part, size, ec); }
  bool on_number_part(boost::json::string_view part, error_code&) { return append(part); }
  bool on_int64(std::int64_t x, boost::json::string_view, error_code&) {
    text_.clear();
    return push(x);
  }
  bool on_uint64(std::uint64_t, boost::json::string_view, error_code& ec) { return refuse(ec, too_large); }
  bool on_double(double x, boost::json::string_view part, error_code& ec);
  bool on_bool(bool x, error_code&) { return push(x); }
  bool on_null(error_code&) { return push(nullptr); }
  bool on_comment_part(boost::json::string_view, error_code&) { return true; }
  bool on_comment(boost::json::string_view, error_code&) { return true; }

  [[nodiscard]] const char* reason() const noexcept { return reason_; }
  value take() { return std::move(values_.back()); }

private:
  static constexpr const char* too_large = "the integer does not fit 64 signed bits; write it as a real or as a string";

  bool push(value x) {
    values_.push_back(std::move(x));
    return true;
  }
  bool append(boost::json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool begin() {
    starts_.push_back(values_.size());
    return true;
  }
  std::size_t end() {
    const auto first = starts_.back();
    starts_.pop_back();
    return first;
  }
  bool refuse(error_code& ec, const char* reason) {
    reason_ = reason;
    ec = boost::json::error::syntax;
    return false;
  }

  // Elements of the open arrays, keys and values of the open objects; and where each of these starts.
  std::vector<value> values_;
  std::vector<std::size_t> starts_;
  std::string text_;
  const char* reason_ = nullptr;
};

std::optional<value> bytes_from_hex(const value& text) {
  const auto digits = text.as_string();
  if (!digits || digits->size() % 2 != 0 || digits->find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
    return std::nullopt;
  std::string data;
  boost::algorithm::unhex(digits->begin(), digits->end(), std::back_inserter(data));
  return value::bytes(std::as_bytes(std::span{data}));
}

bool json_handler::on_object_end(std::size_t size, error_code& ec) {
  const auto first = end();
  std::vector<map_entry> entries;
  entries.reserve(size);
  for (auto i = first; i < values_.size(); i += 2)
    entries.push_back({std::move(values_[i]), std::move(values_[i + 1])});
  values_.resize(first);
  auto map = value::map(std::span<map_entry>{entries});
  const auto pairs = map.as_map();
  if (pairs.size() != 1 || !is_reserved(*pairs.front().key.as_string()))
    return push(std::move(map));
  const auto key = *pairs.front().key.as_string();
  if (key != bytes_key)
    return push(object(key.substr(1), pairs.front().mapped));
  auto bytes = bytes_from_hex(pairs.front().mapped);
  return bytes ? push(std::move(*bytes)) : refuse(ec, "\"$bytes\" takes pairs of hexadecimal digits in a string");
}

bool json_handler::on_double(double x, boost::json::string_view part, error_code& ec) {
  append(part);
  const auto text = std::exchange(text_, {});
  if (text.find_first_of(".eE") == std::string::npos)
    return refuse(ec, too_large);
  double nearest = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), nearest);
  if (parsed.ec == std::errc::result_out_of_range) {
    // Out of range includes numbers too small for a double; those are 0, and Boost's conversion suffices.
    if (std::abs(x) > 1)
      return refuse(ec, "the number is out of the range of a double; write it as a string");
    nearest = x;
  }
  return push(nearest);
}

} // namespace

result<std::string> to_json(const value& x) {
  if (x.depth() > value::max_depth)
    return error{errc::limit_exceeded,
                 "the value nests deeper than " + std::to_string(value::max_depth) + " lists and maps; make it flatter"};
  json_writer writer;
  if (!writer.write(x))
    return error{writer.code(), std::move(writer.reason())};
  return std::move(writer.text());
}

result<value> from_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = value::max_depth;
  boost::json::basic_parser<json_handler> parser{options};
  error_code ec;
  auto position = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && position < text.size())
    ec = boost::json::error::extra_data;
  if (!ec)
    return parser.handler().take();
  const auto code = ec == boost::json::error::too_deep ? errc::limit_exceeded : errc::malformed;
  std::string reason = "invalid JSON: " + ec.message();
  if (parser.handler().reason() != nullptr) {
    reason = parser.handler().reason();
  } else if (const auto place = internal::find_invalid_utf8(text); place && *place <= position) {
    reason = "the text is not valid UTF-8";
    position = *place;
  }
  return error::at(code, position, reason + " (at byte " + std::to_string(position) + ")");
}

} // namespace registry::inline v0_2
