#include "inventory-service/on_hand/on_hand_report_store.h"

#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {

void AppendOwn(const OnHandReport& report, mysql::Values* values) {
  values->insert(values->end(), {report.site, report.date, static_cast<int>(report.boundary), report.report});
}

void ReadOwn(const mysql::Row& row, size_t column, OnHandReport* report) {
  report->site = row.Text(column);
  report->date = row.Day(column + 1);
  report->boundary = static_cast<Boundary>(row.Int(column + 2));
  report->report = row.Id(column + 3);
}

OnHandReportStore::OnHandReportStore()
    : table_({.table = "on_hand_report",
              .partner_in_key = true,
              .has_unit = true,
              .has_parts = true,
              .own_columns = "site, boundary_date, boundary, report",
              .own_width = 4}) {}

const std::vector<FilterField>& OnHandReportStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Day("date", "boundary_date"),
      FilterField::Enum("boundary", "boundary", {{"BEFORE_OPENING", 1}, {"AFTER_CLOSING", 2}}),
      FilterField::String("site", "CONCAT('partners/', partner, '/sites/', site)"),
      FilterField::String("product", "CONCAT('products/', product)"), FilterField::String("lot", "lot")};
  return fields;
}

absl::StatusOr<OnHandReport> OnHandReportStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                    const SaleId& id) const {
  ASSIGN_OR_RETURN(std::vector<OnHandReport> found,
                   table_.Select(sql, "WHERE document = ? AND partner = ? AND line = ? AND generation = ?",
                                 {id.document, partner, id.line, id.generation}));
  if (found.empty()) {
    return NotFound(StrCat("partners/", partner, "/onHandReports/", SaleSegment(id.document, id.line, id.generation)));
  }
  return std::move(found.front());
}

absl::StatusOr<std::vector<OnHandReport>> OnHandReportStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                  std::string_view after_partner, const SaleId& after,
                                                                  const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner,
                                  {{"partner", after_partner},
                                   {"document", after.document},
                                   {"line", after.line},
                                   {"generation", after.generation}},
                                  filter, limit);
  return table_.Select(sql, page.sql(), page.values);
}

absl::StatusOr<std::vector<OnHandReport>> OnHandReportStore::StandingAt(mysql::Transaction& sql,
                                                                        std::string_view partner, Date date,
                                                                        Boundary boundary) const {
  return table_.Select(sql,
                       StrCat("a WHERE partner = ? AND boundary_date = ? AND boundary = ? AND ",
                              table_.StandsCondition("a"), " ORDER BY site, product, lot, document, line"),
                       {partner, date, static_cast<int>(boundary)});
}

}  // namespace tributary::inventory
