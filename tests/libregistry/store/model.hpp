#pragma once

#include <registry/store/store.hpp>

#include <vector>

namespace registry::testing {

/// The rules of a scope in their simplest form: one list of entries, searched from end to end. The store is compared with
/// it.
class store_model {
public:
  struct row {
    value key;
    member who;
    value data;
    std::uint64_t number;
  };

  explicit store_model(key_mode mode) : mode_(mode) {}

  bool join(const value& key, const std::vector<member>& members, const value& data);
  bool leave(const value& key, const std::vector<member>& members);
  std::size_t leave_key(const value& key);
  std::size_t leave_all(const member& who);
  bool update(const value& key, const member& who, const value& data);

  [[nodiscard]] std::vector<row> of(const value& key) const;
  [[nodiscard]] std::vector<value> keys(const member& who) const;
  [[nodiscard]] const std::vector<row>& rows() const noexcept { return rows_; }

private:
  bool remove_latest(const value& key, const member& who);

  key_mode mode_;
  std::vector<row> rows_;
  std::uint64_t next_ = 1;
};

} // namespace registry::testing
