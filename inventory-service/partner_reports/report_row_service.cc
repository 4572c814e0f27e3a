#include "inventory-service/partner_reports/report_row_service.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/partner_reports/report_proto.h"
#include "inventory-service/partner_reports/row_intake.h"
#include "inventory-service/partners/partner_directory.h"

namespace tributary::inventory {
namespace {

struct RowName {
  std::string partner;
  Uuid report;
  int64_t number = 0;
};

absl::StatusOr<RowName> ParseRowName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/reports/{report}/rows/{row}"));
  const auto report = Uuid::Parse(ids[1]);
  int64_t number = 0;
  if (!report.ok() || !absl::SimpleAtoi(ids[2], &number) || StrCat(number) != ids[2]) return NotFound(name);
  return RowName{std::move(ids[0]), *report, number};
}

absl::StatusOr<RowName> ParseReportName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/reports/{report}", "parent"));
  const auto report = Uuid::Parse(ids[1]);
  if (!report.ok()) return NotFound(name);
  return RowName{std::move(ids[0]), *report};
}

// What a repair may write over: the columns that the row has, and those that the profile reads.
std::set<std::string> ColumnsOf(const ReportProfile& profile, const ReportRow& row) {
  std::set<std::string> columns;
  for (const auto& [column, value] : row.cells) columns.insert(column);
  for (int i = 1; i <= kReportFields; ++i) {
    const std::string column = MappingOf(profile, static_cast<ReportField>(i)).column;
    if (!column.empty()) columns.insert(column);
  }
  return columns;
}

}  // namespace

void ReportRowService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.ReportRowService", this)
      .Unary("GetReportRow", &ReportRowService::Get)
      .Unary("ListReportRows", &ReportRowService::List)
      .Unary("RepairReportRow", &ReportRowService::Repair)
      .Unary("RetryReportRow", &ReportRowService::Retry)
      .Unary("RetryReportRows", &ReportRowService::RetryAll)
      .Unary("DiscardReportRow", &ReportRowService::Discard);
}

absl::Status ReportRowService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetReportRowRequest& request,
                                   v1::ReportRow* reply) {
  ASSIGN_OR_RETURN(const RowName name, ParseRowName(request.name()));
  ASSIGN_OR_RETURN(const ReportRow row, rows_.Get(unit.sql(), name.partner, name.report, name.number));
  *reply = ToProto(name.partner, row);
  return absl::OkStatus();
}

absl::Status ReportRowService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReportRowsRequest& request,
                                    v1::ListReportRowsResponse* reply) {
  ASSIGN_OR_RETURN(const RowName name, ParseReportName(request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, ReportRowStore::Fields(), request.parent()));
  RETURN_IF_ERROR(reports_.Get(unit.sql(), name.partner, name.report));
  int64_t after = -1;
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &after)) {
    return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
  }
  ASSIGN_OR_RETURN(std::vector<ReportRow> rows,
                   rows_.List(unit.sql(), name.partner, name.report, after, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&rows, [](const ReportRow& last) { return std::vector{StrCat(last.number)}; }));
  for (const ReportRow& row : rows) *reply->add_report_rows() = ToProto(name.partner, row);
  return absl::OkStatus();
}

absl::StatusOr<ReportRowService::Loaded> ReportRowService::LoadRejected(const rpc::Call& call, rpc::Unit& unit,
                                                                        std::string_view name, std::string_view etag,
                                                                        std::string_view verb) const {
  ASSIGN_OR_RETURN(const RowName id, ParseRowName(name));
  RETURN_IF_ERROR(rows_.Get(unit.sql(), id.partner, id.report, id.number));
  RETURN_IF_ERROR(LockPartner(unit.sql(), id.partner, call.now));
  Loaded loaded;
  ASSIGN_OR_RETURN(loaded.report, reports_.Get(unit.sql(), id.partner, id.report));
  ASSIGN_OR_RETURN(loaded.row, rows_.Get(unit.sql(), id.partner, id.report, id.number));
  RETURN_IF_ERROR(CheckEtag(name, etag, loaded.row.version));
  RETURN_IF_ERROR(CheckRepairable(loaded.row, name, verb));
  return loaded;
}

