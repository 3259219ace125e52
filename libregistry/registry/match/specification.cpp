#include <registry/match/internal/compile.hpp>
#include <registry/match/internal/evaluate.hpp>
#include <registry/match/internal/run.hpp>
#include <registry/match/specification.hpp>

#include <cassert>

namespace registry::inline v0_2 {

namespace internal {

namespace {

const program& program_of(const std::shared_ptr<const program>& program) noexcept {
  assert(program != nullptr && "a specification that was moved from");
  return *program;
}

} // namespace

match_run::match_run(const match_spec& spec) noexcept : state_(program_of(spec.program_)) {}

bool match_run::operator()(const value& data) noexcept {
  return matches(state_, data);
}

matcher_run::matcher_run(const matcher& which) : predicate_(which.predicate_) {
  if (!predicate_)
    specified_.emplace(which.spec_);
}

select_run::select_run(const select_spec& spec) noexcept : state_(program_of(spec.program_)) {}

std::optional<value> select_run::operator()(const value& key, const member& who, const value& data) {
  return internal::select(state_, key, who, data);
}

bool select_run::holds(const value& key, const member& who, const value& data) noexcept {
  return internal::holds(state_, key, who, data);
}

} // namespace internal

match_spec::match_spec(std::shared_ptr<const internal::program> program) noexcept : program_(std::move(program)) {}

result<match_spec> match_spec::compile(const pattern& value, const std::vector<expression>& guards) {
  const select_clause clause{any, any, value, guards, {true}};
  auto program = internal::compile({&clause, 1});
  if (!program)
    return std::move(program).error();
  return match_spec(std::move(program).value());
}

bool match_spec::matches(const value& data) const noexcept {
  return internal::match_run(*this)(data);
}

select_spec::select_spec(std::shared_ptr<const internal::program> program) noexcept : program_(std::move(program)) {}

result<select_spec> select_spec::compile(const std::vector<select_clause>& clauses) {
  auto program = internal::compile(clauses);
  if (!program)
    return std::move(program).error();
  return select_spec(std::move(program).value());
}

std::optional<value> select_spec::run(const value& key, const member& who, const value& data) const {
  return internal::select_run(*this)(key, who, data);
}

bool select_spec::holds(const value& key, const member& who, const value& data) const noexcept {
  return internal::select_run(*this).holds(key, who, data);
}

std::optional<std::span<const value>> select_spec::bound_keys() const noexcept {
  const auto& keys = internal::program_of(program_).bound_keys;
  return keys ? std::optional<std::span<const value>>(*keys) : std::nullopt;
}

} // namespace registry::inline v0_2
