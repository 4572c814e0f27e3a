#include "inventory-service/partner_reports/report_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"
#include "inventory-service/partner_reports/packed_texts.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kReportColumns =
    "partner, id, version, create_time, update_time, profile, file, sha256, size, encoding, mode, from_date, to_date, "
    "activities, sites, revision, revision_declared, report_instant, content, zero_report, received, accepted, "
    "repaired, rejected, duplicate, superseded";
constexpr size_t kReportWidth = 26;

PartnerReport ReadReport(const mysql::Row& row) {
  PartnerReport report;
  report.partner = row.Text(0);
  report.id = row.Id(1);
  report.version = row.Int(2);
  report.create_time = row.Instant(3);
  report.update_time = row.Instant(4);
  report.profile = row.Text(5);
  report.file = row.Text(6);
  report.sha256 = row.Text(7);
  report.size = row.Int(8);
  report.encoding = row.Text(9);
  report.mode = static_cast<ReportMode>(row.Int(10));
  report.coverage.from = row.Day(11);
  report.coverage.to = row.Day(12);
  report.coverage.activities = Activities::FromBits(static_cast<uint32_t>(row.Int(13)));
  report.coverage.sites = UnpackTexts(row.Bytes(14));
  report.rank.revision = row.Int(15);
  report.revision_declared = row.Bool(16);
  report.rank.instant = row.IsNull(17) ? absl::InfinitePast() : row.Instant(17);
  report.rank.content = row.Text(18);
  report.zero_report = row.Bool(19);
  report.counts = {.received = row.Int(20),
                   .accepted = row.Int(21),
                   .repaired = row.Int(22),
                   .rejected = row.Int(23),
                   .duplicate = row.Int(24),
                   .superseded = row.Int(25)};
  return report;
}

Cell ReadCell(const mysql::Row& row, size_t at) {
  return {.activity = static_cast<Activity>(row.Int(at)), .site = row.Text(at + 2), .date = row.Day(at + 1)};
}

absl::StatusOr<std::vector<PartnerReport>> SelectReports(mysql::Transaction& sql, std::string_view tail,
                                                         const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kReportColumns, " FROM partner_report ", tail), values));
  std::vector<PartnerReport> reports;
  reports.reserve(rows.size());
  for (const mysql::Row& row : rows) reports.push_back(ReadReport(row));
  return reports;
}

}  // namespace

const std::vector<FilterField>& ReportStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("profile", "CONCAT('partners/', partner, '/reportProfiles/', NULLIF(profile, ''))"),
      FilterField::String("sha256", "LOWER(HEX(sha256))"),
      FilterField::Enum("mode", "mode", {{"SNAPSHOT", 1}, {"APPEND", 2}}),
      FilterField::Day("from_date", "from_date"),
      FilterField::Day("to_date", "to_date"),
      FilterField::Integer("revision", "revision"),
      FilterField::Integer("rejected", "rejected"),
      FilterField::Boolean("zero_report", "zero_report"),
      FilterField::Timestamp("create_time", "create_time")};
  return fields;
}

absl::StatusOr<PartnerReport> ReportStore::Get(mysql::Transaction& sql, std::string_view partner,
                                               const Uuid& id) const {
  ASSIGN_OR_RETURN(std::vector<PartnerReport> found, SelectReports(sql, "WHERE partner = ? AND id = ?", {partner, id}));
  if (found.empty()) return NotFound(StrCat("partners/", partner, "/reports/", id.ToString()));
  RETURN_IF_ERROR(CountDisagreements(sql, found));
  return std::move(found.front());
}

absl::StatusOr<std::vector<PartnerReport>> ReportStore::OfPartner(mysql::Transaction& sql,
                                                                  std::string_view partner) const {
  return SelectReports(sql, "WHERE partner = ? ORDER BY id", {partner});
}

absl::StatusOr<std::vector<PartnerReport>> ReportStore::List(mysql::Transaction& sql, std::string_view partner,
                                                             std::string_view after_partner, const Uuid& after_id,
                                                             const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  ASSIGN_OR_RETURN(std::vector<PartnerReport> reports, SelectReports(sql, page.sql(), page.values));
  RETURN_IF_ERROR(CountDisagreements(sql, reports));
  return reports;
}

absl::Status ReportStore::CountDisagreements(mysql::Transaction& sql, std::vector<PartnerReport>& reports) const {
  for (PartnerReport& report : reports) {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query("SELECT (SELECT COUNT(*) FROM report_disagreement WHERE partner = ? AND winner = ?) + "
                               "(SELECT COUNT(*) FROM report_disagreement WHERE partner = ? AND other = ?)",
                               {report.partner, report.id, report.partner, report.id}));
    report.disagreements = rows.at(0).Int(0);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<int64_t>> ReportStore::FirstRevision(mysql::Transaction& sql, std::string_view partner,
                                                                  const ReportRank& rank) const {
  const bool none = rank.instant == absl::InfinitePast();
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT MIN(revision) FROM partner_report WHERE partner = ? AND content = ? AND "
                       "revision_declared = 0 AND report_instant ",
                       none ? "IS NULL" : "= ?"),
                none ? mysql::Values{partner, rank.content} : mysql::Values{partner, rank.content, rank.instant}));
  if (rows.at(0).IsNull(0)) return std::nullopt;
  return rows.at(0).Int(0);
}

