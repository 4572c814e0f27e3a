#pragma once

// The RPCs of statements.

#include <vector>

#include "absl/types/span.h"
#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/adjustments/adjustment_store.h"
#include "incentive-service/ledger/accrued_store.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/relationships/relationship_store.h"
#include "incentive-service/statements/statement_export.h"
#include "incentive-service/statements/statement_store.h"
#include "incentive-service/wallets/wallet_store.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::incentive {

class StatementService {
 public:
  explicit StatementService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  // Drafts are for those who make them: a partner finds them once they are issued.
  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetStatementRequest& request,
                   v1::Statement* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStatementsRequest& request,
                    v1::ListStatementsResponse* reply);
  absl::Status ListLines(const rpc::Call& call, rpc::Unit& unit, const v1::ListStatementLinesRequest& request,
                         v1::ListStatementLinesResponse* reply);
  absl::Status Export(const rpc::Call& call, rpc::Unit& unit, const v1::ExportStatementRequest& request,
                      v1::ExportStatementResponse* reply);
  absl::Status IssueStatement(const rpc::Call& call, rpc::Unit& unit, const v1::IssueStatementRequest& request,
                              v1::Statement* reply);
  absl::Status BatchIssue(const rpc::Call& call, rpc::Unit& unit, const v1::BatchIssueStatementsRequest& request,
                          v1::BatchIssueStatementsResponse* reply);
  absl::Status AcceptStatement(const rpc::Call& call, rpc::Unit& unit, const v1::AcceptStatementRequest& request,
                               v1::Statement* reply);
  absl::Status SettleStatement(const rpc::Call& call, rpc::Unit& unit, const v1::SettleStatementRequest& request,
                               v1::Statement* reply);

 private:
  absl::Status CheckVisible(const rpc::Call& call, const Statement& statement) const;
  absl::Status ReadPrograms(mysql::Transaction& sql, absl::Span<const Statement> statements,
                            ProgramVersions* programs) const;
  // Issues a draft that is locked, with its hash, and tells it.
  absl::Status IssueDraft(const rpc::Call& call, rpc::Unit& unit, Statement draft, ProgramVersions* programs,
                          v1::Statement* reply) const;
  // Stores a statement that moved, tells it by the verb, and replies.
  absl::Status Finish(rpc::Unit& unit, const Statement& statement, std::string_view verb, v1::Statement* reply) const;

  const PageTokens& tokens_;
  StatementStore statements_;
  ProgramStore programs_;
  WalletStore wallets_;
  AdjustmentStore adjustments_;
  RelationshipStore relationships_;
  LedgerStore ledger_;
  AccruedStore accrued_;
};

}  // namespace tributary::incentive
