#include "partner-service/tier_assignments/tier_assignment_proto.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/partner_programs/partner_program_proto.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

absl::StatusOr<LevelFinding> FromProto(const v1::LevelFinding& finding) {
  LevelFinding out{.level = finding.level(), .rank = finding.rank(), .met = finding.met()};
  if (finding.has_start()) {
    ASSIGN_OR_RETURN(const Date start, wire::FromProto(finding.start()));
    ASSIGN_OR_RETURN(const Date end, wire::FromProto(finding.end()));
    out.days = DateRange{start, end};
  }
  for (const v1::CriterionFinding& one : finding.criteria()) {
    CriterionFinding criterion{.unpriced_facts = one.unpriced_facts(), .met = one.met()};
    ASSIGN_OR_RETURN(criterion.criterion, partner::FromProto(one.criterion()));
    ASSIGN_OR_RETURN(criterion.distance, wire::FromProto(one.distance()));
    if (one.has_got()) {
      ASSIGN_OR_RETURN(criterion.got, wire::FromProto(one.got()));
    }
    out.criteria.push_back(std::move(criterion));
  }
  return out;
}

}  // namespace

v1::LevelFinding ToProto(const LevelFinding& finding) {
  v1::LevelFinding out;
  out.set_level(finding.level);
  out.set_rank(finding.rank);
  out.set_met(finding.met);
  if (finding.days.has_value()) {
    *out.mutable_start() = wire::ToProto(finding.days->start);
    *out.mutable_end() = wire::ToProto(finding.days->end);
  }
  for (const CriterionFinding& criterion : finding.criteria) {
    v1::CriterionFinding& one = *out.add_criteria();
    *one.mutable_criterion() = ToProto(criterion.criterion);
    if (criterion.got.has_value()) *one.mutable_got() = wire::ToProto(*criterion.got);
    *one.mutable_want() = wire::ToProto(criterion.criterion.want);
    *one.mutable_distance() = wire::ToProto(criterion.distance);
    one.set_met(criterion.met);
    one.set_unpriced_facts(criterion.unpriced_facts);
  }
  return out;
}

v1::TierAssignment ToProto(const TierAssignment& assignment) {
  v1::TierAssignment out;
  out.set_name(assignment.name());
  PutRevision(assignment.revision, &out);
  out.set_program(StrCat("partnerPrograms/", assignment.program_id));
  out.set_program_revision(assignment.program_revision);
  out.set_level(assignment.level);
  out.set_rank(assignment.rank);
  *out.mutable_valid_from() = wire::ToProto(assignment.valid.start);
  if (!assignment.holds()) *out.mutable_valid_to() = wire::ToProto(assignment.valid.end);
  out.set_cause(static_cast<v1::TierAssignment::Cause>(assignment.cause));
  for (const LevelFinding& finding : assignment.findings) *out.add_findings() = ToProto(finding);
  if (assignment.notice.has_value()) {
    *out.mutable_notice_date() = wire::ToProto(assignment.notice->given);
    *out.mutable_grace_date() = wire::ToProto(assignment.notice->grace);
    *out.mutable_demotion_date() = wire::ToProto(assignment.notice->demotion);
    for (const LevelFinding& finding : assignment.notice->findings) *out.add_notice_findings() = ToProto(finding);
  }
  return out;
}

std::string FindingsToBytes(const std::vector<LevelFinding>& findings) {
  v1::TierAssignment content;
  for (const LevelFinding& finding : findings) *content.add_findings() = ToProto(finding);
  return content.SerializeAsString();
}

absl::StatusOr<std::vector<LevelFinding>> FindingsFromBytes(std::string_view bytes) {
  v1::TierAssignment content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "stored findings of a tier assignment cannot be read");
  }
  std::vector<LevelFinding> findings;
  for (const v1::LevelFinding& finding : content.findings()) {
    ASSIGN_OR_RETURN(LevelFinding one, FromProto(finding));
    findings.push_back(std::move(one));
  }
  return findings;
}

events::EventDraft Told(std::string_view verb, const TierAssignment& assignment) {
  return events::Draft(assignment.partner_id, verb, assignment.name(), ToProto(assignment));
}

}  // namespace tributary::partner
