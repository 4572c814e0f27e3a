#include "inventory-service/partner_reports/report_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/partner_reports/report_proto.h"
#include "inventory-service/partner_reports/row_intake.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/reports/{report}";
constexpr int kErrorsOfDryRun = 1000;

// A name that is of a report's form and whose id is none is that of no report.
absl::StatusOr<std::pair<std::string, Uuid>> ParseName(std::string_view name, std::string_view field = "name") {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, kPattern, field));
  const auto id = Uuid::Parse(ids[1]);
  if (!id.ok()) return NotFound(name);
  return std::pair(std::move(ids[0]), *id);
}

// Of the file's bytes and of how they are read: what is equal in both is the same report.
std::string ContentOf(const PartnerReport& report, const std::optional<ReportProfile>& profile) {
  const ReportCoverage& coverage = report.coverage;
  return Sha256Of({report.sha256, profile.has_value() ? ReadingOf(*profile) : std::string(), NameOf(report.mode),
                   coverage.from.ToString(), coverage.to.ToString(), StrCat(coverage.activities.bits()),
                   StrJoin(coverage.sites, ","), report.zero_report ? "zero" : ""});
}

// A stream as a whole.
struct StatedStream {
  PartnerReport report;
  StreamedRows rows;
};

absl::Status TakeMessage(const v1::StreamPostReportRowsRequest& message, bool first, StatedStream* stated) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(message.parent(), "partners/{partner}", "parent"));
  if (first != message.has_partner_report()) {
    return first ? InvalidField("partner_report", "nothing", "what the report is, in the first message")
                 : InvalidField("partner_report", "a report", "nothing: the first message says what the report is");
  }
  if (first) {
    auto report = FromProto(message.partner_report(), ids[0]);
    if (!report.ok()) return AtField(report.status(), "partner_report");
    stated->report = *std::move(report);
  } else if (ids[0] != stated->report.partner) {
    return InvalidField("parent", message.parent(),
                        StrCat("partners/", stated->report.partner, ", as the first message says"));
  }
  for (int i = 0; i < message.rows_size(); ++i) {
    absl::Status added = stated->rows.Add(message.rows(i).row(), FromProto(message.rows(i).cells()));
    if (!added.ok()) return AtField(added, StrCat("rows[", i, "]"));
  }
  return absl::OkStatus();
}

absl::StatusOr<StatedStream> ReadStream(rpc::IncomingStream& stream) {
  StatedStream stated;
  v1::StreamPostReportRowsRequest message;
  int64_t messages = 0;
  for (;; ++messages) {
    ASSIGN_OR_RETURN(const rpc::IncomingStream::Next next, stream.Read(&message));
    if (next == rpc::IncomingStream::Next::kEnd) break;
    if (absl::Status taken = TakeMessage(message, messages == 0, &stated); !taken.ok()) {
      return AtField(taken, StrCat("messages[", messages, "]"));
    }
  }
  if (messages == 0) return InvalidField("messages", "none", "one, at least, that says what the report is");
  if (stated.report.zero_report && !stated.rows.empty()) {
    return InvalidField("rows", StrCat(stated.rows.count(), " rows"),
                        "none: a zero report says that there is nothing to tell");
  }
  if (!stated.report.zero_report && stated.rows.empty()) {
    return InvalidField("rows", "none", "rows; that there is nothing to tell is a zero_report");
  }
  return stated;
}

}  // namespace

void PartnerReportService::Register(rpc::Server& server) {
  const v1::StreamPostReportRowsRequest* const sent = nullptr;
  server.Add("tributary.inventory.v1.PartnerReportService", this)
      .Unary("GetPartnerReport", &PartnerReportService::Get)
      .Unary("ListPartnerReports", &PartnerReportService::List)
      .Unary("CreatePartnerReport", &PartnerReportService::Create)
      .ClientStream("StreamPostReportRows", &PartnerReportService::StreamRows, sent)
      .Unary("DryRunPartnerReport", &PartnerReportService::DryRun)
      .Unary("ListReportDisagreements", &PartnerReportService::ListDisagreements);
}

