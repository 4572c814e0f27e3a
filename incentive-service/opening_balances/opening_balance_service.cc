#include "incentive-service/opening_balances/opening_balance_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/time/today.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/opening_balances/opening_balance_proto.h"

namespace tributary::incentive {

void OpeningBalanceService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.OpeningBalanceService", this)
      .Unary("GetOpeningBalance", &OpeningBalanceService::Get)
      .Unary("ListOpeningBalances", &OpeningBalanceService::List)
      .Unary("CreateOpeningBalance", &OpeningBalanceService::Create);
}

absl::Status OpeningBalanceService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetOpeningBalanceRequest& request,
                                        v1::OpeningBalance* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/openingBalances/{opening_balance}"));
  ASSIGN_OR_RETURN(const OpeningBalance balance, balances_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(balance);
  return absl::OkStatus();
}

absl::Status OpeningBalanceService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListOpeningBalancesRequest& request,
                                         v1::ListOpeningBalancesResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, OpeningBalanceStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<OpeningBalance> balances,
                   balances_.List(unit.sql(), partner, query.After(0), query.After(1), query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &balances, [](const OpeningBalance& balance) {
    return std::vector{balance.partner, balance.id};
  }));
  for (const OpeningBalance& balance : balances) *reply->add_opening_balances() = ToProto(balance);
  return absl::OkStatus();
}

absl::Status OpeningBalanceService::Create(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::CreateOpeningBalanceRequest& request, v1::OpeningBalance* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  ASSIGN_OR_RETURN(OpeningBalance balance, FromProto(request.opening_balance(), ids[0]));
  balance.uid = Uuid::New(call.now);
  balance.id = request.opening_balance_id().empty() ? balance.uid.ToString() : request.opening_balance_id();
  balance.create_time = call.now;
  for (Lot& lot : balance.lots) lot.source = balance.path();
  if (auto violations = CheckOpeningBalance(balance, LatestToday(call.now), "opening_balance"); !violations.empty()) {
    return InvalidFields(std::move(violations));
  }
  RETURN_IF_ERROR(balances_.Insert(unit.sql(), balance));
  for (const Lot& lot : balance.lots) {
    RETURN_IF_ERROR(wallets_.Credit(unit.sql(), {balance.partner, balance.currency}, lot, call.now));
  }
  RETURN_IF_ERROR(ledger_.Post(unit.sql(), MoveOf(balance), call.now));
  *reply = ToProto(balance);
  unit.Emit(events::Draft(balance.partner, "recorded", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
