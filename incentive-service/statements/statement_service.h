#pragma once

// The RPCs of statements.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/statements/statement_store.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::incentive {

class StatementService {
 public:
  explicit StatementService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetStatementRequest& request,
                   v1::Statement* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStatementsRequest& request,
                    v1::ListStatementsResponse* reply);
  absl::Status ListLines(const rpc::Call& call, rpc::Unit& unit, const v1::ListStatementLinesRequest& request,
                         v1::ListStatementLinesResponse* reply);

 private:
  const PageTokens& tokens_;
  StatementStore statements_;
  ProgramStore programs_;
};

}  // namespace tributary::incentive
