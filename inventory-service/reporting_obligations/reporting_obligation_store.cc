#include "inventory-service/reporting_obligations/reporting_obligation_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/effective_days.h"
#include "inventory-service/facts/page_of.h"
#include "inventory-service/partner_reports/packed_texts.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, id, uid, version, create_time, update_time, activity, site, period, due_days, effective_from, "
    "effective_to";

ReportingObligation Read(const mysql::Row& row) {
  return {.partner = row.Text(0),
          .id = row.Text(1),
          .uid = row.Id(2),
          .version = row.Int(3),
          .create_time = row.Instant(4),
          .update_time = row.Instant(5),
          .activity = static_cast<Activity>(row.Int(6)),
          .site = row.Text(7),
          .period = static_cast<ReportingPeriodKind>(row.Int(8)),
          .due_days = static_cast<int>(row.Int(9)),
          .effective = ReadDays(row, 10)};
}

absl::StatusOr<std::vector<ReportingObligation>> Select(mysql::Transaction& sql, std::string_view tail,
                                                        const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM reporting_obligation ", tail), values));
  std::vector<ReportingObligation> obligations;
  for (const mysql::Row& row : rows) obligations.push_back(Read(row));
  return obligations;
}

absl::StatusOr<ReportingObligation> One(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                        std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<ReportingObligation> found,
                   Select(sql, StrCat("WHERE partner = ? AND id = ?", lock), {partner, id}));
  if (found.empty()) return NotFound(StrCat("partners/", partner, "/reportingObligations/", id));
  return std::move(found.front());
}

}  // namespace

const std::vector<FilterField>& ReportingObligationStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("activity", "activity", {{"SELL_THROUGH", 1}, {"ON_HAND", 2}}),
      FilterField::Enum("period", "period", {{"DAY", 1}, {"WEEK", 2}, {"MONTH", 3}, {"QUARTER", 4}}),
      FilterField::String("site", "CONCAT('partners/', partner, '/sites/', NULLIF(site, ''))")};
  return fields;
}

absl::StatusOr<ReportingObligation> ReportingObligationStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                                  std::string_view id) const {
  return One(sql, partner, id, "");
}

absl::StatusOr<ReportingObligation> ReportingObligationStore::GetForUpdate(mysql::Transaction& sql,
                                                                           std::string_view partner,
                                                                           std::string_view id) const {
  return One(sql, partner, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<ReportingObligation>> ReportingObligationStore::List(
    mysql::Transaction& sql, std::string_view partner, std::string_view after_partner, std::string_view after_id,
    const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  return Select(sql, page.sql(), page.values);
}

absl::Status ReportingObligationStore::Insert(mysql::Transaction& sql, const ReportingObligation& obligation) const {
  ASSIGN_OR_RETURN(const bool fresh,
                   sql.TryInsert(StrCat("INSERT INTO reporting_obligation (", kColumns,
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                 {obligation.partner, obligation.id, obligation.uid, obligation.version,
                                  obligation.create_time, obligation.update_time, static_cast<int>(obligation.activity),
                                  obligation.site, static_cast<int>(obligation.period), obligation.due_days,
                                  obligation.effective.start, EndOf(obligation.effective)}));
  return fresh ? absl::OkStatus() : AlreadyExists(obligation.name());
}

absl::Status ReportingObligationStore::Update(mysql::Transaction& sql, const ReportingObligation& obligation) const {
  return sql
      .Execute(
          "UPDATE reporting_obligation SET version = ?, update_time = ?, due_days = ?, effective_to = ? WHERE "
          "partner = ? AND id = ?",
          {obligation.version, obligation.update_time, obligation.due_days, EndOf(obligation.effective),
           obligation.partner, obligation.id})
      .status();
}

absl::StatusOr<std::vector<ReceivedReport>> ReportingObligationStore::Received(mysql::Transaction& sql,
                                                                               std::string_view partner) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT from_date, to_date, activities, sites, create_time, zero_report FROM "
                "partner_report WHERE partner = ? AND (zero_report = 1 OR received > rejected) ORDER BY id",
                {partner}));
  std::vector<ReceivedReport> reports;
  for (const mysql::Row& row : rows) {
    reports.push_back({.coverage = {.from = row.Day(0),
                                    .to = row.Day(1),
                                    .activities = Activities::FromBits(static_cast<uint32_t>(row.Int(2))),
                                    .sites = UnpackTexts(row.Bytes(3))},
                       .create_time = row.Instant(4),
                       .zero_report = row.Bool(5)});
  }
  return reports;
}

absl::Status ReportingObligationStore::RefreshStaleSites(mysql::Transaction& sql, std::string_view partner) const {
  ASSIGN_OR_RETURN(const std::vector<ReportingObligation> obligations,
                   Select(sql, "WHERE partner = ? ORDER BY id", {partner}));
  ASSIGN_OR_RETURN(const std::vector<ReceivedReport> reports, Received(sql, partner));
  const std::map<std::string, std::optional<Date>> stale = StaleSites(obligations, reports);
  mysql::Values values;
  for (const auto& [site, since] : stale) {
    values.insert(values.end(), {partner, site, since});
  }
  RETURN_IF_ERROR(sql.Execute("DELETE FROM stale_site WHERE partner = ?", {partner}).status());
  return sql.InsertRows("INSERT INTO stale_site (partner, site, stale_since) VALUES", 3, values);
}

}  // namespace tributary::inventory
