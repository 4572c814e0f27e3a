#include "conflict-service/remedies/remedy_proto.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

namespace tributary::conflict {
namespace {

static_assert(static_cast<int>(RemedyState::kCompensated) == v1::Remedy::COMPENSATED);
static_assert(static_cast<int>(StepState::kSkipped) == v1::RemedyStep::SKIPPED);
static_assert(static_cast<int>(RemedyKind::kPriceAction) == v1::RemedyStep::PRICE_ACTION);
static_assert(static_cast<int>(FollowUp::kBroken) == v1::RemedyStep::BROKEN);
static_assert(static_cast<int>(RemedyReply::kCompensated) == v1::RemedyAnswer::COMPENSATED);

v1::RemedyStep ToProto(const RemedyStep& step, int order) {
  v1::RemedyStep message;
  message.set_order(order);
  message.set_state(static_cast<v1::RemedyStep::State>(step.state));
  message.set_kind(static_cast<v1::RemedyStep::Kind>(step.kind));
  message.set_partner(step.partner);
  if (!step.currency.empty()) {
    *message.mutable_amount() =
        wire::ToProto(Money{step.currency, FromMinorUnits(step.amount, step.currency).value_or(Decimal())});
  }
  if (step.units) *message.mutable_units() = wire::ToProto(*step.units);
  message.set_program(step.program);
  message.set_reason(step.reason);
  message.set_result(step.result);
  message.set_compensation(step.compensation);
  message.set_note(step.note);
  if (step.territory) {
    message.set_territory_grant(step.territory->territory_grant);
    message.set_recipient(step.territory->recipient);
    *message.mutable_effective_from() = wire::ToProto(step.territory->effective_from);
  }
  message.set_role(step.role);
  if (step.price) {
    message.set_price_rule(step.price->price_rule);
    *message.mutable_due_date() = wire::ToProto(step.price->due_on);
    message.set_follow_up(static_cast<v1::RemedyStep::FollowUp>(step.price->follow_up));
    message.set_observation(step.price->observation);
  }
  return message;
}

absl::StatusOr<RemedyMeasure> FromProto(const v1::RemedyMeasure& message) {
  RemedyMeasure measure{.kind = static_cast<RemedyKind>(message.kind()),
                        .partner = message.partner(),
                        .program = message.program(),
                        .reason = message.reason(),
                        .territory_grant = message.territory_grant(),
                        .recipient = message.recipient(),
                        .price_rule = message.price_rule()};
  if (message.has_amount()) {
    absl::StatusOr<Money> amount = wire::FromProto(message.amount());
    if (!amount.ok()) return AtField(amount.status(), "amount");
    measure.amount = *std::move(amount);
  }
  if (message.has_units()) {
    absl::StatusOr<Decimal> units = wire::FromProto(message.units());
    if (!units.ok()) return AtField(units.status(), "units");
    measure.units = *units;
  }
  if (message.has_effective_from()) {
    absl::StatusOr<Date> from = wire::FromProto(message.effective_from());
    if (!from.ok()) return AtField(from.status(), "effective_from");
    measure.effective_from = *from;
  }
  if (message.has_due_date()) {
    absl::StatusOr<Date> due_on = wire::FromProto(message.due_date());
    if (!due_on.ok()) return AtField(due_on.status(), "due_date");
    measure.due_on = *due_on;
  }
  for (const v1::RemedyRole& role : message.roles()) measure.roles.push_back({role.partner(), role.role()});
  for (const v1::RemedyShare& share : message.shares()) {
    absl::StatusOr<Decimal> weight = wire::FromProto(share.weight());
    if (!weight.ok()) return AtField(weight.status(), StrCat("shares[", measure.shares.size(), "].weight"));
    measure.shares.push_back({share.partner(), *weight});
  }
  return measure;
}

std::string_view VerbOf(const Remedy& remedy) {
  if (remedy.state == RemedyState::kApplied) return "applied";
  if (remedy.state == RemedyState::kCompensated) return "compensated";
  const bool back = std::any_of(remedy.steps.begin(), remedy.steps.end(),
                                [](const RemedyStep& step) { return step.state == StepState::kCompensating; });
  return back ? "compensating" : "ordered";
}

}  // namespace

v1::Remedy ToProto(const Remedy& remedy) {
  v1::Remedy message;
  message.set_name(remedy.name());
  message.set_uid(remedy.uid.ToString());
  message.set_etag(EtagOf(remedy.version));
  *message.mutable_create_time() = wire::ToProto(remedy.create_time);
  *message.mutable_update_time() = wire::ToProto(remedy.update_time);
  message.set_state(static_cast<v1::Remedy::State>(remedy.state));
  message.set_principal(remedy.principal);
  int order = 0;
  for (const RemedyStep& step : remedy.steps) *message.add_steps() = ToProto(step, ++order);
  return message;
}

v1::SuggestedRemedy ToProto(const SuggestedRemedy& suggested) {
  v1::SuggestedRemedy message;
  message.set_kind(static_cast<v1::RemedyStep::Kind>(suggested.kind));
  message.mutable_partners()->Assign(suggested.partners.begin(), suggested.partners.end());
  if (suggested.most_units) *message.mutable_most_units() = wire::ToProto(*suggested.most_units);
  if (suggested.most_amount) *message.mutable_most_amount() = wire::ToProto(*suggested.most_amount);
  message.set_territory_grant(suggested.territory_grant);
  message.set_price_rule(suggested.price_rule);
  message.set_explanation(suggested.explanation);
  return message;
}

absl::StatusOr<std::vector<RemedyMeasure>> FromProto(const v1::ApplyRemedyRequest& request) {
  std::vector<RemedyMeasure> measures;
  for (const v1::RemedyMeasure& message : request.measures()) {
    absl::StatusOr<RemedyMeasure> measure = FromProto(message);
    if (!measure.ok()) return AtField(measure.status(), StrCat("measures[", measures.size(), "]"));
    measures.push_back(*std::move(measure));
  }
  return measures;
}

absl::StatusOr<AddressedAnswer> FromProto(const v1::RemedyAnswer& message) {
  ASSIGN_OR_RETURN(auto remedy, ParseRemedyName(message.remedy(), "remedy"));
  if (message.answer() < v1::RemedyAnswer::APPLIED || message.answer() > v1::RemedyAnswer::COMPENSATED) {
    return InvalidField("answer", StrCat(static_cast<int>(message.answer())), "APPLIED, REFUSED or COMPENSATED");
  }
  return AddressedAnswer{.case_id = std::move(remedy.first),
                         .number = remedy.second,
                         .uid = message.remedy_uid(),
                         .answer = {.order = message.order(),
                                    .reply = static_cast<RemedyReply>(message.answer()),
                                    .result = message.result(),
                                    .note = message.note()}};
}

absl::StatusOr<std::pair<std::string, int64_t>> ParseRemedyName(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "cases/{case}/remedies/{remedy}", field));
  int64_t number = 0;
  if (!absl::SimpleAtoi(ids[1], &number) || StrCat(number) != ids[1]) return NotFound(name);
  return std::pair(std::move(ids[0]), number);
}

events::EventDraft Told(const Remedy& remedy) {
  return events::Draft(remedy.name(), VerbOf(remedy), remedy.name(), ToProto(remedy));
}

}  // namespace tributary::conflict
