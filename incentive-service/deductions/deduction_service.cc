#include "incentive-service/deductions/deduction_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/time/today.h"
#include "incentive-service/claims/claim_proto.h"
#include "incentive-service/deductions/deduction_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/statements/statement_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {
namespace {

void TellDeduction(rpc::Unit& unit, std::string_view verb, const Deduction& deduction, v1::Deduction* reply) {
  *reply = ToProto(deduction);
  unit.Emit(events::Draft(deduction.partner, verb, reply->name(), *reply));
}

// What is matched where nobody says how much. Where nothing is open the entitlement itself says why it is refused.
int64_t AmountOr(std::optional<int64_t> amount, const Deduction& deduction, int64_t open) {
  if (amount.has_value()) return *amount;
  return open > 0 ? std::min(deduction.open(), open) : deduction.open();
}

absl::Status CheckCurrency(const Deduction& deduction, std::string_view field, std::string_view name,
                           std::string_view currency) {
  if (currency == deduction.currency) return absl::OkStatus();
  return Error(Reason::kCurrencyMismatch,
               StrCat(field, ": got ", name, " in ", currency, ", want one in ", deduction.currency));
}

absl::Status MissingEntitlement(const absl::Status& status, std::string_view name) {
  if (!absl::IsNotFound(status)) return status;
  return Error(Reason::kReferenceNotFound,
               StrCat("entitlement: got ", name, ", want a claim or statement that there is"));
}

}  // namespace

void DeductionService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.DeductionService", this)
      .Unary("GetDeduction", &DeductionService::Get)
      .Unary("ListDeductions", &DeductionService::List)
      .Unary("GetAgedDeductions", &DeductionService::GetAged)
      .Unary("CreateDeduction", &DeductionService::Create)
      .Unary("MatchDeduction", &DeductionService::MatchDeduction)
      .Unary("UnmatchDeduction", &DeductionService::UnmatchDeduction)
      .Unary("WriteOffDeduction", &DeductionService::WriteOffDeduction)
      .Unary("ChargeBackDeduction", &DeductionService::ChargeBackDeduction);
}

absl::Status DeductionService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetDeductionRequest& request,
                                   v1::Deduction* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseDeductionName(request.name()));
  ASSIGN_OR_RETURN(const Deduction deduction, deductions_.Get(unit.sql(), name.first, name.second));
  *reply = ToProto(deduction);
  return absl::OkStatus();
}

absl::Status DeductionService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDeductionsRequest& request,
                                    v1::ListDeductionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, DeductionStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<Deduction> deductions,
                   deductions_.List(unit.sql(), partner, query.After(0), query.After(1), query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &deductions, [](const Deduction& deduction) {
    return std::vector{deduction.partner, deduction.id};
  }));
  for (const Deduction& deduction : deductions) *reply->add_deductions() = ToProto(deduction);
  return absl::OkStatus();
}

absl::Status DeductionService::GetAged(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::GetAgedDeductionsRequest& request, v1::AgedDeductions* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/agedDeductions"));
  const Date today = UtcToday(call.now);
  ASSIGN_OR_RETURN(std::vector<Deduction> open, deductions_.Open(unit.sql(), ids[0]));
  *reply = ToProto(ids[0], Age(std::move(open), today), today);
  return absl::OkStatus();
}

absl::Status DeductionService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateDeductionRequest& request,
                                      v1::Deduction* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  ASSIGN_OR_RETURN(Deduction deduction, FromProto(request.deduction(), ids[0]));
  RETURN_IF_ERROR(CheckDeduction(deduction, LatestToday(call.now)));
  ASSIGN_OR_RETURN(const std::optional<std::string> currency,
                   deductions_.CurrencyOfInvoice(unit.sql(), deduction.partner, deduction.invoice));
  if (!currency.has_value()) {
    return Error(Reason::kReferenceNotFound, StrCat("deduction.invoice: got ", deduction.invoice_name(),
                                                    ", want an invoice that inventory-service has told of"));
  }
  RETURN_IF_ERROR(CheckCurrency(deduction, "deduction.invoice", deduction.invoice_name(), *currency));
  ASSIGN_OR_RETURN(const std::optional<Money> gross,
                   invoices_.GrossForUpdate(unit.sql(), deduction.partner, deduction.invoice));
  if (gross.has_value()) {
    ASSIGN_OR_RETURN(const int64_t billed, ToMinorUnits(Rational(gross->amount), gross->currency, Rounding::kDown));
    ASSIGN_OR_RETURN(const std::vector<Deduction> others,
                     deductions_.OfInvoice(unit.sql(), deduction.partner, deduction.invoice));
    RETURN_IF_ERROR(CheckTaken(deduction, billed, others));
  }
  deduction.uid = Uuid::New(call.now);
  deduction.id = request.deduction_id().empty() ? deduction.uid.ToString() : request.deduction_id();
  deduction.create_time = deduction.update_time = call.now;
  deduction.recorder = call.identity->subject;
  RETURN_IF_ERROR(deductions_.Insert(unit.sql(), deduction));
  TellDeduction(unit, "recorded", deduction, reply);
  return absl::OkStatus();
}