absl::StatusOr<std::vector<ReportRow>> ReportRowService::ReadAgain(const rpc::Call& call, rpc::Unit& unit,
                                                                   PartnerReport report,
                                                                   std::vector<ReportRow> rows) const {
  ASSIGN_OR_RETURN(const ReportProfile profile, profiles_.Get(unit.sql(), report.partner, report.profile));
  RETURN_IF_ERROR(ReadRows(unit.sql(), profile, report.coverage, call.now, rows));
  for (ReportRow& row : rows) ++row.version;
  ++report.version;
  report.update_time = call.now;
  Addition addition{.report = std::move(report), .fresh = false, .rows = std::move(rows)};
  ASSIGN_OR_RETURN(BooksChange change, books_.Decide(call, unit.sql(), addition));
  RETURN_IF_ERROR(books_.Store(call, unit, addition, std::move(change)));
  return std::move(addition.rows);
}

absl::Status ReportRowService::Repair(const rpc::Call& call, rpc::Unit& unit, const v1::RepairReportRowRequest& request,
                                      v1::ReportRow* reply) {
  const auto cells = FromProto(request.cells());
  ASSIGN_OR_RETURN(Loaded loaded, LoadRejected(call, unit, request.name(), request.etag(), "repair"));
  ASSIGN_OR_RETURN(const ReportProfile profile,
                   profiles_.Get(unit.sql(), loaded.report.partner, loaded.report.profile));
  RETURN_IF_ERROR(CheckRepairs(cells, ColumnsOf(profile, loaded.row)));
  loaded.row.repairs = Overwritten(std::move(loaded.row.repairs), cells);
  const std::string partner = loaded.report.partner;
  ASSIGN_OR_RETURN(const std::vector<ReportRow> rows,
                   ReadAgain(call, unit, std::move(loaded.report), {std::move(loaded.row)}));
  *reply = ToProto(partner, rows.front());
  return absl::OkStatus();
}

absl::Status ReportRowService::Retry(const rpc::Call& call, rpc::Unit& unit, const v1::RetryReportRowRequest& request,
                                     v1::ReportRow* reply) {
  ASSIGN_OR_RETURN(Loaded loaded, LoadRejected(call, unit, request.name(), request.etag(), "retry"));
  const std::string partner = loaded.report.partner;
  ASSIGN_OR_RETURN(const std::vector<ReportRow> rows,
                   ReadAgain(call, unit, std::move(loaded.report), {std::move(loaded.row)}));
  *reply = ToProto(partner, rows.front());
  return absl::OkStatus();
}

absl::Status ReportRowService::RetryAll(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::RetryReportRowsRequest& request, v1::RetryReportRowsResponse* reply) {
  ASSIGN_OR_RETURN(const RowName name, ParseReportName(request.parent()));
  RETURN_IF_ERROR(reports_.Get(unit.sql(), name.partner, name.report));
  RETURN_IF_ERROR(LockPartner(unit.sql(), name.partner, call.now));
  ASSIGN_OR_RETURN(PartnerReport report, reports_.Get(unit.sql(), name.partner, name.report));
  ASSIGN_OR_RETURN(std::vector<ReportRow> rows, rows_.Rejected(unit.sql(), name.partner, name.report));
  if (rows.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(rows, ReadAgain(call, unit, std::move(report), std::move(rows)));
  reply->set_retried(static_cast<int32_t>(rows.size()));
  reply->set_rejected(static_cast<int32_t>(
      std::count_if(rows.begin(), rows.end(), [](const ReportRow& row) { return !IsRead(row.state); })));
  return absl::OkStatus();
}

absl::Status ReportRowService::Discard(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::DiscardReportRowRequest& request, v1::ReportRow* reply) {
  ASSIGN_OR_RETURN(Loaded loaded, LoadRejected(call, unit, request.name(), request.etag(), "discard"));
  loaded.row.state = RowState::kDiscarded;
  ++loaded.row.version;
  RETURN_IF_ERROR(rows_.Put(unit.sql(), loaded.report.partner, {&loaded.row, 1}));
  *reply = ToProto(loaded.report.partner, loaded.row);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
