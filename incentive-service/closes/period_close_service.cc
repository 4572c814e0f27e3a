#include "incentive-service/closes/period_close_service.h"

#include <string>
#include <utility>
#include <vector>

#include "incentive-service/closes/period_close_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/statements/statement_proto.h"

namespace tributary::incentive {
namespace {

// Each statement to its partner's shard, the close to its own.
absl::Status Tell(rpc::Unit& unit, const Program& program, const StatedPeriod& stated, const v1::PeriodClose& close) {
  for (const auto& [statement, lines] : stated.statements) {
    ASSIGN_OR_RETURN(const v1::Statement message, ToProto(statement, program));
    unit.Emit(events::Draft(statement.partner, "issued", message.name(), message));
  }
  unit.Emit(events::Draft(close.name(), "closed", close.name(), close));
  return absl::OkStatus();
}

}  // namespace

void PeriodCloseService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.PeriodCloseService", this)
      .Unary("GetPeriodClose", &PeriodCloseService::Get)
      .Unary("ListPeriodCloses", &PeriodCloseService::List)
      .Unary("ClosePeriod", &PeriodCloseService::Close);
}

absl::Status PeriodCloseService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPeriodCloseRequest& request,
                                     v1::PeriodClose* reply) {
  ASSIGN_OR_RETURN(const CloseKey key, ParseCloseName(request.name()));
  ASSIGN_OR_RETURN(const PeriodClose close, closes_.Get(unit.sql(), key));
  *reply = ToProto(close);
  return absl::OkStatus();
}

absl::Status PeriodCloseService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListPeriodClosesRequest& request, v1::ListPeriodClosesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string program, ProgramIdOf(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, PeriodCloseStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<PeriodClose> closes,
                   closes_.List(unit.sql(), program, query.After(0), query.where, query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &closes, [](const PeriodClose& close) { return std::vector{close.period}; }));
  for (const PeriodClose& close : closes) *reply->add_period_closes() = ToProto(close);
  return absl::OkStatus();
}

absl::Status PeriodCloseService::Close(const rpc::Call& call, rpc::Unit& unit, const v1::ClosePeriodRequest& request,
                                       google::longrunning::Operation* reply) {
  ASSIGN_OR_RETURN(const CloseKey key, ParseCloseName(request.name()));
  RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), key.program));
  ASSIGN_OR_RETURN(const bool closed, closes_.IsClosed(unit.sql(), key));
  ASSIGN_OR_RETURN(const Period period, DecideClose(program, key.period, call.now, closed));

  ASSIGN_OR_RETURN(Watermark watermark, facts_.ReadWatermark(unit.sql()));
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.Lines(unit.sql(), program.basis, period.range));
  ASSIGN_OR_RETURN(StatedPeriod stated, StatePeriod(program, period, std::move(lines), call.now));
  const PeriodClose close = CloseOf(program, period, stated, std::move(watermark), call.now);

  RETURN_IF_ERROR(statements_.Insert(unit.sql(), &stated));
  RETURN_IF_ERROR(accruals_.MarkStated(unit.sql(), program.id, period));
  RETURN_IF_ERROR(closes_.Insert(unit.sql(), close));
  const v1::PeriodClose message = ToProto(close);
  ASSIGN_OR_RETURN(*reply, operations_.Finish(unit.sql(), message, call.now));
  return Tell(unit, program, stated, message);
}

}  // namespace tributary::incentive
