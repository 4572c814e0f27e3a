#include "conflict-service/cases/case_proto.h"

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

namespace tributary::conflict {
namespace {

static_assert(static_cast<int>(CaseState::kReopened) == v1::Case::REOPENED);
static_assert(static_cast<int>(Cause::kCompetition) == v1::Case::COMPETITION);
static_assert(static_cast<int>(Severity::kHigh) == v1::Case::HIGH);
static_assert(static_cast<int>(Outcome::kExplained) == v1::Case::EXPLAINED);

}  // namespace

v1::Case ToProto(const Case& one) {
  v1::Case message;
  message.set_name(one.name());
  message.set_uid(one.uid.ToString());
  message.set_etag(EtagOf(one.version));
  *message.mutable_create_time() = wire::ToProto(one.create_time);
  *message.mutable_update_time() = wire::ToProto(one.update_time);
  message.set_state(static_cast<v1::Case::State>(one.state));
  message.set_kind(static_cast<v1::Finding::Kind>(one.kind));
  message.set_cause(static_cast<v1::Case::Cause>(one.cause));
  message.set_severity(static_cast<v1::Case::Severity>(one.severity));
  message.set_finding(StrCat("findings/", one.id));
  message.set_finding_withdrawn(one.finding_withdrawn);
  for (const std::string& party : one.parties()) message.add_parties(party);
  message.set_evidence(one.evidence);
  message.set_evidence_sha256(one.evidence_sha256);
  message.set_rule_version(one.rule_version);
  if (one.occurred_on) *message.mutable_occur_date() = wire::ToProto(*one.occurred_on);
  if (one.due_time) *message.mutable_due_time() = wire::ToProto(*one.due_time);
  message.set_escalation(one.escalation);
  message.set_outcome(static_cast<v1::Case::Outcome>(one.outcome));
  message.set_resolution(one.resolution);
  if (one.resolve_time) *message.mutable_resolve_time() = wire::ToProto(*one.resolve_time);
  if (one.close_time) *message.mutable_close_time() = wire::ToProto(*one.close_time);
  if (one.escalate_time) *message.mutable_escalate_time() = wire::ToProto(*one.escalate_time);
  message.set_escalated_to(static_cast<api::v1::Role>(one.escalated_to));
  return message;
}

v1::CaseEscalation ToProto(const CaseEscalation& escalation) {
  v1::CaseEscalation message;
  message.set_level(escalation.level);
  *message.mutable_escalate_time() = wire::ToProto(escalation.escalate_time);
  message.set_state(static_cast<v1::Case::State>(escalation.state));
  message.set_role(static_cast<api::v1::Role>(escalation.role));
  return message;
}

v1::CaseMessage ToProto(const std::string& case_id, const CaseMessage& message) {
  v1::CaseMessage proto;
  proto.set_name(StrCat("cases/", case_id, "/messages/", message.number));
  *proto.mutable_create_time() = wire::ToProto(message.create_time);
  proto.set_party(message.party);
  proto.set_from_party(message.from_party);
  proto.set_text(message.text);
  return proto;
}

v1::PartnerCase ToProto(const Case& one, const PartyView& view, const std::vector<CaseMessage>& messages) {
  v1::PartnerCase proto;
  proto.set_name(StrCat(view.facts.partner, "/cases/", view.number));
  *proto.mutable_create_time() = wire::ToProto(view.create_time);
  proto.set_case_state(static_cast<v1::Case::State>(one.state));
  proto.set_kind(static_cast<v1::Finding::Kind>(one.kind));
  for (const std::string& subject : one.subjects) {
    if (StrCat("partners/", PartnerOf(subject)) == view.facts.partner) proto.add_subjects(subject);
  }
  proto.set_product(view.facts.product);
  proto.set_lot(view.facts.lot);
  if (view.facts.units) *proto.mutable_units() = wire::ToProto(*view.facts.units);
  for (const std::string& region : view.facts.regions) proto.add_regions(region);
  proto.set_explanation(view.facts.words);
  if (one.due_time) *proto.mutable_due_time() = wire::ToProto(*one.due_time);
  proto.set_outcome(static_cast<v1::Case::Outcome>(one.outcome));
  proto.set_escalation(one.escalation);
  for (const CaseMessage& message : messages) {
    v1::PartnerCaseMessage& said = *proto.add_messages();
    *said.mutable_create_time() = wire::ToProto(message.create_time);
    said.set_from_party(message.from_party);
    said.set_text(message.text);
  }
  return proto;
}

absl::StatusOr<PartyNumber> PartyNumberOf(const std::string& name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(name, "partners/{partner}/cases/{case}"));
  int64_t number = 0;
  // Only as it was given: "01" and "+1" are names of nothing.
  if (!absl::SimpleAtoi(ids[1], &number) || StrCat(number) != ids[1]) return NotFound(name);
  return PartyNumber(StrCat("partners/", ids[0]), number);
}

events::EventDraft Told(std::string_view verb, const Case& one) {
  return events::Draft(one.name(), verb, one.name(), ToProto(one));
}

events::EventDraft Told(std::string_view verb, const Case& one, const PartyView& view) {
  const v1::PartnerCase shown = ToProto(one, view, {});
  return events::Draft(PartnerOf(shown.name()), verb, shown.name(), shown);
}

}  // namespace tributary::conflict
