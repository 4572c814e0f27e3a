#include "inventory-service/reporting_obligations/reporting_obligation_service.h"

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "inventory-service/reporting_obligations/reporting_obligation_proto.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/reportingObligations/{reporting_obligation}";

template <typename Request>
absl::StatusOr<Date> AsOf(const rpc::Call& call, const Request& request) {
  if (!request.has_as_of()) return UtcToday(call.now);
  auto date = wire::FromProto(request.as_of());
  if (!date.ok()) return AtField(date.status(), "as_of");
  return date;
}

// The judged day picks the rows, too: a page belongs to it.
template <typename Request>
std::string BoundTo(const Request& request, Date as_of) {
  return StrCat(request.parent(), " ", request.has_as_of() ? as_of.ToString() : "");
}

}  // namespace

void ReportingObligationService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.ReportingObligationService", this)
      .Unary("GetReportingObligation", &ReportingObligationService::Get)
      .Unary("ListReportingObligations", &ReportingObligationService::List)
      .Unary("CreateReportingObligation", &ReportingObligationService::Create)
      .Unary("UpdateReportingObligation", &ReportingObligationService::Update)
      .Unary("ListReportingPeriods", &ReportingObligationService::ListPeriods)
      .Unary("ListOverdueReports", &ReportingObligationService::ListOverdue);
}

absl::Status ReportingObligationService::Get(const rpc::Call&, rpc::Unit& unit,
                                             const v1::GetReportingObligationRequest& request,
                                             v1::ReportingObligation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const ReportingObligation obligation, store_.Get(unit.sql(), ids[0], ids[1]));
  ASSIGN_OR_RETURN(const std::vector<ReceivedReport> reports, store_.Received(unit.sql(), ids[0]));
  *reply = ToProto(obligation, StaleSince(obligation, reports));
  return absl::OkStatus();
}

absl::Status ReportingObligationService::List(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::ListReportingObligationsRequest& request,
                                              v1::ListReportingObligationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, ReportingObligationStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<ReportingObligation> obligations,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&obligations, [](const ReportingObligation& last) {
    return std::vector{last.partner, last.id};
  }));
  std::map<std::string, std::vector<ReceivedReport>> reports;
  for (const ReportingObligation& obligation : obligations) {
    const auto [of_partner, fresh] = reports.try_emplace(obligation.partner);
    if (fresh) {
      ASSIGN_OR_RETURN(of_partner->second, store_.Received(unit.sql(), obligation.partner));
    }
    *reply->add_reporting_obligations() = ToProto(obligation, StaleSince(obligation, of_partner->second));
  }
  return absl::OkStatus();
}

absl::Status ReportingObligationService::Create(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::CreateReportingObligationRequest& request,
                                                v1::ReportingObligation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto stated = FromProto(request.reporting_obligation(), ids[0]);
  if (!stated.ok()) return AtField(stated.status(), "reporting_obligation");
  ReportingObligation obligation = *std::move(stated);
  obligation.uid = Uuid::New(call.now);
  obligation.id =
      request.reporting_obligation_id().empty() ? obligation.uid.ToString() : request.reporting_obligation_id();
  obligation.create_time = obligation.update_time = call.now;
  RETURN_IF_ERROR(partners_.CheckKnown(call, obligation.partner));
  RETURN_IF_ERROR(LockPartner(unit.sql(), obligation.partner, call.now));
  RETURN_IF_ERROR(store_.Insert(unit.sql(), obligation));
  RETURN_IF_ERROR(store_.RefreshStaleSites(unit.sql(), obligation.partner));
  ASSIGN_OR_RETURN(const std::vector<ReceivedReport> reports, store_.Received(unit.sql(), obligation.partner));
  *reply = ToProto(obligation, StaleSince(obligation, reports));
  unit.Emit(events::Draft(obligation.partner, "created", reply->name(), ToProto(obligation, std::nullopt)));
  return absl::OkStatus();
}

