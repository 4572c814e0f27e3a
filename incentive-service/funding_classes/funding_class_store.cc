#include "incentive-service/funding_classes/funding_class_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "funding_class, uid, version, create_time, update_time, kinds, note, creator, end_time, ender";

int64_t ToBits(const std::vector<ClaimKind>& kinds) {
  int64_t bits = 0;
  for (const ClaimKind kind : kinds) bits |= int64_t{1} << static_cast<int>(kind);
  return bits;
}

std::vector<ClaimKind> KindsOf(int64_t bits) {
  std::vector<ClaimKind> kinds;
  for (int kind = 1; (bits >> kind) != 0; ++kind) {
    if (((bits >> kind) & 1) != 0) kinds.push_back(static_cast<ClaimKind>(kind));
  }
  return kinds;
}

absl::StatusOr<std::vector<FundingClass>> Read(mysql::Transaction& sql, std::string_view condition,
                                               const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM funding_class WHERE ", condition), values));
  std::vector<FundingClass> classes;
  classes.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    classes.push_back({.id = row.Text(0),
                       .uid = row.Id(1),
                       .version = row.Int(2),
                       .create_time = row.Instant(3),
                       .update_time = row.Instant(4),
                       .kinds = KindsOf(row.Int(5)),
                       .note = row.Text(6),
                       .creator = row.Text(7),
                       .ender = row.Text(9)});
    if (!row.IsNull(8)) classes.back().end_time = row.Instant(8);
  }
  return classes;
}

absl::StatusOr<FundingClass> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<FundingClass> classes, Read(sql, StrCat("funding_class = ?", lock), {id}));
  if (classes.empty()) return NotFound(StrCat("fundingClasses/", id));
  return std::move(classes.front());
}

}  // namespace

absl::StatusOr<FundingClass> FundingClassStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<FundingClass> FundingClassStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

const std::vector<FilterField>& FundingClassStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Timestamp("create_time", "create_time"),
      FilterField::Timestamp("end_time", "end_time"),
  };
  return fields;
}

absl::StatusOr<std::vector<FundingClass>> FundingClassStore::List(mysql::Transaction& sql, std::string_view after,
                                                                  const SqlPredicate& where, int limit) const {
  return ListRows({"funding_class"}, {after}, where).Read(sql, Read, limit);
}

absl::StatusOr<std::vector<FundingClass>> FundingClassStore::All(mysql::Transaction& sql) const {
  return Read(sql, "TRUE ORDER BY funding_class", {});
}

absl::Status FundingClassStore::Insert(mysql::Transaction& sql, const FundingClass& funding_class) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO funding_class (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {funding_class.id, funding_class.uid, funding_class.version, funding_class.create_time,
                     funding_class.update_time, ToBits(funding_class.kinds), funding_class.note, funding_class.creator,
                     funding_class.end_time, funding_class.ender}));
  if (!inserted) return AlreadyExists(funding_class.name());
  return absl::OkStatus();
}

absl::Status FundingClassStore::Update(mysql::Transaction& sql, const FundingClass& funding_class) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE funding_class SET version = ?, update_time = ?, end_time = ?, ender = ? "
                               "WHERE funding_class = ? AND version = ?",
                               {funding_class.version, funding_class.update_time, funding_class.end_time,
                                funding_class.ender, funding_class.id, funding_class.version - 1}));
  if (matched == 1) return absl::OkStatus();
  return Error(Reason::kConflictRetry, StrCat(funding_class.name(), " changed while it was being changed"));
}

}  // namespace tributary::incentive
