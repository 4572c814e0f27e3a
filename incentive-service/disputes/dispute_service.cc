#include "incentive-service/disputes/dispute_service.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "incentive-service/adjustments/adjustment_proto.h"
#include "incentive-service/disputes/dispute_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/statements/statement_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

void DisputeService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.DisputeService", this)
      .Unary("GetDispute", &DisputeService::Get)
      .Unary("ListDisputes", &DisputeService::List)
      .Unary("CreateDispute", &DisputeService::Create)
      .Unary("ResolveDispute", &DisputeService::ResolveDispute);
}

absl::Status DisputeService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetDisputeRequest& request,
                                 v1::Dispute* reply) {
  ASSIGN_OR_RETURN(const DisputeKey key, ParseDisputeName(request.name()));
  ASSIGN_OR_RETURN(const Dispute dispute, disputes_.Get(unit.sql(), key));
  *reply = ToProto(dispute);
  return absl::OkStatus();
}

absl::Status DisputeService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDisputesRequest& request,
                                  v1::ListDisputesResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}/statements/{statement}", "parent"));
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, StrCat("partners/", ids[0])));
  std::optional<int64_t> statement;
  if (ids[1] != "-") {
    ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.parent(), "parent"));
    statement = key.number;
  }
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, DisputeStore::FilterFields()));
  const DisputeKey after{{std::string(query.After(0)), query.AfterNumber(1)}, std::string(query.After(2))};
  ASSIGN_OR_RETURN(std::vector<Dispute> disputes,
                   disputes_.List(unit.sql(), partner, statement, after, query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &disputes, [](const Dispute& dispute) {
    return std::vector{dispute.partner, std::to_string(dispute.statement), dispute.id};
  }));
  for (const Dispute& dispute : disputes) *reply->add_disputes() = ToProto(dispute);
  return absl::OkStatus();
}

absl::Status DisputeService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateDisputeRequest& request,
                                    v1::Dispute* reply) {
  ASSIGN_OR_RETURN(const StatementKey key, ParseStatementName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(Statement statement, statements_.GetForUpdate(unit.sql(), key));
  // A partner finds a statement once it is issued.
  if (statement.state == StatementState::kDraft && call.identity->IsPartnerUser()) return NotFound(statement.name());
  Dispute dispute = FromProto(request.dispute(), statement);
  dispute.uid = Uuid::New(call.now);
  dispute.id = request.dispute_id().empty() ? dispute.uid.ToString() : request.dispute_id();
  dispute.create_time = dispute.update_time = call.now;
  dispute.opener = call.identity->subject;
  ASSIGN_OR_RETURN(std::vector<StatementItem> items, statements_.Items(unit.sql(), statement));
  ASSIGN_OR_RETURN(const std::vector<StatementLine> lines, statements_.Lines(unit.sql(), key));
  ASSIGN_OR_RETURN(const std::set<int> disputed, disputes_.Disputed(unit.sql(), key));
  ASSIGN_OR_RETURN(const DisputeDecision opened,
                   Open(std::move(dispute), std::move(statement), std::move(items), lines, disputed, call.now));
  RETURN_IF_ERROR(disputes_.Insert(unit.sql(), opened.dispute));
  return Finish(unit, "opened", opened, call.now, reply);
}

absl::Status DisputeService::ResolveDispute(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::ResolveDisputeRequest& request, v1::Dispute* reply) {
  ASSIGN_OR_RETURN(const DisputeKey key, ParseDisputeName(request.name()));
  ASSIGN_OR_RETURN(Statement statement, statements_.GetForUpdate(unit.sql(), key.statement));
  ASSIGN_OR_RETURN(Dispute dispute, disputes_.Get(unit.sql(), key));
  RETURN_IF_ERROR(CheckEtag(dispute.name(), request.etag(), dispute.version));
  Resolution resolution{.accepted = request.resolution() == v1::ResolveDisputeRequest::ACCEPT,
                        .note = request.note(),
                        .principal = call.identity->subject};
  if (request.has_adjustment()) {
    ASSIGN_OR_RETURN(resolution.adjustment, MinorFromProto(request.adjustment(), dispute.currency, "adjustment"));
  }
  ASSIGN_OR_RETURN(std::vector<StatementItem> items, statements_.Items(unit.sql(), statement));
  ASSIGN_OR_RETURN(const int64_t open, disputes_.CountOpen(unit.sql(), key.statement));
  ASSIGN_OR_RETURN(DisputeDecision resolved, Resolve(std::move(dispute), std::move(statement), std::move(items),
                                                     open <= 1, resolution, call.now));
  RETURN_IF_ERROR(RequestAdjustment(call, unit, &resolved));
  RETURN_IF_ERROR(disputes_.Update(unit.sql(), resolved.dispute));
  return Finish(unit, "resolved", resolved, call.now, reply);
}

absl::Status DisputeService::RequestAdjustment(const rpc::Call& call, rpc::Unit& unit, DisputeDecision* decided) const {
  if (!decided->adjustment.has_value()) return absl::OkStatus();
  Adjustment& adjustment = *decided->adjustment;
  adjustment.uid = Uuid::New(call.now);
  adjustment.id = adjustment.uid.ToString();
  decided->dispute.adjustment = adjustment.id;
  RETURN_IF_ERROR(adjustments_.Insert(unit.sql(), adjustment));
  const v1::Adjustment message = ToProto(adjustment);
  unit.Emit(events::Draft(adjustment.partner, "requested", message.name(), message));
  return absl::OkStatus();
}

absl::Status DisputeService::Finish(rpc::Unit& unit, std::string_view verb, const DisputeDecision& decided,
                                    absl::Time now, v1::Dispute* reply) const {
  const Statement& statement = decided.statement;
  RETURN_IF_ERROR(statements_.SaveItems(unit.sql(), statement, decided.items));
  RETURN_IF_ERROR(statements_.Update(unit.sql(), statement));
  RETURN_IF_ERROR(ledger_.Post(unit.sql(), decided.entries, now));
  ProgramVersions programs;
  for (const StatementEntry& entry : statement.entries) {
    auto [program, unread] = programs.try_emplace({entry.program, entry.program_version});
    if (!unread) continue;
    ASSIGN_OR_RETURN(program->second, programs_.GetVersion(unit.sql(), entry.program, entry.program_version));
  }
  ASSIGN_OR_RETURN(const v1::Statement message, ToProto(statement, programs));
  unit.Emit(events::Draft(statement.partner, verb == "opened" ? "disputed" : "resolved", message.name(), message));
  *reply = ToProto(decided.dispute);
  unit.Emit(events::Draft(statement.partner, verb, reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
