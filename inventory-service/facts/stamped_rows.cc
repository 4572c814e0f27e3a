#include "inventory-service/facts/stamped_rows.h"

#include <optional>
#include <type_traits>
#include <variant>
#include <vector>

#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr size_t kStampWidth = 3;  // shard, seq, recorded_at

// Fewer are not worth a statement of their own for each set of columns that are alike.
constexpr size_t kManyRows = 250;

// How a plain value is written; nothing where the value has to be bound.
std::string_view LiteralOf(const mysql::Value& value) {
  return std::visit(
      [](const auto& v) -> std::string_view {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, mysql::Value::Null>) {
          return "NULL";
        } else if constexpr (std::is_same_v<T, int64_t>) {
          return v == 0 ? "0" : v == 1 ? "1" : "";
        } else if constexpr (std::is_same_v<T, std::string_view>) {
          return v.empty() ? "''" : "";
        } else if constexpr (std::is_same_v<T, Decimal>) {
          return v.zero() ? "0" : "";
        } else {
          return "";
        }
      },
      value.variant());
}

}  // namespace

StampedRows::StampedRows(std::string_view table, std::string_view columns, size_t width)
    : head_(StrCat("INSERT INTO ", table, " (", columns, ", shard, seq, recorded_at) VALUES")),
      width_(width + kStampWidth) {
  for (size_t i = 0; i < width_; ++i) row_ += i == 0 ? "(?" : ",?";
  row_ += ")";
}

void StampedRows::EndRow() { values_.insert(values_.end(), kStampWidth, mysql::Value(std::nullopt)); }

void StampedRows::End() {
  const size_t rows = values_.size() / width_;
  if (rows < kManyRows) return;
  std::vector<bool> bound(width_, true);
  size_t width = width_;
  row_ = "(";
  for (size_t column = 0; column < width_; ++column) {
    std::string_view literal;
    if (column < width_ - kStampWidth) literal = LiteralOf(values_[column]);
    for (size_t i = 1; i < rows && !literal.empty(); ++i) {
      if (LiteralOf(values_[i * width_ + column]) != literal) literal = {};
    }
    bound[column] = literal.empty();
    if (!bound[column]) --width;
    StrAppend(&row_, column == 0 ? "" : ",", bound[column] ? "?" : literal);
  }
  row_ += ")";
  size_t kept = 0;
  for (size_t i = 0; i < values_.size(); ++i) {
    if (bound[i % width_]) values_[kept++] = values_[i];
  }
  values_.erase(values_.begin() + static_cast<ptrdiff_t>(kept), values_.end());
  width_ = width;
}

absl::Status StampedRows::BindAhead(mysql::Transaction& sql) {
  if (values_.size() / width_ < kManyRows) return absl::OkStatus();
  ASSIGN_OR_RETURN(bound_, sql.BindRows(head_, row_, width_, values_, kStampWidth));
  return absl::OkStatus();
}

void StampedRows::Complete(absl::Span<const events::Stamp> stamps) {
  for (size_t i = 0; i < stamps.size(); ++i) {
    const events::Stamp& stamp = stamps[i];
    mysql::Value* const value = &values_.at((i + 1) * width_ - kStampWidth);
    value[0] = stamp.cursor.shard;
    value[1] = stamp.cursor.seq;
    value[2] = stamp.recorded_at;
  }
}

absl::Status StampedRows::Insert(mysql::Transaction& sql, absl::Span<const events::Stamp> stamps) {
  Complete(stamps);
  return sql.InsertRowsAs(head_, row_, width_, values_, {}, bound_);
}

absl::StatusOr<bool> StampedRows::TryInsert(mysql::Transaction& sql, absl::Span<const events::Stamp> stamps) {
  Complete(stamps);
  return sql.TryInsertRowsAs(head_, row_, width_, values_, bound_);
}

}  // namespace tributary::inventory
