#include "incentive-service/statements/statement_proto.h"

#include <string>

#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/programs/program_proto.h"

namespace tributary::incentive {

absl::StatusOr<v1::Statement> ToProto(const Statement& statement, const Program& program) {
  ASSIGN_OR_RETURN(const Evaluation evaluation, Evaluate(program.terms, statement.qualifying));
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(program.period, statement.period));
  v1::Statement message;
  message.set_name(statement.name());
  message.set_uid(statement.uid.ToString());
  message.set_etag(EtagOf(statement.version));
  *message.mutable_create_time() = wire::ToProto(statement.create_time);
  *message.mutable_update_time() = wire::ToProto(statement.update_time);
  message.set_state(static_cast<v1::Statement::State>(statement.state));
  message.set_program(program.name());
  message.set_period(statement.period);
  *message.mutable_period_start() = wire::ToProto(period.range.start);
  *message.mutable_period_end() = wire::ToProto(period.range.end);
  message.set_close(StrCat(program.name(), "/closes/", statement.period));
  message.set_line_count(statement.line_count);
  *message.mutable_qualifying_amount() = wire::ToProto(Money{program.terms.currency, statement.qualifying});
  *message.mutable_evaluation() = ToProto(evaluation, program);
  *message.mutable_total() = MoneyToProto(statement.total, program.terms.currency);
  *message.mutable_terms() = ToProto(program);
  return message;
}

v1::StatementLine ToProto(const StatementLine& line, std::string_view partner, std::string_view currency) {
  v1::StatementLine message;
  message.set_fact(StrCat("partners/", partner, "/", line.fact));
  *message.mutable_basis_date() = wire::ToProto(line.basis_date);
  message.set_product(line.product);
  *message.mutable_quantity() = wire::ToProto(line.quantity);
  *message.mutable_amount() = wire::ToProto(Money{std::string(currency), line.amount});
  *message.mutable_share() = MoneyToProto(line.share, currency);
  message.set_ordinal(line.ordinal);
  return message;
}

}  // namespace tributary::incentive
