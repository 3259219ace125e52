#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

/// The word that is most likely meant by a mistyped one: it takes the fewest edits (a letter added, left out or replaced, or two
/// neighbours swapped), and no more than one for every three letters. Of several the first. Nothing if all words differ by more.
/// O(length²) for each word.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view mistyped, const std::vector<std::string>& words);

/// The same for names with dots in them, such as `registry.listen`: a name whose last part is the mistyped one's, or the whole
/// mistyped one, is near, too.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view mistyped, const std::vector<std::string>& names);

/// The end of an error message: `; did you mean listen?`, or nothing if there is no such word.
[[nodiscard]] std::string did_you_mean(const std::optional<std::string>& word);

} // namespace registry::inline v0_2