absl::Status ReportingObligationService::Update(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::UpdateReportingObligationRequest& request,
                                                v1::ReportingObligation* reply) {
  static const std::vector<std::string_view> kMayChange = {"due_days", "effective_to"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.reporting_obligation().name(), kPattern, "reporting_obligation.name"));
  RETURN_IF_ERROR(LockPartner(unit.sql(), ids[0], call.now));
  ASSIGN_OR_RETURN(const ReportingObligation known, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(known.name(), request.reporting_obligation().etag(), known.version));
  v1::ReportingObligation merged = ToProto(known, std::nullopt);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.reporting_obligation(), &merged, kMayChange));
  const auto stated = FromProto(merged, known.partner);
  if (!stated.ok()) return AtField(stated.status(), "reporting_obligation");
  ReportingObligation changed = known;
  changed.due_days = stated->due_days;
  changed.effective = stated->effective;
  changed.update_time = call.now;
  ++changed.version;
  RETURN_IF_ERROR(store_.Update(unit.sql(), changed));
  RETURN_IF_ERROR(store_.RefreshStaleSites(unit.sql(), changed.partner));
  ASSIGN_OR_RETURN(const std::vector<ReceivedReport> reports, store_.Received(unit.sql(), changed.partner));
  *reply = ToProto(changed, StaleSince(changed, reports));
  unit.Emit(events::Draft(changed.partner, "updated", reply->name(), ToProto(changed, std::nullopt)));
  return absl::OkStatus();
}

absl::Status ReportingObligationService::ListPeriods(const rpc::Call& call, rpc::Unit& unit,
                                                     const v1::ListReportingPeriodsRequest& request,
                                                     v1::ListReportingPeriodsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.parent(), kPattern, "parent"));
  ASSIGN_OR_RETURN(const Date as_of, AsOf(call, request));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, {}, BoundTo(request, as_of)));
  std::optional<Date> after;
  if (!page.first()) {
    const auto last = Date::Parse(page.after(0));
    if (!last.ok()) return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    after = *last;
  }
  ASSIGN_OR_RETURN(const ReportingObligation obligation, store_.Get(unit.sql(), ids[0], ids[1]));
  ASSIGN_OR_RETURN(const std::vector<ReceivedReport> reports, store_.Received(unit.sql(), ids[0]));
  std::vector<ReportingPeriod> periods = PeriodsOf(obligation, reports, as_of, after, page.limit());
  reply->set_next_page_token(
      page.Cut(&periods, [](const ReportingPeriod& last) { return std::vector{last.start.ToString()}; }));
  for (const ReportingPeriod& period : periods) *reply->add_reporting_periods() = ToProto(obligation, period);
  return absl::OkStatus();
}

absl::Status ReportingObligationService::ListOverdue(const rpc::Call& call, rpc::Unit& unit,
                                                     const v1::ListOverdueReportsRequest& request,
                                                     v1::ListOverdueReportsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Date as_of, AsOf(call, request));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, {}, BoundTo(request, as_of)));
  ASSIGN_OR_RETURN(std::vector<ReportingObligation> obligations,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&obligations, [](const ReportingObligation& last) {
    return std::vector{last.partner, last.id};
  }));
  std::map<std::string, std::vector<ReceivedReport>> reports;
  for (const ReportingObligation& obligation : obligations) {
    const auto [of_partner, fresh] = reports.try_emplace(obligation.partner);
    if (fresh) {
      ASSIGN_OR_RETURN(of_partner->second, store_.Received(unit.sql(), obligation.partner));
    }
    for (const ReportingPeriod& period :
         PeriodsOf(obligation, of_partner->second, as_of, std::nullopt, std::numeric_limits<size_t>::max())) {
      if (period.standing == PeriodStanding::kOverdue) {
        *reply->add_reporting_periods() = ToProto(obligation, period);
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
