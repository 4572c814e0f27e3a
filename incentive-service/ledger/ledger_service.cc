#include "incentive-service/ledger/ledger_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/time/today.h"
#include "common/wire/wire.h"
#include "incentive-service/ledger/ledger_proto.h"
#include "incentive-service/listing/list_query.h"

namespace tributary::incentive {

void LedgerService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.LedgerService", this)
      .Unary("GetLedgerEntry", &LedgerService::Get)
      .Unary("ListLedgerEntries", &LedgerService::List)
      .Unary("GetAgedBalances", &LedgerService::GetAged);
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
  const Date today = UtcToday(call.now);
  Date as_of = today;
  if (request.has_as_of()) {
    const absl::StatusOr<Date> asked = wire::FromProto(request.as_of());
    if (!asked.ok()) return AtField(asked.status(), "as_of");
    if (*asked > today) {
      return InvalidField("as_of", asked->ToString(), StrCat("today, ", today.ToString(), ", or an earlier day"));
    }
    as_of = *asked;
  }
  ASSIGN_OR_RETURN(std::vector<OpenStatement> open, ledger_.OpenStatements(unit.sql(), ids[0], as_of));
  *reply = ToProto(ids[0], Age(std::move(open), as_of), as_of);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