template <typename Request>
absl::StatusOr<Deduction> DeductionService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const auto name, ParseDeductionName(request.name()));
  ASSIGN_OR_RETURN(Deduction deduction, deductions_.GetForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(deduction.name(), request.etag(), deduction.version));
  return deduction;
}

absl::StatusOr<Deduction> DeductionService::MatchClaim(const rpc::Call& call, rpc::Unit& unit,
                                                       const Deduction& deduction, const std::string& id,
                                                       std::optional<int64_t> amount) const {
  absl::StatusOr<Claim> claim = claims_.GetForUpdate(unit.sql(), deduction.partner, id);
  if (!claim.ok()) return MissingEntitlement(claim.status(), StrCat("partners/", deduction.partner, "/claims/", id));
  RETURN_IF_ERROR(CheckCurrency(deduction, "entitlement", claim->name(), claim->currency));
  const int64_t open = claim->state == ClaimState::kApproved ? claim->approved - claim->deducted : 0;
  const int64_t taken = AmountOr(amount, deduction, open);
  ASSIGN_OR_RETURN(Deduction matched, Match(deduction, claim->path(), taken, call.identity->subject, call.now));
  ASSIGN_OR_RETURN(const Claim deducted, Deduct(*std::move(claim), taken, call.identity->subject, call.now));
  RETURN_IF_ERROR(claims_.Update(unit.sql(), deducted));
  unit.Emit(events::Draft(deducted.partner, "deducted", deducted.name(), ToProto(deducted)));
  return matched;
}

absl::StatusOr<Deduction> DeductionService::MatchStatement(const rpc::Call& call, rpc::Unit& unit,
                                                           const Deduction& deduction, const StatementKey& key,
                                                           std::optional<int64_t> amount) const {
  absl::StatusOr<Statement> statement = statements_.GetForUpdate(unit.sql(), key);
  if (!statement.ok()) {
    return MissingEntitlement(statement.status(), StrCat("partners/", key.partner, "/statements/", key.number));
  }
  RETURN_IF_ERROR(CheckCurrency(deduction, "entitlement", statement->name(), statement->currency));
  ASSIGN_OR_RETURN(std::vector<StatementItem> items, statements_.Items(unit.sql(), *statement));
  int64_t open = 0;
  for (const StatementItem& item : items) open += item.open();
  const int64_t taken = AmountOr(amount, deduction, open);
  ASSIGN_OR_RETURN(Deduction matched, Match(deduction, statement->path(), taken, call.identity->subject, call.now));
  ASSIGN_OR_RETURN(const Settlement settlement,
                   DeductItems(*std::move(statement), std::move(items), taken, call.identity->subject, call.now));
  RETURN_IF_ERROR(statements_.SaveItems(unit.sql(), settlement.statement, settlement.items));
  RETURN_IF_ERROR(statements_.Update(unit.sql(), settlement.statement));
  RETURN_IF_ERROR(ledger_.Post(unit.sql(), settlement.entries, call.now));
  RETURN_IF_ERROR(TellStatement(unit, "deducted", settlement.statement));
  return matched;
}

absl::Status DeductionService::RestoreClaim(const rpc::Call& call, rpc::Unit& unit, const Deduction& deduction,
                                            const std::string& id, int64_t amount) const {
  ASSIGN_OR_RETURN(Claim claim, claims_.GetForUpdate(unit.sql(), deduction.partner, id));
  ASSIGN_OR_RETURN(const Claim restored, Undeduct(std::move(claim), amount, call.identity->subject, call.now));
  RETURN_IF_ERROR(claims_.Update(unit.sql(), restored));
  unit.Emit(events::Draft(restored.partner, "restored", restored.name(), ToProto(restored)));
  return absl::OkStatus();
}

absl::Status DeductionService::RestoreStatement(const rpc::Call& call, rpc::Unit& unit, const StatementKey& key,
                                                int64_t amount) const {
  ASSIGN_OR_RETURN(Statement statement, statements_.GetForUpdate(unit.sql(), key));
  ASSIGN_OR_RETURN(std::vector<StatementItem> items, statements_.Items(unit.sql(), statement));
  ASSIGN_OR_RETURN(const auto deducted, ledger_.DeductedOf(unit.sql(), key.partner, key.number));
  ASSIGN_OR_RETURN(const Settlement restored, UndeductItems(std::move(statement), std::move(items), deducted, amount,
                                                            call.identity->subject, call.now));
  RETURN_IF_ERROR(statements_.SaveItems(unit.sql(), restored.statement, restored.items));
  RETURN_IF_ERROR(statements_.Update(unit.sql(), restored.statement));
  RETURN_IF_ERROR(ledger_.Post(unit.sql(), restored.entries, call.now));
  return TellStatement(unit, "restored", restored.statement);
}