absl::Status PartnerReportService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPartnerReportRequest& request,
                                       v1::PartnerReport* reply) {
  ASSIGN_OR_RETURN(const auto id, ParseName(request.name()));
  ASSIGN_OR_RETURN(const PartnerReport report, reports_.Get(unit.sql(), id.first, id.second));
  *reply = ToProto(report);
  return absl::OkStatus();
}

absl::Status PartnerReportService::List(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ListPartnerReportsRequest& request,
                                        v1::ListPartnerReportsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, ReportStore::Fields(), request.parent()));
  Uuid after;
  if (!page.first()) {
    const auto last = Uuid::Parse(page.after(1));
    if (!last.ok()) return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    after = *last;
  }
  ASSIGN_OR_RETURN(std::vector<PartnerReport> reports,
                   reports_.List(unit.sql(), partner, page.after(0), after, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&reports, [](const PartnerReport& last) {
    return std::vector{last.partner, last.id.ToString()};
  }));
  for (const PartnerReport& report : reports) *reply->add_partner_reports() = ToProto(report);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<ReportProfile>> PartnerReportService::Prepare(const rpc::Call& call, rpc::Unit& unit,
                                                                           PartnerReport& report) const {
  RETURN_IF_ERROR(partners_.CheckKnown(call, report.partner));
  RETURN_IF_ERROR(LockPartner(unit.sql(), report.partner, call.now));
  std::optional<ReportProfile> profile;
  if (report.profile.empty()) {
    ASSIGN_OR_RETURN(profile, profiles_.Default(unit.sql(), report.partner));
  } else {
    auto named = profiles_.Get(unit.sql(), report.partner, report.profile);
    if (!named.ok() && !absl::IsNotFound(named.status())) return named.status();
    if (named.ok()) profile = *std::move(named);
  }
  if (!profile.has_value() && !(report.zero_report && report.profile.empty())) {
    const std::string name = StrCat("partners/", report.partner, "/reportProfiles/", report.profile);
    return Error(Reason::kReferenceNotFound,
                 StrCat("partner_report.profile: got ", report.profile.empty() ? "nothing" : name, ", want ",
                        report.profile.empty() ? "a profile, for the partner has no default one" : "one that is there"),
                 {{"resource", name}});
  }
  report.profile = profile.has_value() ? profile->id : std::string();
  return profile;
}

absl::StatusOr<Addition> PartnerReportService::Read(const rpc::Call& call, rpc::Unit& unit, PartnerReport report,
                                                    const Source& source) const {
  ASSIGN_OR_RETURN(const std::optional<ReportProfile> profile, Prepare(call, unit, report));
  const Activities told = profile.has_value() ? ActivitiesOf(*profile) : Activities::All();
  if (absl::Status terms = CheckTerms(report.mode, report.coverage, report.zero_report, source.size > 0, told);
      !terms.ok()) {
    // The file is a field of its own beside the report.
    return DetailOf(terms).violations.front().field == "content" ? terms : AtField(terms, "partner_report");
  }
  if (report.coverage.activities.empty()) report.coverage.activities = told;
  report.id = Uuid::New(call.now);
  report.create_time = report.update_time = call.now;
  report.sha256 = source.sha256;
  report.size = source.size;
  report.rank.content = ContentOf(report, profile);
  if (!report.revision_declared) {
    // The same file is the same state of it, whenever it comes again.
    ASSIGN_OR_RETURN(const std::optional<int64_t> first,
                     reports_.FirstRevision(unit.sql(), report.partner, report.rank));
    report.rank.revision = first.value_or(absl::ToUnixMicros(call.now));
  }
  Addition addition{.report = std::move(report)};
  if (addition.report.zero_report) return addition;
  ASSIGN_OR_RETURN(SourceRows rows, source.rows(*profile));
  addition.report.encoding = std::move(rows.encoding);
  addition.rows = std::move(rows.rows);
  RETURN_IF_ERROR(ReadRows(unit.sql(), *profile, addition.report.coverage, call.now, addition.rows));
  return addition;
}

PartnerReportService::Source PartnerReportService::OfFile(std::string_view content) {
  return {.sha256 = Sha256(content),
          .size = static_cast<int64_t>(content.size()),
          .rows = [content](const ReportProfile& profile) { return ReadFile(profile, content); }};
}

