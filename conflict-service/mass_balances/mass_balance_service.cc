#include "conflict-service/mass_balances/mass_balance_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/wire/wire.h"
#include "conflict-service/facts/kit_store.h"
#include "conflict-service/mass_balances/mass_balance_proto.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kPattern = "massBalances/{mass_balance}";
constexpr int kMostDays = 400;  // as many as a reconciliation may span

absl::StatusOr<BalanceKey> KeyOf(const v1::RunMassBalanceRequest& request) {
  RETURN_IF_ERROR(ParseResourceName(request.product(), "products/{product}", "product").status());
  BalanceKey key{.product = request.product(), .lot = {}, .period = {}};
  if (!request.lot().empty()) key.lot = request.lot();
  ASSIGN_OR_RETURN(key.period.start, wire::FromProto(request.from_date()));
  ASSIGN_OR_RETURN(key.period.end, wire::FromProto(request.to_date()));
  if (key.period.end <= key.period.start || key.period.end > key.period.start.AddDays(kMostDays)) {
    return InvalidField("to_date", key.period.end.ToString(),
                        StrCat("1 to ", kMostDays, " days after from_date, ", key.period.start.ToString()));
  }
  return key;
}

}  // namespace

void MassBalanceService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.MassBalanceService", this)
      .Unary("GetMassBalance", &MassBalanceService::Get)
      .Unary("ListMassBalances", &MassBalanceService::List)
      .Unary("RunMassBalance", &MassBalanceService::Run);
}

absl::Status MassBalanceService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetMassBalanceRequest& request,
                                     v1::MassBalance* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const KeptBalance kept, balances_.Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const JudgedBalance judged, detector_.Look(unit.sql(), kept.key, kept.asked));
  *reply = ToProto(kept, judged);
  return absl::OkStatus();
}

absl::Status MassBalanceService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListMassBalancesRequest& request, v1::ListMassBalancesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, MassBalanceStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<KeptBalance> kept,
                   balances_.List(unit.sql(), page.filter(), page.after(0), page.limit()));
  reply->set_next_page_token(page.Cut(&kept, [](const KeptBalance& last) { return std::vector{last.key.id()}; }));
  for (const KeptBalance& balance : kept) {
    ASSIGN_OR_RETURN(const JudgedBalance judged, detector_.Look(unit.sql(), balance.key, balance.asked));
    *reply->add_mass_balances() = ToProto(balance, judged);
  }
  return absl::OkStatus();
}

absl::Status MassBalanceService::Run(const rpc::Call& call, rpc::Unit& unit, const v1::RunMassBalanceRequest& request,
                                     v1::MassBalance* reply) {
  ASSIGN_OR_RETURN(const BalanceKey key, KeyOf(request));
  RETURN_IF_ERROR(detector_.Lock(unit.sql()));
  ASSIGN_OR_RETURN(const bool is_kit, KitStore().IsKit(unit.sql(), key.product, key.period));
  if (is_kit) {
    return InvalidField("product", key.product,
                        "a product that is no kit then: balances of what is in a kit count its sales");
  }
  ASSIGN_OR_RETURN(const KeptBalance kept,
                   balances_.Keep(unit.sql(), {.key = key, .uid = Uuid::New(call.now), .create_time = call.now}));
  RETURN_IF_ERROR(detector_.Judge(unit.sql(), {.products = {key.product}}, call.now, unit.outbox()));
  ASSIGN_OR_RETURN(const JudgedBalance judged, detector_.Look(unit.sql(), key));
  *reply = ToProto(kept, judged);
  unit.Emit(events::Draft(reply->name(), "run", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