absl::Status DeductionService::TellStatement(rpc::Unit& unit, std::string_view verb, const Statement& statement) const {
  ProgramVersions programs;
  for (const StatementEntry& entry : statement.entries) {
    auto [program, unread] = programs.try_emplace({entry.program, entry.program_version});
    if (!unread) continue;
    ASSIGN_OR_RETURN(program->second, programs_.GetVersion(unit.sql(), entry.program, entry.program_version));
  }
  ASSIGN_OR_RETURN(const v1::Statement message, ToProto(statement, programs));
  unit.Emit(events::Draft(statement.partner, verb, message.name(), message));
  return absl::OkStatus();
}

absl::Status DeductionService::MatchDeduction(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::MatchDeductionRequest& request, v1::Deduction* reply) {
  ASSIGN_OR_RETURN(const Deduction deduction, Load(unit, request));
  std::optional<int64_t> amount;
  if (request.has_amount()) {
    ASSIGN_OR_RETURN(amount, MinorFromProto(request.amount(), deduction.currency, "amount"));
  }
  const absl::StatusOr<std::pair<std::string, std::string>> claim = ParseClaimName(request.entitlement());
  const absl::StatusOr<StatementKey> statement = ParseStatementName(request.entitlement(), "entitlement");
  const bool of_claim = claim.ok() && claim->first == deduction.partner;
  if (!of_claim && !(statement.ok() && statement->partner == deduction.partner)) {
    const std::string own = StrCat("partners/", deduction.partner);
    return InvalidField("entitlement", request.entitlement(),
                        StrCat(own, "/claims/{claim} or ", own, "/statements/{statement}"));
  }
  ASSIGN_OR_RETURN(const Deduction matched, of_claim ? MatchClaim(call, unit, deduction, claim->second, amount)
                                                     : MatchStatement(call, unit, deduction, *statement, amount));
  RETURN_IF_ERROR(deductions_.Update(unit.sql(), deduction, matched));
  TellDeduction(unit, "matched", matched, reply);
  return absl::OkStatus();
}

absl::Status DeductionService::UnmatchDeduction(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::UnmatchDeductionRequest& request, v1::Deduction* reply) {
  ASSIGN_OR_RETURN(const Deduction deduction, Load(unit, request));
  const std::string own = StrCat("partners/", deduction.partner, "/");
  if (!request.entitlement().starts_with(own)) {
    return InvalidField("entitlement", request.entitlement(), "what it is matched to");
  }
  const std::string item = request.entitlement().substr(own.size());
  ASSIGN_OR_RETURN(const Deduction unmatched,
                   Unmatch(deduction, item, call.identity->subject, request.note(), call.now));
  const int64_t amount = deduction.matched_to(item);
  if (const auto claim = ParseClaimName(request.entitlement()); claim.ok()) {
    RETURN_IF_ERROR(RestoreClaim(call, unit, deduction, claim->second, amount));
  } else {
    ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.entitlement(), "entitlement"));
    RETURN_IF_ERROR(RestoreStatement(call, unit, key, amount));
  }
  RETURN_IF_ERROR(deductions_.Update(unit.sql(), deduction, unmatched));
  TellDeduction(unit, "unmatched", unmatched, reply);
  return absl::OkStatus();
}

absl::Status DeductionService::WriteOffDeduction(const rpc::Call& call, rpc::Unit& unit,
                                                 const v1::WriteOffDeductionRequest& request, v1::Deduction* reply) {
  ASSIGN_OR_RETURN(const Deduction deduction, Load(unit, request));
  ASSIGN_OR_RETURN(const Deduction written_off, WriteOff(deduction, call.identity->subject, request.note(), call.now));
  RETURN_IF_ERROR(deductions_.Update(unit.sql(), deduction, written_off));
  TellDeduction(unit, "written_off", written_off, reply);
  return absl::OkStatus();
}

absl::Status DeductionService::ChargeBackDeduction(const rpc::Call& call, rpc::Unit& unit,
                                                   const v1::ChargeBackDeductionRequest& request,
                                                   v1::Deduction* reply) {
  ASSIGN_OR_RETURN(const Deduction deduction, Load(unit, request));
  ASSIGN_OR_RETURN(const Deduction charged_back,
                   ChargeBack(deduction, call.identity->subject, request.note(), call.now));
  RETURN_IF_ERROR(deductions_.Update(unit.sql(), deduction, charged_back));
  TellDeduction(unit, "charged_back", charged_back, reply);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
