#include "incentive-service/statements/statement_service.h"

#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "common/digest/sha256.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/statements/statement_proto.h"

namespace tributary::incentive {
namespace {

// Of drafts that one call issues.
constexpr int kMostIssued = 1000;

// A settlement as a change of the payee's wallet: a lot, or what is taken back. In another partner's wallet the
// statement bears its partner's name too.
absl::Status MoveWallet(mysql::Transaction& sql, const WalletStore& wallets, const Settlement& settlement,
                        const std::string& payee, Date expires_on, absl::Time now) {
  const Statement& statement = settlement.statement;
  const WalletKey wallet{payee, statement.currency};
  const bool own = payee == statement.partner;
  const std::string source = own ? statement.path() : statement.name();
  if (settlement.amount < 0) return wallets.ClawBack(sql, wallet, -settlement.amount, source, now);
  if (settlement.amount == 0) return absl::OkStatus();
  // A statement that is settled in parts has a lot of each.
  const std::string part = settlement.first ? "" : StrCat("-", statement.version);
  const std::string of = own ? "" : StrCat("-of-", statement.partner);
  return wallets.Credit(sql, wallet,
                        {.id = StrCat("statement-", statement.number, part, of),
                         .amount = settlement.amount,
                         .expires_on = expires_on,
                         .credit_date = UtcToday(now),
                         .source = source},
                        now);
}

}  // namespace

void StatementService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.StatementService", this)
      .Unary("GetStatement", &StatementService::Get)
      .Unary("ListStatements", &StatementService::List)
      .Unary("ListStatementLines", &StatementService::ListLines)
      .Unary("ExportStatement", &StatementService::Export)
      .Unary("IssueStatement", &StatementService::IssueStatement)
      .Unary("BatchIssueStatements", &StatementService::BatchIssue)
      .Unary("AcceptStatement", &StatementService::AcceptStatement)
      .Unary("SettleStatement", &StatementService::SettleStatement);
}

absl::Status StatementService::CheckVisible(const rpc::Call& call, const Statement& statement) const {
  const bool hidden = statement.state == StatementState::kDraft && call.identity->IsPartnerUser();
  return hidden ? NotFound(statement.name()) : absl::OkStatus();
}

absl::Status StatementService::ReadPrograms(mysql::Transaction& sql, absl::Span<const Statement> statements,
                                            ProgramVersions* programs) const {
  for (const Statement& statement : statements) {
    for (const StatementEntry& entry : statement.entries) {
      auto [program, unread] = programs->try_emplace({entry.program, entry.program_version});
      if (!unread) continue;
      ASSIGN_OR_RETURN(program->second, programs_.GetVersion(sql, entry.program, entry.program_version));
    }
  }
  return absl::OkStatus();
}

absl::Status StatementService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetStatementRequest& request,
                                   v1::Statement* reply) {
  ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.name()));
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(unit.sql(), key));
  RETURN_IF_ERROR(CheckVisible(call, statement));
  ProgramVersions programs;
  RETURN_IF_ERROR(ReadPrograms(unit.sql(), {&statement, 1}, &programs));
  ASSIGN_OR_RETURN(*reply, ToProto(statement, programs));
  return absl::OkStatus();
}

absl::Status StatementService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStatementsRequest& request,
                                    v1::ListStatementsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, StatementStore::FilterFields()));
  const StatementKey after{std::string(query.After(0)), query.AfterNumber(1)};
  ASSIGN_OR_RETURN(
      std::vector<Statement> statements,
      statements_.List(unit.sql(), partner, after, query.where, !call.identity->IsPartnerUser(), query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &statements, [](const Statement& statement) {
    return std::vector{statement.partner, std::to_string(statement.number)};
  }));
  ProgramVersions programs;  // few behind many statements
  RETURN_IF_ERROR(ReadPrograms(unit.sql(), statements, &programs));
  for (const Statement& statement : statements) {
    ASSIGN_OR_RETURN(*reply->add_statements(), ToProto(statement, programs));
  }
  return absl::OkStatus();
}

absl::Status StatementService::ListLines(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListStatementLinesRequest& request,
                                         v1::ListStatementLinesResponse* reply) {
  ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, {}));
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(unit.sql(), key));
  RETURN_IF_ERROR(CheckVisible(call, statement));
  ASSIGN_OR_RETURN(std::vector<StatementLine> lines,
                   statements_.ListLines(unit.sql(), key, query.AfterNumber(0), query.AfterNumber(1), query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &lines, [](const StatementLine& line) {
    return std::vector{std::to_string(line.entry), std::to_string(line.ordinal)};
  }));
  for (const StatementLine& line : lines) {
    *reply->add_statement_lines() = ToProto(line, statement.partner, statement.currency);
  }
  return absl::OkStatus();
}

absl::Status StatementService::Export(const rpc::Call& call, rpc::Unit& unit, const v1::ExportStatementRequest& request,
                                      v1::ExportStatementResponse* reply) {
  ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.name()));
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(unit.sql(), key));
  RETURN_IF_ERROR(CheckVisible(call, statement));
  if (statement.state == StatementState::kDraft)
    return WrongState(statement.name(), "export", "DRAFT", "one that is issued");
  ProgramVersions programs;
  RETURN_IF_ERROR(ReadPrograms(unit.sql(), {&statement, 1}, &programs));
  ASSIGN_OR_RETURN(const std::vector<StatementLine> lines, statements_.Lines(unit.sql(), key));
  reply->set_csv(ExportCsv(statement, programs, lines));
  reply->set_hash(statement.hash);
  return absl::OkStatus();
}

