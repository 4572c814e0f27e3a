#include "partner-service/tier_assignments/tier_assignment_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/wire/wire.h"
#include "partner-service/tier_assignments/tier_assignment_proto.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "partners/{partner}/tierAssignments/{tier_assignment}";
constexpr std::string_view kProgram = "partnerPrograms/{partner_program}";
}  // namespace

void TierAssignmentService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.TierAssignmentService", this)
      .Unary("GetTierAssignment", &TierAssignmentService::Get)
      .Unary("ListTierAssignments", &TierAssignmentService::List)
      .Unary("EvaluateTierAssignments", &TierAssignmentService::Evaluate)
      .Unary("WhatNextTier", &TierAssignmentService::WhatNext);
}

absl::Status TierAssignmentService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetTierAssignmentRequest& request,
                                        v1::TierAssignment* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const TierAssignment assignment, assignments_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(assignment);
  return absl::OkStatus();
}

absl::Status TierAssignmentService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListTierAssignmentsRequest& request,
                                         v1::ListTierAssignmentsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, TierAssignmentStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<TierAssignment> assignments, assignments_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&assignments, [](const TierAssignment& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const TierAssignment& assignment : assignments) *reply->add_tier_assignments() = ToProto(assignment);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<PartnerProgram>> TierAssignmentService::ProgramsOf(
    rpc::Unit& unit, const v1::EvaluateTierAssignmentsRequest& request) const {
  if (request.program().empty()) return programs_.All(unit.sql(), /*with_those_on_hold=*/false);
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.program(), kProgram, "program"));
  ASSIGN_OR_RETURN(PartnerProgram program, programs_.Get(unit.sql(), ids[0]));
  if (program.on_hold) return WrongState(program.name(), "evaluate", "on hold", "a program that is not on hold");
  return std::vector<PartnerProgram>{std::move(program)};
}

absl::Status TierAssignmentService::Evaluate(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::EvaluateTierAssignmentsRequest& request,
                                             v1::EvaluateTierAssignmentsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const std::vector<PartnerProgram> programs, ProgramsOf(unit, request));
  std::vector<std::string> ids = {partner_id};
  if (partner_id.empty()) {
    ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.program()));
    ASSIGN_OR_RETURN(std::vector<Partner> partners, partners_.List(unit.sql(), page, /*show_terminated=*/false));
    reply->set_next_page_token(page.Cut(&partners, [](const Partner& last) { return std::vector{last.id}; }));
    ids.clear();
    for (const Partner& partner : partners) ids.push_back(partner.id);
  }
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), id));
    for (const PartnerProgram& program : programs) {
      ASSIGN_OR_RETURN(const TierEvaluated evaluated, evaluator_.Evaluate(unit, partner, program, call.now));
      v1::TierEvaluation& one = *reply->add_evaluations();
      one.set_partner(partner.name());
      one.set_program(program.name());
      one.set_outcome(static_cast<v1::TierEvaluation::Outcome>(evaluated.outcome));
      if (evaluated.assignment.has_value()) *one.mutable_assignment() = ToProto(*evaluated.assignment);
    }
  }
  return absl::OkStatus();
}

absl::Status TierAssignmentService::WhatNext(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::WhatNextTierRequest& request, v1::TierOutlook* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const std::vector<std::string> program_ids,
                   ParseResourceName(request.program(), kProgram, "program"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const PartnerProgram program, programs_.Get(unit.sql(), program_ids[0]));
  ASSIGN_OR_RETURN(const std::optional<TierAssignment> current,
                   assignments_.Current(unit.sql(), partner.id, program.id));
  ASSIGN_OR_RETURN(const std::vector<TierFigures> figures, evaluator_.Measure(unit.sql(), partner, program, call.now));
  reply->set_partner(partner.name());
  reply->set_program(program.name());
  reply->set_program_revision(program.revision.version);
  *reply->mutable_date() = wire::ToProto(TodayOf(partner, call.now));
  if (current.has_value()) *reply->mutable_assignment() = ToProto(*current);
  const TierOutlook outlook = Outlook(program, figures, current);
  if (outlook.next.has_value()) *reply->mutable_next() = ToProto(*outlook.next);
  if (outlook.keep.has_value()) *reply->mutable_keep() = ToProto(*outlook.keep);
  if (outlook.kept_to.has_value()) *reply->mutable_kept_to() = wire::ToProto(*outlook.kept_to);
  return absl::OkStatus();
}

}  // namespace tributary::partner
