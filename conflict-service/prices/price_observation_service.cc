#include "conflict-service/prices/price_observation_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "conflict-service/detection/price_detector.h"
#include "conflict-service/prices/observation_retention.h"
#include "conflict-service/prices/price_proto.h"
#include "conflict-service/remedies/price_follow_up.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kObservationPattern = "priceObservations/{price_observation}";

}  // namespace

void PriceObservationService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.PriceObservationService", this)
      .Unary("BatchImportPriceObservations", &PriceObservationService::BatchImport)
      .Unary("GetPriceObservation", &PriceObservationService::Get)
      .Unary("ListPriceObservations", &PriceObservationService::List)
      .Unary("WithdrawPriceObservation", &PriceObservationService::Withdraw);
}

absl::Status PriceObservationService::BatchImport(const rpc::Call& call, rpc::Unit& unit,
                                                  const v1::BatchImportPriceObservationsRequest& request,
                                                  v1::BatchImportPriceObservationsResponse* reply) {
  std::vector<PriceObservation> observations;
  for (int i = 0; i < request.price_observations_size(); ++i) {
    absl::StatusOr<PriceObservation> one = FromProto(request.price_observations(i));
    if (!one.ok()) return AtField(one.status(), StrCat("price_observations[", i, "]"));
    // What is older is forgotten, also that it was withdrawn: told again it would be news.
    const Date oldest = UtcToday(call.now).AddDays(-kObservationDays);
    if (one->date < oldest) {
      return InvalidField(StrCat("price_observations[", i, "].observe_date"), one->date.ToString(),
                          StrCat(oldest.ToString(), " or later: older prices are not kept"));
    }
    one->create_time = call.now;
    observations.push_back(*std::move(one));
  }
  RETURN_IF_ERROR(LockPrices(unit.sql()));
  ASSIGN_OR_RETURN(const std::vector<PriceObservation> fresh, observations_.Put(unit.sql(), observations));
  RETURN_IF_ERROR(FollowPriceActions(unit.sql(), fresh, call.now, unit.outbox()));
  RETURN_IF_ERROR(JudgePrices(unit.sql(), fresh, call.now, unit.outbox()));
  reply->set_accepted(static_cast<int32_t>(fresh.size()));
  reply->set_duplicate(request.price_observations_size() - reply->accepted());
  return absl::OkStatus();
}

absl::Status PriceObservationService::Get(const rpc::Call&, rpc::Unit& unit,
                                          const v1::GetPriceObservationRequest& request, v1::PriceObservation* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kObservationPattern).status());
  ASSIGN_OR_RETURN(const PriceObservation observation, observations_.Get(unit.sql(), request.name()));
  *reply = ToProto(observation);
  return absl::OkStatus();
}

absl::Status PriceObservationService::List(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::ListPriceObservationsRequest& request,
                                           v1::ListPriceObservationsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, PriceObservationStore::Fields(),
                                             request.show_deleted() ? "all" : "standing"));
  ASSIGN_OR_RETURN(std::vector<PriceObservation> observations,
                   observations_.List(unit.sql(), page.filter(), request.show_deleted(), page.after(0), page.limit()));
  reply->set_next_page_token(
      page.Cut(&observations, [](const PriceObservation& last) { return std::vector{last.name}; }));
  for (const PriceObservation& observation : observations) *reply->add_price_observations() = ToProto(observation);
  return absl::OkStatus();
}

absl::Status PriceObservationService::Withdraw(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::WithdrawPriceObservationRequest& request,
                                               v1::PriceObservation* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kObservationPattern).status());
  RETURN_IF_ERROR(LockPrices(unit.sql()));
  ASSIGN_OR_RETURN(PriceObservation observation, observations_.Get(unit.sql(), request.name()));
  if (observation.withdraw_time) return WrongState(observation.name, "withdraw", "withdrawn", "one that stands");
  observation.withdraw_time = call.now;
  observation.withdraw_reason = request.reason();
  RETURN_IF_ERROR(observations_.Withdraw(unit.sql(), observation));
  RETURN_IF_ERROR(FollowPriceActions(unit.sql(), {observation}, call.now, unit.outbox()));
  RETURN_IF_ERROR(JudgePrices(unit.sql(), {observation}, call.now, unit.outbox()));
  *reply = ToProto(observation);
  unit.Emit(Told("withdrawn", *reply));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