absl::Status PartnerReportService::Take(const rpc::Call& call, rpc::Unit& unit, PartnerReport report,
                                        const Source& source, v1::PartnerReport* reply) const {
  ASSIGN_OR_RETURN(Addition addition, Read(call, unit, std::move(report), source));
  ASSIGN_OR_RETURN(BooksChange change, books_.Decide(call, unit.sql(), addition));
  RETURN_IF_ERROR(books_.Store(call, unit, addition, std::move(change)));
  *reply = ToProto(addition.report);
  return absl::OkStatus();
}

absl::Status PartnerReportService::Create(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::CreatePartnerReportRequest& request, v1::PartnerReport* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto stated = FromProto(request.partner_report(), ids[0]);
  if (!stated.ok()) return AtField(stated.status(), "partner_report");
  return Take(call, unit, *std::move(stated), OfFile(request.content()), reply);
}

absl::Status PartnerReportService::StreamRows(const rpc::Call&, rpc::IncomingStream& stream, v1::PartnerReport* reply) {
  ASSIGN_OR_RETURN(const StatedStream stated, ReadStream(stream));
  const Source source{
      .sha256 = stated.rows.Sha256(),
      .size = stated.rows.bytes(),
      .rows = [&stated](const ReportProfile&) -> absl::StatusOr<SourceRows> { return stated.rows.Rows(); }};
  // All of it, or nothing.
  return stream.Transact(StrCat("partners/", stated.report.partner), [&](const rpc::Call& call, rpc::Unit& unit) {
    return Take(call, unit, stated.report, source, reply);
  });
}

absl::Status PartnerReportService::DryRun(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::DryRunPartnerReportRequest& request,
                                          v1::DryRunPartnerReportResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto stated = FromProto(request.partner_report(), ids[0]);
  if (!stated.ok()) return AtField(stated.status(), "partner_report");
  ASSIGN_OR_RETURN(Addition addition, Read(call, unit, *std::move(stated), OfFile(request.content())));
  RETURN_IF_ERROR(books_.Decide(call, unit.sql(), addition));
  *reply->mutable_partner_report() = ToProto(addition.report);
  // It has none of what makes a resource.
  for (const char* const field : {"name", "uid", "etag", "create_time", "update_time"}) {
    reply->partner_report().GetReflection()->ClearField(reply->mutable_partner_report(),
                                                        v1::PartnerReport::descriptor()->FindFieldByName(field));
  }
  for (const ReportRow& row : addition.rows) {
    for (const imports::RowError& error : row.errors) {
      if (reply->errors_size() < kErrorsOfDryRun) *reply->add_errors() = ToProto(error);
    }
  }
  return absl::OkStatus();
}

absl::Status PartnerReportService::ListDisagreements(const rpc::Call& call, rpc::Unit& unit,
                                                     const v1::ListReportDisagreementsRequest& request,
                                                     v1::ListReportDisagreementsResponse* reply) {
  ASSIGN_OR_RETURN(const auto id, ParseName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, {}, request.parent()));
  ASSIGN_OR_RETURN(const PartnerReport report, reports_.Get(unit.sql(), id.first, id.second));
  std::optional<Disagreement> after;
  if (!page.first()) {
    int activity = 0;
    const auto date = Date::Parse(page.after(2));
    const auto winner = Uuid::Parse(page.after(3));
    const auto other = Uuid::Parse(page.after(4));
    if (!absl::SimpleAtoi(Abseil(page.after(0)), &activity) || !date.ok() || !winner.ok() || !other.ok()) {
      return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    }
    after = {.cell = {.activity = static_cast<Activity>(activity), .site = std::string(page.after(1)), .date = *date},
             .winner = *winner,
             .other = *other};
  }
  ASSIGN_OR_RETURN(std::vector<Disagreement> found,
                   reports_.Disagreements(unit.sql(), report.partner, report.id, after, page.limit()));
  reply->set_next_page_token(page.Cut(&found, [](const Disagreement& last) {
    return std::vector{StrCat(static_cast<int>(last.cell.activity)), last.cell.site, last.cell.date.ToString(),
                       last.winner.ToString(), last.other.ToString()};
  }));
  for (const Disagreement& one : found) *reply->add_report_disagreements() = ToProto(report.partner, one);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
