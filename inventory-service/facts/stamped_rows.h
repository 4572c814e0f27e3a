#pragma once

// Rows that carry their place in the feed, made before it is known: under the lock of the sequence, for which other
// writers wait, they are only completed and sent.

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"

namespace tributary::inventory {

class StampedRows {
 public:
  // `columns`: the table's but for shard, seq and recorded_at; there are `width` of them.
  StampedRows(std::string_view table, std::string_view columns, size_t width);
  StampedRows(StampedRows&&) = default;
  StampedRows& operator=(StampedRows&&) = default;

  void Reserve(size_t rows) { values_.reserve(rows * width_); }
  // Where the values of the next row go, in the order of the columns. What they look into outlives the rows, or is kept
  // by them.
  mysql::Values* values() { return &values_; }
  std::string_view Keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  // The row is complete but for its stamp.
  void EndRow();
  // There are no more rows. Where there are many, the columns in which all are alike and plain (0, 1, "", NULL) are
  // written into the statement instead of being bound for each row: no lot, no discount, the first generation. Of the
  // 37 values of a plain shipment line and its posting, 26 are left.
  void End();

  // Binds what can be bound before the stamps are known: with many rows that is much of what they cost here.
  absl::Status BindAhead(mysql::Transaction& sql);

  // stamps[i] is the one of row i.
  absl::Status Insert(mysql::Transaction& sql, absl::Span<const events::Stamp> stamps);
  // The same, but a key that is taken is no error: false, and no row was inserted.
  absl::StatusOr<bool> TryInsert(mysql::Transaction& sql, absl::Span<const events::Stamp> stamps);

 private:
  void Complete(absl::Span<const events::Stamp> stamps);

  std::string head_;
  std::string row_;  // its text
  size_t width_;     // its values, the stamp last
  mysql::Values values_;
  mysql::BoundRows bound_;
  std::deque<std::string> texts_;  // stay where they are when the rows are moved
};

}  // namespace tributary::inventory
