#include "partner-service/sales_targets/sales_target_store.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, display_name, basis, calendar_id, period, "
    "start_date, end_date, product_lines, products, currency, figure, parent, weight, consequence, consequence_note, "
    "grace_days, decision_due, decide_time, missed FROM sales_target ";
constexpr std::string_view kRevisions =
    "SELECT revision, figure, reason, principal, revision_time FROM sales_target_revision "
    "WHERE partner_id = ? AND target_id = ? ORDER BY revision";
constexpr std::string_view kTargetPattern = "partners/{partner}/targets/{target}";

SalesTarget FromRow(const mysql::Row& row) {
  SalesTarget target{.partner_id = row.Text(0),
                     .id = row.Text(1),
                     .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                     .display_name = row.Text(6),
                     .basis = static_cast<TargetBasis>(row.Int(7)),
                     .calendar_id = row.Text(8),
                     .period = row.Text(9),
                     .days = {row.Day(10), row.Day(11)},
                     .product_lines = SplitLines(row.Bytes(12)),
                     .products = SplitLines(row.Bytes(13)),
                     .currency = row.Text(14),
                     .figure = row.Dec(15),
                     .parent = row.Text(16),
                     .weight = row.Dec(17),
                     .consequence = static_cast<MissConsequence>(row.Int(18)),
                     .consequence_note = row.Text(19),
                     .grace_days = static_cast<int>(row.Int(20)),
                     .decision_due = row.Instant(21),
                     .missed = row.Bool(23)};
  if (!row.IsNull(22)) target.decide_time = row.Instant(22);
  return target;
}

absl::Status ReadRevisions(mysql::Transaction& sql, bool last_alone, SalesTarget* target) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kRevisions, last_alone ? " DESC LIMIT 1" : ""), {target->partner_id, target->id}));
  for (const mysql::Row& row : rows) {
    target->revisions.push_back({static_cast<int>(row.Int(0)), row.Dec(1), row.Text(2), row.Text(3), row.Instant(4)});
  }
  return absl::OkStatus();
}

}  // namespace

const std::vector<FilterField>& SalesTargetStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("basis", "basis", NumberedNames(TargetBasis::kOrder, TargetBasis::kSellThrough)),
      FilterField::String("fiscal_calendar", "CONCAT('fiscalCalendars/', calendar_id)"),
      FilterField::String("period", "period"),
      FilterField::Day("start", "start_date"),
      FilterField::Day("end", "end_date"),
      FilterField::Enum("consequence", "consequence", NumberedNames(MissConsequence::kNotice, MissConsequence::kBlock)),
      FilterField::Timestamp("decide_time", "decide_time"),
      FilterField::Boolean("missed", "missed"),
  };
  return fields;
}

absl::StatusOr<SalesTarget> SalesTargetStore::Read(mysql::Transaction& sql, std::string_view partner_id,
                                                   std::string_view id, std::string_view lock) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?", lock), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/targets/", id));
  SalesTarget target = FromRow(rows.front());
  RETURN_IF_ERROR(ReadRevisions(sql, /*last_alone=*/false, &target));
  return target;
}

absl::StatusOr<SalesTarget> SalesTargetStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                  std::string_view id) const {
  return Read(sql, partner_id, id, "");
}

absl::StatusOr<SalesTarget> SalesTargetStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                           std::string_view id) const {
  return Read(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<SalesTarget>> SalesTargetStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                                const Page& page) const {
  const ChildPage rows_of(partner_id, page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<SalesTarget> targets;
  for (const mysql::Row& row : rows) targets.push_back(FromRow(row));
  return targets;
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> SalesTargetStore::Due(mysql::Transaction& sql,
                                                                                       absl::Time now,
                                                                                       int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner_id, id FROM sales_target WHERE decide_time IS NULL AND decision_due <= ? "
                             "ORDER BY decision_due, partner_id, id LIMIT ?",
                             {now, limit}));
  std::vector<std::pair<std::string, std::string>> due;
  for (const mysql::Row& row : rows) due.emplace_back(row.Text(0), row.Text(1));
  return due;
}

absl::StatusOr<std::vector<SalesTarget>> SalesTargetStore::Within(mysql::Transaction& sql, std::string_view partner_id,
                                                                  const DateRange& days) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND start_date >= ? AND end_date <= ? ORDER BY partner_id, id"),
                {partner_id, days.start, days.end}));
  std::vector<SalesTarget> targets;
  for (const mysql::Row& row : rows) targets.push_back(FromRow(row));
  return targets;
}