absl::Status StatementService::IssueDraft(const rpc::Call& call, rpc::Unit& unit, Statement draft,
                                          ProgramVersions* programs, v1::Statement* reply) const {
  const StatementKey key{draft.partner, draft.number};
  ASSIGN_OR_RETURN(const bool earlier, statements_.EarlierIsDraft(unit.sql(), key));
  ASSIGN_OR_RETURN(Statement issued, Issue(std::move(draft), call.identity->subject, earlier, call.now));
  ASSIGN_OR_RETURN(std::vector<StatementAdjustment> waiting,
                   adjustments_.Waiting(unit.sql(), issued.partner, issued.currency));
  issued = TakeUp(std::move(issued), std::move(waiting));
  RETURN_IF_ERROR(adjustments_.MarkTaken(unit.sql(), issued, call.now));
  ASSIGN_OR_RETURN(issued.previous_hash, statements_.HashBefore(unit.sql(), key));
  RETURN_IF_ERROR(ReadPrograms(unit.sql(), {&issued, 1}, programs));
  ASSIGN_OR_RETURN(const std::vector<StatementLine> lines, statements_.Lines(unit.sql(), key));
  issued.hash = Sha256Hex(ExportCsv(issued, *programs, lines));
  ASSIGN_OR_RETURN(std::vector<LedgerEntry> entries, accrued_.Release(unit.sql(), issued));
  std::vector<LedgerEntry> stated = IssueOf(issued);
  std::move(stated.begin(), stated.end(), std::back_inserter(entries));
  RETURN_IF_ERROR(ledger_.Post(unit.sql(), std::move(entries), call.now));
  return Finish(unit, issued, "issued", reply);
}

absl::Status StatementService::Finish(rpc::Unit& unit, const Statement& statement, std::string_view verb,
                                      v1::Statement* reply) const {
  RETURN_IF_ERROR(statements_.Update(unit.sql(), statement));
  ProgramVersions programs;
  RETURN_IF_ERROR(ReadPrograms(unit.sql(), {&statement, 1}, &programs));
  ASSIGN_OR_RETURN(*reply, ToProto(statement, programs));
  unit.Emit(events::Draft(statement.partner, verb, reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status StatementService::IssueStatement(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::IssueStatementRequest& request, v1::Statement* reply) {
  ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.name()));
  ASSIGN_OR_RETURN(Statement statement, statements_.GetForUpdate(unit.sql(), key));
  RETURN_IF_ERROR(CheckEtag(statement.name(), request.etag(), statement.version));
  RETURN_IF_ERROR(accrued_.Hold(unit.sql(), {&statement, 1}));
  ProgramVersions programs;
  return IssueDraft(call, unit, std::move(statement), &programs, reply);
}

absl::Status StatementService::BatchIssue(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::BatchIssueStatementsRequest& request,
                                          v1::BatchIssueStatementsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(std::vector<Statement> drafts,
                   statements_.DraftsForUpdate(unit.sql(), request.period(), partner, kMostIssued));
  RETURN_IF_ERROR(accrued_.Hold(unit.sql(), drafts));
  ProgramVersions programs;
  v1::Statement issued;
  for (Statement& draft : drafts) {
    RETURN_IF_ERROR(IssueDraft(call, unit, std::move(draft), &programs, &issued));
  }
  ASSIGN_OR_RETURN(const int64_t left, statements_.CountDrafts(unit.sql(), request.period(), partner));
  reply->set_issued(static_cast<int32_t>(drafts.size()));
  reply->set_left(static_cast<int32_t>(left));
  return absl::OkStatus();
}

absl::Status StatementService::AcceptStatement(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::AcceptStatementRequest& request, v1::Statement* reply) {
  ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.name()));
  ASSIGN_OR_RETURN(Statement statement, statements_.GetForUpdate(unit.sql(), key));
  RETURN_IF_ERROR(CheckVisible(call, statement));
  RETURN_IF_ERROR(CheckEtag(statement.name(), request.etag(), statement.version));
  ASSIGN_OR_RETURN(statement, Accept(std::move(statement), call.now));
  return Finish(unit, statement, "accepted", reply);
}

absl::Status StatementService::SettleStatement(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::SettleStatementRequest& request, v1::Statement* reply) {
  ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.name()));
  const absl::StatusOr<Date> expires_on = wire::FromProto(request.expires_on());
  if (!expires_on.ok()) return AtField(expires_on.status(), "expires_on");
  if (*expires_on < UtcToday(call.now)) {
    return InvalidField("expires_on", expires_on->ToString(), "today or a later day");
  }
  ASSIGN_OR_RETURN(Statement statement, statements_.GetForUpdate(unit.sql(), key));
  RETURN_IF_ERROR(CheckEtag(statement.name(), request.etag(), statement.version));
  ASSIGN_OR_RETURN(std::vector<StatementItem> items, statements_.Items(unit.sql(), statement));
  ASSIGN_OR_RETURN(const std::string payee, relationships_.PayeeOf(unit.sql(), statement.partner, UtcToday(call.now)));
  ASSIGN_OR_RETURN(Settlement settlement,
                   SettleItems(std::move(statement), std::move(items), payee, call.identity->subject, call.now));
  RETURN_IF_ERROR(MoveWallet(unit.sql(), wallets_, settlement, payee, *expires_on, call.now));
  RETURN_IF_ERROR(statements_.SaveItems(unit.sql(), settlement.statement, settlement.items));
  if (settlement.amount != 0) RETURN_IF_ERROR(statements_.SaveLastPayment(unit.sql(), settlement.statement));
  RETURN_IF_ERROR(ledger_.Post(unit.sql(), settlement.entries, call.now));
  RETURN_IF_ERROR(ledger_.Post(unit.sql(), settlement.entry_of_payee, call.now));
  return Finish(unit, settlement.statement, "settled", reply);
}

}  // namespace tributary::incentive
