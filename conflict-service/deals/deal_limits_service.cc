#include "conflict-service/deals/deal_limits_service.h"

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/deals/deal_limits_proto.h"

namespace tributary::conflict {
namespace {

// There is one.
absl::Status CheckIsDealLimits(const std::string& name, std::string_view field) {
  RETURN_IF_ERROR(ParseResourceName(name, "dealLimits/{deal_limits}", field).status());
  return name == kDealLimits ? absl::OkStatus() : NotFound(name);
}

}  // namespace

void DealLimitsService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.DealLimitsService", this)
      .Unary("GetDealLimits", &DealLimitsService::Get)
      .Unary("ListDealLimitsVersions", &DealLimitsService::ListVersions)
      .Unary("UpdateDealLimits", &DealLimitsService::Update)
      .Unary("GetDealFigures", &DealLimitsService::GetFigures);
}

absl::Status DealLimitsService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetDealLimitsRequest& request,
                                    v1::DealLimits* reply) {
  RETURN_IF_ERROR(CheckIsDealLimits(request.name(), "name"));
  ASSIGN_OR_RETURN(const DealLimits limits, limits_.Current(unit.sql()));
  *reply = ToProto(limits);
  return absl::OkStatus();
}

absl::Status DealLimitsService::ListVersions(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::ListDealLimitsVersionsRequest& request,
                                             v1::ListDealLimitsVersionsResponse* reply) {
  RETURN_IF_ERROR(CheckIsDealLimits(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &before)) {
    return Error(Reason::kPageTokenInvalid, "page_token: want one of this list");
  }
  ASSIGN_OR_RETURN(std::vector<DealLimits> versions, limits_.Versions(unit.sql(), before, page.limit()));
  reply->set_next_page_token(
      page.Cut(&versions, [](const DealLimits& last) { return std::vector{StrCat(last.version)}; }));
  for (const DealLimits& limits : versions) *reply->add_deal_limits() = ToProto(limits);
  return absl::OkStatus();
}

absl::Status DealLimitsService::Update(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::UpdateDealLimitsRequest& request, v1::DealLimits* reply) {
  static const std::vector<std::string_view> kMayChange = {
      "submissions_per_deal", "submissions_per_day", "trials_per_day",   "window_days",
      "open_limit",           "lower_open_limit",    "most_expiry_rate", "most_registrations_per_win",
      "least_ended",          "expiry_notice_days"};
  RETURN_IF_ERROR(CheckIsDealLimits(request.deal_limits().name(), "deal_limits.name"));
  RETURN_IF_ERROR(registrar_.Lock(unit.sql()));
  ASSIGN_OR_RETURN(const DealLimits before, limits_.Current(unit.sql()));
  RETURN_IF_ERROR(CheckEtag(kDealLimits, request.deal_limits().etag(), before.version));
  v1::DealLimits merged = ToProto(before);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.deal_limits(), &merged, kMayChange));
  auto limits = FromProto(merged);
  if (!limits.ok()) return AtField(limits.status(), "deal_limits");
  limits->version = before.version + 1;
  limits->update_time = call.now;
  RETURN_IF_ERROR(limits_.Add(unit.sql(), *limits));
  *reply = ToProto(*limits);
  unit.Emit(events::Draft(kDealLimits, "updated", kDealLimits, *reply));
  return absl::OkStatus();
}

absl::Status DealLimitsService::GetFigures(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::GetDealFiguresRequest& request, v1::DealFigures* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/dealFigures"));
  const std::string partner = StrCat("partners/", ids[0]);
  ASSIGN_OR_RETURN(const DealLimits limits, limits_.Current(unit.sql()));
  const Date from = limits.From(call.now);
  ASSIGN_OR_RETURN(const DealFigures figures, figures_.Of(unit.sql(), partner, from));
  *reply = ToProto(partner, from, figures, limits);
  return absl::OkStatus();
}

}  // namespace tributary::conflict
