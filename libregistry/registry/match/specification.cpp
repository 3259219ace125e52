#include <registry/match/internal/compile.hpp>
#include <registry/match/internal/evaluate.hpp>
#include <registry/match/specification.hpp>

#include <cassert>

namespace registry {

match_spec::match_spec(std::shared_ptr<const internal::program> program) noexcept : program_(std::move(program)) {}

result<match_spec> match_spec::compile(const pattern& value, const std::vector<expression>& guards) {
  const select_clause clause{any, any, value, guards, {true}};
  auto program = internal::compile({&clause, 1});
  if (!program)
    return std::move(program).error();
  return match_spec(std::move(program).value());
}

bool match_spec::matches(const value& data) const noexcept {
  assert(program_ != nullptr && "a specification that was moved from");
  return internal::matches(*program_, data);
}

select_spec::select_spec(std::shared_ptr<const internal::program> program) noexcept : program_(std::move(program)) {}

result<select_spec> select_spec::compile(const std::vector<select_clause>& clauses) {
  auto program = internal::compile(clauses);
  if (!program)
    return std::move(program).error();
  return select_spec(std::move(program).value());
}

std::optional<value> select_spec::run(const value& key, const member& who, const value& data) const {
  assert(program_ != nullptr && "a specification that was moved from");
  return internal::run(*program_, key, who, data);
}

bool select_spec::holds(const value& key, const member& who, const value& data) const noexcept {
  assert(program_ != nullptr && "a specification that was moved from");
  return internal::holds(*program_, key, who, data);
}

std::optional<std::span<const value>> select_spec::bound_keys() const noexcept {
  assert(program_ != nullptr && "a specification that was moved from");
  if (!program_->bound_keys)
    return std::nullopt;
  return std::span<const value>(*program_->bound_keys);
}

} // namespace registry
