#include "incentive-service/opening_balances/opening_balance_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "incentive-service/accruals/accrual_move_proto.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/opening_balances/opening_balance_proto.h"
#include "incentive-service/opening_balances/opening_volume.h"

namespace tributary::incentive {
namespace {

void Tell(rpc::Unit& unit, std::string_view verb, const OpeningBalance& balance, v1::OpeningBalance* reply) {
  *reply = ToProto(balance);
  unit.Emit(events::Draft(balance.partner, verb, reply->name(), *reply));
}

}  // namespace

void OpeningBalanceService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.OpeningBalanceService", this)
      .Unary("GetOpeningBalance", &OpeningBalanceService::Get)
      .Unary("ListOpeningBalances", &OpeningBalanceService::List)
      .Unary("CreateOpeningBalance", &OpeningBalanceService::Create)
      .Unary("ApproveOpeningBalance", &OpeningBalanceService::ApproveBalance)
      .Unary("RejectOpeningBalance", &OpeningBalanceService::RejectBalance);
}

absl::Status OpeningBalanceService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetOpeningBalanceRequest& request,
                                        v1::OpeningBalance* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseOpeningBalanceName(request.name()));
  ASSIGN_OR_RETURN(const OpeningBalance balance, balances_.Get(unit.sql(), name.first, name.second));
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

absl::StatusOr<Program> OpeningBalanceService::CheckVolume(mysql::Transaction& sql, const OpeningBalance& balance,
                                                           size_t volume, Period* period) const {
  const std::string path = StrCat("opening_balance.volumes[", volume, "]");
  const std::string& id = balance.volumes[volume].program;
  absl::StatusOr<Program> program = programs_.Get(sql, id);
  if (absl::IsNotFound(program.status())) {
    return Error(Reason::kReferenceNotFound,
                 StrCat(path, ".program: got programs/", id, ", want a program that there is"));
  }
  RETURN_IF_ERROR(program.status());
  VolumeGround ground;
  ASSIGN_OR_RETURN(ground.closed, closes_.ClosedIds(sql, id));
  if (const Period scale = PeriodWith(balance, *program); !scale.id.empty()) {
    ASSIGN_OR_RETURN(const std::optional<DeclaredPlan> plan, stacks_.PlanOf(sql, id, scale));
    ground.stacked = plan.has_value();
    const DateRange days{scale.range.start, balance.date.AddDays(1)};
    ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesFor(sql, *program, days, balance.partner));
    RETURN_IF_ERROR(standings_.Attribute(sql, *program, nullptr, balance.partner, &lines));
    for (const FactLine& line : lines) ground.lines += WhyAbsent(*program, line, nullptr).has_value() ? 0 : 1;
  }
  ASSIGN_OR_RETURN(*period, DecideVolume(balance, *program, ground, path));
  return program;
}

absl::Status OpeningBalanceService::Record(mysql::Transaction& sql, const OpeningBalance& balance, rpc::Unit& unit,
                                           absl::Time now) const {
  for (const Lot& lot : balance.lots) {
    RETURN_IF_ERROR(wallets_.Credit(sql, {balance.partner, balance.currency}, lot, now));
  }
  RETURN_IF_ERROR(ledger_.Post(sql, MoveOf(balance), now));
  if (balance.volumes.empty()) return absl::OkStatus();
  for (size_t i = 0; i < balance.volumes.size(); ++i) {
    Period scale;
    ASSIGN_OR_RETURN(const Program program, CheckVolume(sql, balance, i, &scale));
    const Period paid = PeriodOf(program.paid(), balance.date);
    const AccrualKey key{balance.partner, program.id, paid.id};
    RETURN_IF_ERROR(accruals_.Open(sql, key, paid.range.start, now));
    unit.Emit(DraftOf(AccrualMove{.key = key, .at = now}));
  }
  return volumes_.PutInForce(sql, balance);
}

absl::Status OpeningBalanceService::Create(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::CreateOpeningBalanceRequest& request, v1::OpeningBalance* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  ASSIGN_OR_RETURN(OpeningBalance balance, FromProto(request.opening_balance(), ids[0]));
  balance.uid = Uuid::New(call.now);
  balance.id = request.opening_balance_id().empty() ? balance.uid.ToString() : request.opening_balance_id();
  balance.create_time = balance.update_time = call.now;
  balance.requester = call.identity->subject;
  for (Lot& lot : balance.lots) lot.source = balance.path();
  if (auto violations = CheckOpeningBalance(balance, LatestToday(call.now), "opening_balance"); !violations.empty()) {
    return InvalidFields(std::move(violations));
  }
  const bool waits = !balance.volumes.empty();
  if (waits) {
    balance.state = OpeningBalanceState::kRequested;
    RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
    for (size_t i = 0; i < balance.volumes.size(); ++i) {
      Period scale;
      RETURN_IF_ERROR(CheckVolume(unit.sql(), balance, i, &scale).status());
      balance.volumes[i].period = scale.id;
    }
  }
  RETURN_IF_ERROR(balances_.Insert(unit.sql(), balance));
  RETURN_IF_ERROR(waits ? volumes_.Claim(unit.sql(), balance) : Record(unit.sql(), balance, unit, call.now));
  Tell(unit, waits ? "requested" : "recorded", balance, reply);
  return absl::OkStatus();
}

template <typename Request>
absl::StatusOr<OpeningBalance> OpeningBalanceService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const auto name, ParseOpeningBalanceName(request.name()));
  RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
  ASSIGN_OR_RETURN(OpeningBalance balance, balances_.GetForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(balance.name(), request.etag(), balance.version));
  return balance;
}

absl::Status OpeningBalanceService::ApproveBalance(const rpc::Call& call, rpc::Unit& unit,
                                                   const v1::ApproveOpeningBalanceRequest& request,
                                                   v1::OpeningBalance* reply) {
  ASSIGN_OR_RETURN(OpeningBalance balance, Load(unit, request));
  ASSIGN_OR_RETURN(balance, Approve(std::move(balance), call.identity->subject, request.note(), call.now));
  RETURN_IF_ERROR(Record(unit.sql(), balance, unit, call.now));
  RETURN_IF_ERROR(balances_.Update(unit.sql(), balance));
  Tell(unit, "recorded", balance, reply);
  return absl::OkStatus();
}

absl::Status OpeningBalanceService::RejectBalance(const rpc::Call& call, rpc::Unit& unit,
                                                  const v1::RejectOpeningBalanceRequest& request,
                                                  v1::OpeningBalance* reply) {
  ASSIGN_OR_RETURN(OpeningBalance balance, Load(unit, request));
  ASSIGN_OR_RETURN(balance, Reject(std::move(balance), call.identity->subject, request.note(), call.now));
  RETURN_IF_ERROR(volumes_.GiveUp(unit.sql(), balance));
  RETURN_IF_ERROR(balances_.Update(unit.sql(), balance));
  Tell(unit, "rejected", balance, reply);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
