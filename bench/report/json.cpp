#include <bench/report/json.hpp>

#include <registry/value/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace registry::bench {

value read_json(const std::string& file) {
  std::ifstream in(file);
  if (!in)
    give_up("cannot open " + file);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  auto out = from_json(content);
  if (!out)
    give_up(file + ": " + to_string(out.error()));
  return std::move(out).value();
}

double number(const value& in, const char* field, double otherwise) {
  const auto* const found = in.find(field);
  if (found == nullptr)
    return otherwise;
  if (const auto whole = found->as_integer())
    return static_cast<double>(*whole);
  return found->as_real().value_or(otherwise);
}

std::string text(const value& in, const char* field) {
  const auto* const found = in.find(field);
  return std::string{found == nullptr ? "" : found->as_string().value_or("")};
}

void give_up(const std::string& why) {
  std::cerr << "bench_report: " << why << '\n';
  std::exit(EXIT_FAILURE);
}

} // namespace registry::bench
