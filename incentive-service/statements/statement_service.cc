#include "incentive-service/statements/statement_service.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "incentive-service/listing/list_query.h"
#include "incentive-service/statements/statement_proto.h"

namespace tributary::incentive {

void StatementService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.StatementService", this)
      .Unary("GetStatement", &StatementService::Get)
      .Unary("ListStatements", &StatementService::List)
      .Unary("ListStatementLines", &StatementService::ListLines);
}

absl::Status StatementService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetStatementRequest& request,
                                   v1::Statement* reply) {
  ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.name()));
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(unit.sql(), key));
  ASSIGN_OR_RETURN(const Program program,
                   programs_.GetVersion(unit.sql(), statement.program, statement.program_version));
  ASSIGN_OR_RETURN(*reply, ToProto(statement, program));
  return absl::OkStatus();
}

absl::Status StatementService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStatementsRequest& request,
                                    v1::ListStatementsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, StatementStore::FilterFields()));
  const StatementKey after{std::string(query.After(0)), query.AfterNumber(1)};
  ASSIGN_OR_RETURN(std::vector<Statement> statements,
                   statements_.List(unit.sql(), partner, after, query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &statements, [](const Statement& statement) {
    return std::vector{statement.partner, std::to_string(statement.number)};
  }));
  std::map<std::pair<std::string, int64_t>, Program> programs;  // few behind many statements
  for (const Statement& statement : statements) {
    auto [program, unread] = programs.try_emplace({statement.program, statement.program_version});
    if (unread) {
      ASSIGN_OR_RETURN(program->second, programs_.GetVersion(unit.sql(), statement.program, statement.program_version));
    }
    ASSIGN_OR_RETURN(*reply->add_statements(), ToProto(statement, program->second));
  }
  return absl::OkStatus();
}

absl::Status StatementService::ListLines(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListStatementLinesRequest& request,
                                         v1::ListStatementLinesResponse* reply) {
  ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, {}));
  ASSIGN_OR_RETURN(const Statement statement, statements_.Get(unit.sql(), key));
  ASSIGN_OR_RETURN(const Program program,
                   programs_.GetVersion(unit.sql(), statement.program, statement.program_version));
  ASSIGN_OR_RETURN(std::vector<StatementLine> lines,
                   statements_.ListLines(unit.sql(), key, query.AfterNumber(0), query.limit + 1));
  reply->set_next_page_token(CutPage(
      query, tokens_, &lines, [](const StatementLine& line) { return std::vector{std::to_string(line.ordinal)}; }));
  for (const StatementLine& line : lines) {
    *reply->add_statement_lines() = ToProto(line, statement.partner, program.terms.currency);
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
