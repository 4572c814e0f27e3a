#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::mysql {

// A parameter of a statement. The type decides how it is bound, so that an integer never meets a text column by
// accident: Bytes for VARBINARY/BINARY/BLOB and VARCHAR alike (the connection is utf8mb4), integers for integer
// columns, Decimal, Date and absl::Time for theirs. Views are not copied: they must outlive the statement's execution.
class Value {
 public:
  struct Null {};
  Value(Null) : v_(Null{}) {}                     // NOLINT(google-explicit-constructor): binders read as values
  Value(std::nullopt_t) : v_(Null{}) {}           // NOLINT
  Value(bool v) : v_(static_cast<int64_t>(v)) {}  // NOLINT
  Value(int v) : v_(static_cast<int64_t>(v)) {}   // NOLINT
  Value(int64_t v) : v_(v) {}                     // NOLINT
  Value(uint64_t v) : v_(v) {}                    // NOLINT
  Value(std::string_view v) : v_(v) {}            // NOLINT
  Value(const std::string& v) : v_(std::string_view(v)) {}  // NOLINT
  Value(const char* v) : v_(std::string_view(v)) {}         // NOLINT
  Value(const Uuid& v) : v_(v.bytes()) {}                   // NOLINT
  Value(Decimal v) : v_(v) {}                               // NOLINT
  Value(Date v) : v_(v) {}                                  // NOLINT
  Value(absl::Time v) : v_(v) {}                            // NOLINT: DATETIME(6), UTC
  template <typename T>
  Value(const std::optional<T>& v) : v_(Null{}) {  // NOLINT
    if (v.has_value()) *this = Value(*v);
  }

  using Variant = std::variant<Null, int64_t, uint64_t, std::string_view, Decimal, Date, absl::Time>;
  const Variant& variant() const { return v_; }

 private:
  Variant v_;
};

using Values = std::vector<Value>;

// One row of a result; columns by position from 0. Reading a NULL gives the type's zero; ask IsNull first where it
// may be NULL. A cell that does not read as the type asked for is a programming error and ends the process.
class Row {
 public:
  bool IsNull(size_t column) const { return !cells_[column].has_value(); }
  int64_t Int(size_t column) const;
  uint64_t Uint(size_t column) const;
  bool Bool(size_t column) const { return Int(column) != 0; }
  std::string_view Bytes(size_t column) const;  // valid while the row lives
  std::string Text(size_t column) const { return std::string(Bytes(column)); }
  Decimal Dec(size_t column) const;
  Date Day(size_t column) const;
  absl::Time Instant(size_t column) const;
  Uuid Id(size_t column) const;
  size_t size() const { return cells_.size(); }

 private:
  friend class Connection;
  std::vector<std::optional<std::string>> cells_;
};

using Rows = std::vector<Row>;

}  // namespace tributary::mysql