absl::Status ReportStore::Insert(mysql::Transaction& sql, const PartnerReport& report) const {
  const std::string sites = PackTexts({report.coverage.sites.begin(), report.coverage.sites.end()});
  const mysql::Value instant =
      report.rank.instant == absl::InfinitePast() ? mysql::Value(std::nullopt) : mysql::Value(report.rank.instant);
  return sql.InsertRows(StrCat("INSERT INTO partner_report (", kReportColumns, ") VALUES"), kReportWidth,
                        {report.partner,
                         report.id,
                         report.version,
                         report.create_time,
                         report.update_time,
                         report.profile,
                         report.file,
                         report.sha256,
                         report.size,
                         report.encoding,
                         static_cast<int>(report.mode),
                         report.coverage.from,
                         report.coverage.to,
                         static_cast<int64_t>(report.coverage.activities.bits()),
                         sites,
                         report.rank.revision,
                         report.revision_declared,
                         instant,
                         report.rank.content,
                         report.zero_report,
                         report.counts.received,
                         report.counts.accepted,
                         report.counts.repaired,
                         report.counts.rejected,
                         report.counts.duplicate,
                         report.counts.superseded});
}

absl::Status ReportStore::UpdateCounts(mysql::Transaction& sql, const PartnerReport& report) const {
  const ReportCounts& counts = report.counts;
  return sql
      .Execute(
          "UPDATE partner_report SET version = ?, update_time = ?, accepted = ?, repaired = ?, rejected = ?, "
          "duplicate = ?, superseded = ? WHERE partner = ? AND id = ?",
          {report.version, report.update_time, counts.accepted, counts.repaired, counts.rejected, counts.duplicate,
           counts.superseded, report.partner, report.id})
      .status();
}

absl::StatusOr<std::vector<ToldCell>> ReportStore::CellsWithin(mysql::Transaction& sql, std::string_view partner,
                                                               const ReportCoverage& coverage) const {
  std::vector<ToldCell> cells;
  for (const Activity activity : kActivities) {
    if (!coverage.activities.Contains(activity)) continue;
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query("SELECT activity, business_date, site, report, digest FROM report_cell WHERE partner = ? "
                  "AND activity = ? AND business_date >= ? AND business_date <= ?",
                  {partner, static_cast<int>(activity), coverage.from, coverage.to}));
    for (const mysql::Row& row : rows) {
      ToldCell told{.cell = ReadCell(row, 0), .report = row.Id(3), .digest = row.Text(4)};
      if (coverage.CoversSite(told.cell.site)) cells.push_back(std::move(told));
    }
  }
  return cells;
}

absl::Status ReportStore::PutCells(mysql::Transaction& sql, std::string_view partner,
                                   absl::Span<const ToldCell> cells) const {
  if (cells.empty()) return absl::OkStatus();
  mysql::Values values;
  values.reserve(cells.size() * 6);
  for (const ToldCell& told : cells) {
    values.insert(values.end(), {partner, static_cast<int>(told.cell.activity), told.cell.date, told.cell.site,
                                 told.report, told.digest});
  }
  return sql.InsertRows("INSERT INTO report_cell (partner, activity, business_date, site, report, digest) VALUES", 6,
                        values, "ON DUPLICATE KEY UPDATE digest = VALUES(digest)");
}

absl::Status ReportStore::PutDisagreements(mysql::Transaction& sql, std::string_view partner,
                                           const ReportCoverage& coverage, absl::Span<const Cell> cells,
                                           absl::Span<const Disagreement> found) const {
  ASSIGN_OR_RETURN(const mysql::Rows known,
                   sql.Query("SELECT activity, business_date, site, winner, other FROM report_disagreement WHERE "
                             "partner = ? AND business_date >= ? AND business_date <= ?",
                             {partner, coverage.from, coverage.to}));
  const std::set<Cell> affected(cells.begin(), cells.end());
  const std::set<Disagreement> wanted(found.begin(), found.end());
  std::set<Disagreement> before;
  for (const mysql::Row& row : known) {
    Disagreement one{.cell = ReadCell(row, 0), .winner = row.Id(3), .other = row.Id(4)};
    if (affected.contains(one.cell)) before.insert(std::move(one));
  }
  for (const Disagreement& one : before) {
    if (wanted.contains(one)) continue;
    RETURN_IF_ERROR(
        sql.Execute("DELETE FROM report_disagreement WHERE partner = ? AND activity = ? AND "
                    "business_date = ? AND site = ? AND other = ?",
                    {partner, static_cast<int>(one.cell.activity), one.cell.date, one.cell.site, one.other}));
  }
  mysql::Values values;
  for (const Disagreement& one : wanted) {
    if (before.contains(one)) continue;
    values.insert(values.end(),
                  {partner, static_cast<int>(one.cell.activity), one.cell.date, one.cell.site, one.winner, one.other});
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows(
      "INSERT INTO report_disagreement (partner, activity, business_date, site, winner, other) VALUES", 6, values);
}

absl::StatusOr<std::vector<Disagreement>> ReportStore::Disagreements(mysql::Transaction& sql, std::string_view partner,
                                                                     const Uuid& report,
                                                                     const std::optional<Disagreement>& after,
                                                                     int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT activity, business_date, site, winner, other FROM report_disagreement WHERE "
                             "partner = ? AND (winner = ? OR other = ?)",
                             {partner, report, report}));
  std::vector<Disagreement> found;
  for (const mysql::Row& row : rows) {
    Disagreement one{.cell = ReadCell(row, 0), .winner = row.Id(3), .other = row.Id(4)};
    if (!after.has_value() || *after < one) found.push_back(std::move(one));
  }
  // A few hundred at most: a cell of each day.
  std::sort(found.begin(), found.end());
  if (found.size() > static_cast<size_t>(limit)) found.resize(limit);
  return found;
}

}  // namespace tributary::inventory
