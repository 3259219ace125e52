#include <conformance/compare.hpp>
#include <conformance/notation.hpp>

#include <algorithm>
#include <functional>
#include <set>
#include <span>

namespace registry::conformance {

namespace {

using list_view = std::span<const value>;
using same_function = bool (*)(const value&, const value&);

bool same(const value& a, const value& b) {
  return identical(a, b);
}

bool same_multiset(list_view a, list_view b, same_function same_element = same) {
  return std::is_permutation(a.begin(), a.end(), b.begin(), b.end(), same_element);
}

/// Two lists of a result whose order is undefined. Other values are compared exactly.
bool same_unordered(const value& a, const value& b) {
  if (a.type() != value::kind::list || b.type() != value::kind::list)
    return identical(a, b);
  return same_multiset(a.as_list(), b.as_list());
}

/// Two records that differ at most in the order of their last part: `[key, entries]`, `[verb, key, entries]`.
bool same_but_for_order(const value& a, const value& b) {
  const auto left = a.as_list();
  const auto right = b.as_list();
  return left.size() == right.size() && !left.empty() && std::equal(left.begin(), left.end() - 1, right.begin(), same) &&
         same_unordered(left.back(), right.back());
}

bool same_result(const operation& what, const value& found) {
  const auto& wanted = what.expected.result;
  switch (what.order) {
  case result_order::exact:
    return identical(wanted, found);
  case result_order::moved:
  case result_order::undefined:
    return same_unordered(wanted, found);
  case result_order::snapshot:
    if (what.kind->code == opcode::monitor_scope)
      return wanted.type() == found.type() && same_multiset(wanted.as_list(), found.as_list(), same_but_for_order);
    return same_unordered(wanted, found);
  }
  return false;
}

bool same_events(event_order unordered, list_view wanted, list_view found) {
  switch (unordered) {
  case event_order::groups:
    return same_multiset(wanted, found);
  case event_order::payload:
    return std::equal(wanted.begin(), wanted.end(), found.begin(), found.end(), same_but_for_order);
  default:
    return std::equal(wanted.begin(), wanted.end(), found.begin(), found.end(), same);
  }
}

/// Collects the differences of one operation.
class comparison {
public:
  comparison(const operation& what, const actor_names& names) : what_(what), notation_(names) {}

  void check_result(const observation& found);
  void check_events(const observation& found);
  void check_listener(const observation& found);
  void check_messages(const observation& found);
  std::vector<std::string> take() { return std::move(differences_); }

private:
  using streams = std::map<std::string, std::vector<value>>;
  using same_lists = std::function<bool(list_view, list_view)>;

  void check_streams(const std::string& what, const streams& wanted, const streams& found, const same_lists& same);
  void report(const std::string& what, const std::string& wanted, const std::string& found);
  void report(const std::string& what, list_view wanted, list_view found);
  [[nodiscard]] std::string outcome(const observation& x) const;

  const operation& what_;
  notation notation_;
  std::vector<std::string> differences_;
};

void comparison::check_result(const observation& found) {
  const auto& wanted = what_.expected;
  const auto same_failure = [](const failure& a, const failure& b) {
    return a.type == b.type && same_member(a.holder, b.holder);
  };
  const bool agree = wanted.error || found.error ? wanted.error && found.error && same_failure(*wanted.error, *found.error)
                                                 : same_result(what_, found.result);
  if (!agree && !wanted.error && !found.error && wanted.result.type() == value::kind::list &&
      found.result.type() == value::kind::list)
    report("result", wanted.result.as_list(), found.result.as_list());
  else if (!agree)
    report("result", outcome(wanted), outcome(found));
}

void comparison::check_events(const observation& found) {
  const auto& wanted = what_.empty_join_event ? streams{} : what_.expected.events;
  check_streams("events of ", wanted, found.events,
                [this](list_view a, list_view b) { return same_events(what_.unordered, a, b); });
}

void comparison::check_listener(const observation& found) {
  const auto& wanted = what_.expected.listener;
  const bool agree = what_.unordered == event_order::exact
                         ? std::equal(wanted.begin(), wanted.end(), found.listener.begin(), found.listener.end(), same)
                         : same_multiset(wanted, found.listener);
  if (!agree)
    report("messages to the listener", wanted, found.listener);
}

void comparison::check_messages(const observation& found) {
  check_streams("messages to ", what_.expected.messages, found.messages,
                [](list_view a, list_view b) { return std::equal(a.begin(), a.end(), b.begin(), b.end(), same); });
}

void comparison::check_streams(const std::string& what, const streams& wanted, const streams& found,
                               const same_lists& same) {
  std::set<std::string> names;
  for (const auto& [name, list] : wanted)
    names.insert(name);
  for (const auto& [name, list] : found)
    names.insert(name);
  for (const auto& name : names) {
    const auto w = wanted.contains(name) ? list_view(wanted.at(name)) : list_view();
    const auto f = found.contains(name) ? list_view(found.at(name)) : list_view();
    if (!same(w, f))
      report(what + name, w, f);
  }
}

void comparison::report(const std::string& what, const std::string& wanted, const std::string& found) {
  differences_.push_back(what + ":\n  expected " + wanted + "\n  but got  " + found);
}

/// Shows only the differences: missing or extra elements; or else the first element at another place.
void comparison::report(const std::string& what, list_view wanted, list_view found) {
  std::vector<value> extra(found.begin(), found.end());
  std::string text = what + ": " + std::to_string(wanted.size()) + " expected, " + std::to_string(found.size()) + " found";
  const auto size = text.size();
  for (const auto& x : wanted) {
    const auto same_one = std::find_if(extra.begin(), extra.end(), [&](const value& y) { return identical(x, y); });
    if (same_one == extra.end())
      text += "\n  missing    " + notation_.write(x);
    else
      extra.erase(same_one);
  }
  for (const auto& x : extra)
    text += "\n  unexpected " + notation_.write(x);
  if (text.size() == size) {
    const auto [w, f] = std::mismatch(wanted.begin(), wanted.end(), found.begin(), same);
    text += ", in another order: at place " + std::to_string(w - wanted.begin() + 1) + "\n  expected   " +
            notation_.write(*w) + "\n  but got    " + notation_.write(*f);
  }
  differences_.push_back(std::move(text));
}

std::string comparison::outcome(const observation& x) const {
  if (!x.error)
    return notation_.write(x.result);
  return "the error " + x.error->type + (x.error->holder ? ", held by " + notation_.write(x.error->holder) : "");
}

} // namespace

std::vector<std::string> compare(const operation& expected, const observation& found, const actor_names& names) {
  comparison all(expected, names);
  all.check_result(found);
  all.check_events(found);
  all.check_listener(found);
  all.check_messages(found);
  return all.take();
}

} // namespace registry::conformance
