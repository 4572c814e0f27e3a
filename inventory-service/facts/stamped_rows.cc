#include "inventory-service/facts/stamped_rows.h"

#include <optional>

#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr size_t kStampWidth = 3;  // shard, seq, recorded_at

}  // namespace

StampedRows::StampedRows(std::string_view table, std::string_view columns, size_t width)
    : head_(StrCat("INSERT INTO ", table, " (", columns, ", shard, seq, recorded_at) VALUES")),
      width_(width + kStampWidth) {}

void StampedRows::EndRow() { values_.insert(values_.end(), kStampWidth, mysql::Value(std::nullopt)); }

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
  return sql.InsertRows(head_, width_, values_);
}

absl::StatusOr<bool> StampedRows::TryInsert(mysql::Transaction& sql, absl::Span<const events::Stamp> stamps) {
  Complete(stamps);
  return sql.TryInsertRows(head_, width_, values_);
}

}  // namespace tributary::inventory
