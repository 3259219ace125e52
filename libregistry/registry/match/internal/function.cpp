#include <registry/match/internal/function.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace registry::inline v0_2::internal {

namespace {

constexpr auto many = std::numeric_limits<std::size_t>::max();

constexpr std::array functions{
    function{"==", operation::equal, 2, 2},
    function{"/=", operation::different, 2, 2},
    function{"<", operation::less, 2, 2},
    function{">", operation::greater, 2, 2},
    function{"=<", operation::at_most, 2, 2},
    function{">=", operation::at_least, 2, 2},
    function{"=:=", operation::strictly_equal, 2, 2},
    function{"=/=", operation::strictly_different, 2, 2},
    function{"is_null", operation::is_null, 1, 1},
    function{"is_boolean", operation::is_boolean, 1, 1},
    function{"is_bool", operation::is_boolean, 1, 1},
    function{"is_atom", operation::is_atom, 1, 1},
    function{"is_integer", operation::is_integer, 1, 1},
    function{"is_int", operation::is_integer, 1, 1},
    function{"is_float", operation::is_real, 1, 1},
    function{"is_real", operation::is_real, 1, 1},
    function{"is_number", operation::is_number, 1, 1},
    function{"is_binary", operation::is_string, 1, 1},
    function{"is_string", operation::is_string, 1, 1},
    function{"is_bytes", operation::is_bytes, 1, 1},
    function{"is_pid", operation::is_actor, 1, 1},
    function{"is_actor", operation::is_actor, 1, 1},
    function{"is_list", operation::is_list, 1, 1},
    function{"is_map", operation::is_map, 1, 1},
    function{"is_map_key", operation::is_map_key, 2, 2},
    function{"not", operation::negation, 1, 1},
    function{"xor", operation::exclusive_or, 2, 2},
    function{"and", operation::strict_and, 2, many},
    function{"or", operation::strict_or, 2, many},
    function{"andalso", operation::lazy_and, 2, 2},
    function{"orelse", operation::lazy_or, 2, 2},
    function{"+", operation::add, 2, 2},
    function{"-", operation::subtract, 2, 2},
    function{"*", operation::multiply, 2, 2},
    function{"div", operation::divide, 2, 2},
    function{"rem", operation::remainder, 2, 2},
    function{"abs", operation::magnitude, 1, 1},
    function{"hd", operation::head, 1, 1},
    function{"tl", operation::tail, 1, 1},
    function{"length", operation::length, 1, 1},
    function{"element", operation::element, 2, 2},
    function{"map_get", operation::map_get, 2, 2},
    function{"map_size", operation::map_size, 1, 1},
};

using enum infix_operator::grouping;

// `and`, `or` and `xor` bind looser than in Erlang, so that `$1 > 3 and $2 < 5` needs no parentheses.
constexpr std::array infixes{
    infix_operator{"orelse", "orelse", 1, right},
    infix_operator{"||", "orelse", 1, right},
    infix_operator{"andalso", "andalso", 2, right},
    infix_operator{"&&", "andalso", 2, right},
    infix_operator{"or", "or", 3, left},
    infix_operator{"xor", "xor", 3, left},
    infix_operator{"and", "and", 4, left},
    infix_operator{"==", "==", 5, none},
    infix_operator{"/=", "/=", 5, none},
    infix_operator{"!=", "/=", 5, none},
    infix_operator{"<", "<", 5, none},
    infix_operator{">", ">", 5, none},
    infix_operator{"=<", "=<", 5, none},
    infix_operator{"<=", "=<", 5, none},
    infix_operator{">=", ">=", 5, none},
    infix_operator{"=:=", "=:=", 5, none},
    infix_operator{"=/=", "=/=", 5, none},
    infix_operator{"+", "+", 6, left},
    infix_operator{"-", "-", 6, left},
    infix_operator{"*", "*", 7, left},
    infix_operator{"div", "div", 7, left},
    infix_operator{"rem", "rem", 7, left},
};

template <class Table, class Field>
auto find_in(const Table& table, Field field, std::string_view text) noexcept {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& x) { return x.*field == text; });
  return found == table.end() ? nullptr : &*found;
}

} // namespace

const function* find_function(std::string_view name) noexcept {
  return find_in(functions, &function::name, name);
}

const infix_operator* find_infix(std::string_view token) noexcept {
  return find_in(infixes, &infix_operator::token, token);
}

} // namespace registry::inline v0_2::internal