absl::StatusOr<TargetTree> SalesTargetStore::GetTree(mysql::Transaction& sql, std::string_view partner_id,
                                                     std::string_view id) const {
  // What a target is a part of never changes.
  ASSIGN_OR_RETURN(SalesTarget top, Get(sql, partner_id, id));
  while (!top.parent.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(top.parent, kTargetPattern));
    ASSIGN_OR_RETURN(top, Get(sql, ids[0], ids[1]));
  }
  ASSIGN_OR_RETURN(const mysql::Rows locked,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ? FOR UPDATE"), {top.partner_id, top.id}));
  if (locked.empty()) return ChangedMeanwhile(sql, top.name());
  TargetTree tree;
  std::vector<SalesTarget> level = {FromRow(locked.front())};
  while (!level.empty()) {
    std::vector<SalesTarget> below;
    for (SalesTarget& target : level) {
      RETURN_IF_ERROR(ReadRevisions(sql, /*last_alone=*/true, &target));
      const std::string name = target.name();
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query(StrCat(kSelect, "WHERE parent = ? ORDER BY partner_id, id FOR UPDATE"), {name}));
      for (const mysql::Row& row : rows) below.push_back(FromRow(row));
      tree.emplace(name, std::move(target));
    }
    level = std::move(below);
  }
  return tree;
}

absl::Status SalesTargetStore::Create(mysql::Transaction& sql, const SalesTarget& t) const {
  const std::string product_lines = JoinLines(t.product_lines);
  const std::string products = JoinLines(t.products);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO sales_target (partner_id, id, uid, version, create_time, update_time, display_name, "
                    "basis, calendar_id, period, start_date, end_date, product_lines, products, currency, figure, "
                    "parent, weight, consequence, consequence_note, grace_days, decision_due, decide_time, missed) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {t.partner_id,
                     t.id,
                     t.revision.uid,
                     t.revision.version,
                     t.revision.create_time,
                     t.revision.update_time,
                     t.display_name,
                     static_cast<int>(t.basis),
                     t.calendar_id,
                     t.period,
                     t.days.start,
                     t.days.end,
                     product_lines,
                     products,
                     t.currency,
                     t.figure,
                     t.parent,
                     t.weight,
                     static_cast<int>(t.consequence),
                     t.consequence_note,
                     t.grace_days,
                     t.decision_due,
                     t.decide_time,
                     t.missed}));
  if (!inserted) return AlreadyExists(t.name());
  const TargetRevision& first = t.revisions.front();
  return sql
      .Execute(
          "INSERT INTO sales_target_revision (partner_id, target_id, revision, figure, reason, principal, "
          "revision_time) VALUES (?, ?, ?, ?, ?, ?, ?)",
          {t.partner_id, t.id, first.number, first.figure, first.reason, first.principal, first.time})
      .status();
}

absl::Status SalesTargetStore::Update(mysql::Transaction& sql, const SalesTarget& t) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE sales_target SET version = ?, update_time = ?, display_name = ?, figure = ?, weight = ?, "
                  "consequence = ?, consequence_note = ?, decide_time = ?, missed = ? WHERE partner_id = ? AND id = ? "
                  "AND version = ?",
                  {t.revision.version, t.revision.update_time, t.display_name, t.figure, t.weight,
                   static_cast<int>(t.consequence), t.consequence_note, t.decide_time, t.missed, t.partner_id, t.id,
                   t.revision.version - 1}));
  if (matched != 1) return ChangedMeanwhile(sql, t.name());
  if (t.revisions.empty()) return absl::OkStatus();
  const TargetRevision& last = t.revisions.back();
  return sql.InsertRows(
      "INSERT INTO sales_target_revision (partner_id, target_id, revision, figure, reason, principal, "
      "revision_time) VALUES",
      7, {t.partner_id, t.id, last.number, last.figure, last.reason, last.principal, last.time},
      "ON DUPLICATE KEY UPDATE revision = VALUES(revision)");
}

}  // namespace tributary::partner
