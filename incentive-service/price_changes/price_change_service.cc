#include "incentive-service/price_changes/price_change_service.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/time/today.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/adjustments/adjustment_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/price_changes/price_change_proto.h"

namespace tributary::incentive {

void PriceChangeService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.PriceChangeService", this)
      .Unary("GetPriceChange", &PriceChangeService::Get)
      .Unary("ListPriceChanges", &PriceChangeService::List)
      .Unary("CreatePriceChange", &PriceChangeService::Create)
      .Unary("PreviewExposure", &PriceChangeService::Preview)
      .Unary("AnnouncePriceChange", &PriceChangeService::AnnounceChange)
      .Unary("ChargeRise", &PriceChangeService::ChargeRise);
}

absl::Status PriceChangeService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPriceChangeRequest& request,
                                     v1::PriceChange* reply) {
  ASSIGN_OR_RETURN(const std::string id, PriceChangeIdOf(request.name()));
  ASSIGN_OR_RETURN(const PriceChange change, changes_.Get(unit.sql(), id));
  *reply = ToProto(change);
  return absl::OkStatus();
}

absl::Status PriceChangeService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListPriceChangesRequest& request, v1::ListPriceChangesResponse* reply) {
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, PriceChangeStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<PriceChange> changes,
                   changes_.List(unit.sql(), query.After(0), query.where, query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &changes, [](const PriceChange& change) { return std::vector{change.id}; }));
  for (const PriceChange& change : changes) *reply->add_price_changes() = ToProto(change);
  return absl::OkStatus();
}

absl::Status PriceChangeService::Create(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CreatePriceChangeRequest& request, v1::PriceChange* reply) {
  ASSIGN_OR_RETURN(PriceChange change, FromProto(request.price_change()));
  RETURN_IF_ERROR(CheckPriceChange(change));
  change.uid = Uuid::New(call.now);
  change.id = request.price_change_id().empty() ? change.uid.ToString() : request.price_change_id();
  change.create_time = change.update_time = call.now;
  change.creator = call.identity->subject;
  RETURN_IF_ERROR(changes_.Insert(unit.sql(), change));
  *reply = ToProto(change);
  unit.Emit(events::Draft(reply->name(), "created", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status PriceChangeService::Preview(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::PreviewExposureRequest& request,
                                         v1::PreviewExposureResponse* reply) {
  ASSIGN_OR_RETURN(const std::string id, PriceChangeIdOf(request.name()));
  std::vector<std::string> partners;
  if (!request.partner().empty()) {
    ASSIGN_OR_RETURN(partners, ParseResourceName(request.partner(), "partners/{partner}", "partner"));
  }
  ASSIGN_OR_RETURN(const PriceChange change, changes_.Get(unit.sql(), id));
  if (partners.empty()) {
    ASSIGN_OR_RETURN(partners, facts_.Partners(unit.sql()));
  }
  Rational credit;
  for (const std::string& partner : partners) {
    ASSIGN_OR_RETURN(const StockBook book, stock_.Read(unit.sql(), partner, change.product));
    const LayerProtection protection = ProtectionOf(change, ReportedAt(book, change.effective_date));
    const CutExposure exposure = ExposureTo(book.history, protection, UtcToday(call.now));
    if (exposure.lines.empty() && exposure.book.zero() && exposure.unexplained.zero()) continue;
    credit = credit + exposure.credit;
    *reply->add_exposures() = ToProto(exposure, protection, partner);
  }
  *reply->mutable_credit() = MoneyToProto(credit, change.currency);
  return absl::OkStatus();
}

absl::Status PriceChangeService::AnnounceChange(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::AnnouncePriceChangeRequest& request, v1::PriceChange* reply) {
  ASSIGN_OR_RETURN(const std::string id, PriceChangeIdOf(request.name()));
  ASSIGN_OR_RETURN(PriceChange change, changes_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(change.name(), request.etag(), change.version));
  ASSIGN_OR_RETURN(const PriceChange announced, Announce(std::move(change), call.identity->subject, call.now));
  RETURN_IF_ERROR(changes_.Update(unit.sql(), announced));
  *reply = ToProto(announced);
  unit.Emit(events::Draft(reply->name(), "announced", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status PriceChangeService::ChargeRise(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::ChargeRiseRequest& request, v1::Adjustment* reply) {
  ASSIGN_OR_RETURN(const std::string id, PriceChangeIdOf(request.name()));
  ASSIGN_OR_RETURN(const std::vector<std::string> partner,
                   ParseResourceName(request.partner(), "partners/{partner}", "partner"));
  if (partner[0] == "-") return InvalidField("partner", request.partner(), "the name of one partner");
  RETURN_IF_ERROR(ParseResourceName(request.document(), "documents/{document}", "document").status());
  // Under its row charges for it are asked for one after another.
  ASSIGN_OR_RETURN(const PriceChange change, changes_.GetForUpdate(unit.sql(), id));
  ASSIGN_OR_RETURN(const StockBook book, stock_.Read(unit.sql(), partner[0], change.product));
  ASSIGN_OR_RETURN(const int64_t asked, adjustments_.AskedFor(unit.sql(), change.id, partner[0]));
  const LayerProtection rise = ProtectionOf(change, ReportedAt(book, change.effective_date));
  const CutExposure exposure = ExposureTo(book.history, rise, UtcToday(call.now));
  ASSIGN_OR_RETURN(Adjustment charge, ChargeOf(change, partner[0], exposure.credit, asked));
  charge.uid = Uuid::New(call.now);
  charge.id = request.adjustment_id().empty() ? charge.uid.ToString() : request.adjustment_id();
  charge.create_time = charge.update_time = call.now;
  charge.document = request.document();
  charge.requester = call.identity->subject;
  RETURN_IF_ERROR(adjustments_.Insert(unit.sql(), charge));
  *reply = ToProto(charge);
  unit.Emit(events::Draft(charge.partner, "requested", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
