#include "incentive-service/ledger/ledger_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/time/today.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/ledger/ledger_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/program_proto.h"

namespace tributary::incentive {
namespace {

// The day that is asked for, or today.
absl::StatusOr<Date> AsOf(bool asked, const google::type::Date& as_of, absl::Time now) {
  const Date today = UtcToday(now);
  if (!asked) return today;
  const absl::StatusOr<Date> day = wire::FromProto(as_of);
  if (!day.ok()) return AtField(day.status(), "as_of");
  if (*day > today) {
    return InvalidField("as_of", day->ToString(), StrCat("today, ", today.ToString(), ", or an earlier day"));
  }
  return *day;
}

}  // namespace

void LedgerService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.LedgerService", this)
      .Unary("GetLedgerEntry", &LedgerService::Get)
      .Unary("ListLedgerEntries", &LedgerService::List)
      .Unary("GetAgedBalances", &LedgerService::GetAged)
      .Unary("GetAccruedBalances", &LedgerService::GetAccrued)
      .Unary("EnterAccruals", &LedgerService::EnterAccruals);
}

absl::Status LedgerService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetLedgerEntryRequest& request,
                                v1::LedgerEntry* reply) {
  ASSIGN_OR_RETURN(const LedgerKey key, ParseLedgerEntryName(request.name()));
  ASSIGN_OR_RETURN(const LedgerEntry entry, ledger_.Get(unit.sql(), key));
  *reply = ToProto(entry);
  return absl::OkStatus();
}

absl::Status LedgerService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListLedgerEntriesRequest& request,
                                 v1::ListLedgerEntriesResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  std::optional<LedgerAccount> account;
  if (request.account() != v1::LedgerEntry::ACCOUNT_UNSPECIFIED) {
    account = static_cast<LedgerAccount>(request.account());
  }
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, LedgerStore::FilterFields(),
                                                        std::to_string(request.account())));
  const LedgerKey after{std::string(query.After(0)), query.AfterNumber(1)};
  ASSIGN_OR_RETURN(std::vector<LedgerEntry> entries,
                   ledger_.List(unit.sql(), partner, account, after, query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &entries, [](const LedgerEntry& entry) {
    return std::vector{entry.item.partner, std::to_string(entry.number)};
  }));
  for (const LedgerEntry& entry : entries) *reply->add_ledger_entries() = ToProto(entry);
  return absl::OkStatus();
}

absl::Status LedgerService::GetAged(const rpc::Call& call, rpc::Unit& unit, const v1::GetAgedBalancesRequest& request,
                                    v1::AgedBalances* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/agedBalances"));
  ASSIGN_OR_RETURN(const Date as_of, AsOf(request.has_as_of(), request.as_of(), call.now));
  ASSIGN_OR_RETURN(std::vector<OpenStatement> open, ledger_.OpenStatements(unit.sql(), ids[0], as_of));
  *reply = ToProto(ids[0], Age(std::move(open), as_of), as_of);
  return absl::OkStatus();
}

absl::Status LedgerService::GetAccrued(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::GetAccruedBalancesRequest& request, v1::AccruedBalances* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/accruedBalances"));
  std::optional<std::string> program;
  if (!request.program().empty()) {
    ASSIGN_OR_RETURN(program, ProgramIdOf(request.program(), "program"));
  }
  ASSIGN_OR_RETURN(const Date as_of, AsOf(request.has_as_of(), request.as_of(), call.now));
  ASSIGN_OR_RETURN(const std::vector<AccruedBalance> balances, accrued_.Balances(unit.sql(), ids[0], program, as_of));
  *reply = ToProto(ids[0], balances, as_of);
  return absl::OkStatus();
}

absl::Status LedgerService::EnterAccruals(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::EnterAccrualsRequest& request, v1::EnterAccrualsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.name()));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), id));
  if (program.state == ProgramState::kDraft) {
    return WrongState(program.name(), "enter accruals of", NameOf(program.state), "ACTIVE or ENDED");
  }
  ASSIGN_OR_RETURN(const EnteredAccruals done, entering_.Enter(unit.sql(), program, call.now));
  reply->set_entered(done.entered);
  reply->set_left(done.left);
  *reply->mutable_accrued() = MoneyToProto(done.accrued, program.terms.currency);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
