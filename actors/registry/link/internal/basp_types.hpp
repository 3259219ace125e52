#pragma once

#include <cstdint>
#include <string_view>

namespace registry::inline v0_2 {

/// The two formats of what CAF's nodes say to each other.
enum class basp_dialect : std::uint8_t { caf_0_17, caf_1 };

/// What is known of the encoding of a type in a message of CAF.
struct basp_type {
  enum class kind : std::uint8_t {
    known,   ///< `grammar` describes it
    opaque,  ///< of the application, or of ours and checked elsewhere: its length is unknown
    refused, ///< of CAF, and not carried between nodes: what it does at the receiver is unchecked
    link,    ///< known, and spoken by the two ends of a link alone
  };

  /// One letter per part. 1, 2, 4 and 8: a number of that many bytes. s: bytes or text, after their length; w and W: text with two
  /// and four bytes per character. S: a list of texts; M: a list of pairs of texts. h: a handle; H: a list of handles; L: a list of
  /// handles of the receiving node. n: a node; e: an error; m: a message.
  std::string_view grammar;
  kind what = kind::opaque;

  /// Whether others may be inside of it, as deep as its sender likes.
  [[nodiscard]] bool nests() const noexcept { return grammar.find_first_of("em") != std::string_view::npos; }
};

/// By the name that CAF gives the type: on the wire in 0.17; in 1.x a number stands for it there.
[[nodiscard]] const basp_type& find_basp_type(basp_dialect dialect, std::string_view name) noexcept;

} // namespace registry::inline v0_2
