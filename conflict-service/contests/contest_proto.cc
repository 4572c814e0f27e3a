#include "conflict-service/contests/contest_proto.h"

#include <utility>

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "conflict-service/deals/deal_proto.h"

namespace tributary::conflict {
namespace {

static_assert(static_cast<int>(EvidenceKind::kDesign) == v1::Evidence::DESIGN);
static_assert(static_cast<int>(Evidence::State::kVerified) == v1::Evidence::VERIFIED);
static_assert(static_cast<int>(Policy::State::kRetired) == v1::AdjudicationPolicy::RETIRED);
static_assert(static_cast<int>(TieRule::kArrival) == v1::AdjudicationPolicy::ARRIVAL);
static_assert(static_cast<int>(Contest::State::kMerged) == v1::Contest::MERGED);

template <typename Resource, typename Message>
void SetCommon(const Resource& resource, Message* message) {
  message->set_name(resource.name);
  message->set_uid(resource.uid.ToString());
  message->set_etag(EtagOf(resource.version));
  *message->mutable_create_time() = wire::ToProto(resource.create_time);
  *message->mutable_update_time() = wire::ToProto(resource.update_time);
  message->set_state(static_cast<decltype(message->state())>(resource.state));
}

}  // namespace

v1::AdjudicationPolicy ToProto(const Policy& policy) {
  v1::AdjudicationPolicy message;
  SetCommon(policy, &message);
  message.set_contest_days(policy.terms.contest_days);
  for (const Date day : policy.terms.holidays) *message.add_holidays() = wire::ToProto(day);
  for (const Weight& weight : policy.terms.weights) {
    auto* one = message.add_weights();
    one->set_kind(static_cast<v1::Evidence::Kind>(weight.kind));
    one->set_points(weight.points);
    one->set_max_count(weight.max_count);
  }
  message.set_tie_rule(static_cast<v1::AdjudicationPolicy::TieRule>(policy.terms.tie_rule));
  message.set_appeal_days(policy.terms.appeal_days);
  return message;
}

absl::StatusOr<Terms> FromProto(const v1::AdjudicationPolicy& message) {
  FieldReader fields;
  Terms terms;
  terms.contest_days = message.contest_days();
  terms.appeal_days = message.appeal_days();
  for (int i = 0; i < message.holidays_size(); ++i) {
    terms.holidays.push_back(
        fields.Take(StrCat("adjudication_policy.holidays[", i, "]"), wire::FromProto(message.holidays(i))));
  }
  for (const v1::AdjudicationPolicy::Weight& weight : message.weights()) {
    terms.weights.push_back({static_cast<EvidenceKind>(weight.kind()), weight.points(), weight.max_count()});
  }
  const bool unset = message.tie_rule() == v1::AdjudicationPolicy::TIE_RULE_UNSPECIFIED;
  terms.tie_rule = unset ? TieRule::kEarliestEvidence : static_cast<TieRule>(message.tie_rule());
  RETURN_IF_ERROR(fields.status());
  return NewTerms(std::move(terms), "adjudication_policy");
}

v1::Evidence ToProto(const Evidence& evidence) {
  v1::Evidence message;
  SetCommon(evidence, &message);
  message.set_kind(static_cast<v1::Evidence::Kind>(evidence.kind));
  *message.mutable_evidence_date() = wire::ToProto(evidence.date);
  message.set_document(evidence.document);
  message.set_note(evidence.note);
  message.set_verified_by(evidence.verified_by);
  return message;
}

absl::StatusOr<Evidence> FromProto(const v1::Evidence& message) {
  Evidence evidence;
  evidence.kind = static_cast<EvidenceKind>(message.kind());
  const absl::StatusOr<Date> date = wire::FromProto(message.evidence_date());
  if (!date.ok()) return AtField(date.status(), "evidence.evidence_date");
  evidence.date = *date;
  evidence.document = message.document();
  evidence.note = message.note();
  return evidence;
}

v1::Contest::Member ToProto(const Placing& placing) {
  v1::Contest::Member message;
  message.set_deal(placing.deal);
  message.set_sequence(placing.sequence);
  message.set_score(placing.score);
  if (placing.earliest_evidence) *message.mutable_earliest_evidence() = wire::ToProto(*placing.earliest_evidence);
  message.set_rank(placing.rank);
  for (const Box& box : placing.share.granted) *message.add_granted_boxes() = ToProto(box);
  for (const Box& box : placing.share.waitlisted) *message.add_waitlisted_boxes() = ToProto(box);
  return message;
}

absl::StatusOr<v1::Contest> ToProto(const Contest& contest, const std::vector<Deal>& members) {
  v1::Contest message;
  SetCommon(contest, &message);
  message.set_policy(contest.policy);
  *message.mutable_end_date() = wire::ToProto(contest.end);
  message.set_awarded_by(contest.awarded_by);
  for (const Deal& deal : members) {
    auto* member = message.add_members();
    member->set_deal(deal.name);
    member->set_sequence(deal.sequence);
  }
  if (contest.state != Contest::State::kAwarded) return message;
  message.set_inputs_sha256(Sha256Hex(contest.inputs));
  ASSIGN_OR_RETURN(const ContestInputs inputs, ReadInputs(contest.inputs));
  message.set_appeal(inputs.appeal);
  ASSIGN_OR_RETURN(const std::vector<Placing> award, ReadAward(contest.award));
  for (const Placing& placing : award) *message.add_members() = ToProto(placing);
  return message;
}

absl::StatusOr<v1::ContestDecision> ToProto(const ContestDecision& decision) {
  v1::ContestDecision message;
  message.set_name(StrCat(decision.contest, "/decisions/", decision.number));
  *message.mutable_create_time() = wire::ToProto(decision.decide_time);
  ASSIGN_OR_RETURN(const ContestInputs inputs, ReadInputs(decision.inputs));
  message.set_policy(inputs.policy);
  message.set_appeal(inputs.appeal);
  ASSIGN_OR_RETURN(const std::vector<Placing> award, ReadAward(decision.award));
  for (const Placing& placing : award) *message.add_members() = ToProto(placing);
  message.set_inputs_sha256(Sha256Hex(decision.inputs));
  message.set_decided_by(decision.decided_by);
  return message;
}

events::EventDraft Told(std::string_view verb, const v1::AdjudicationPolicy& policy) {
  return events::Draft(policy.name(), verb, policy.name(), policy);
}

events::EventDraft Told(std::string_view verb, const v1::Evidence& evidence) {
  return events::Draft(PartnerOf(evidence.name()), verb, evidence.name(), evidence);
}

events::EventDraft Told(std::string_view verb, const v1::Contest& contest) {
  return events::Draft(contest.name(), verb, contest.name(), contest);
}

}  // namespace tributary::conflict
