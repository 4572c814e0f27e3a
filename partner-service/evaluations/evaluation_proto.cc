#include "partner-service/evaluations/evaluation_proto.h"

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"
#include "partner-service/scorecards/scorecard_template_proto.h"

namespace tributary::partner {
namespace {

constexpr int kShownDecimals = 6;

v1::ExactValue ToProto(const Rational& value) {
  v1::ExactValue out;
  // Within the range of decimals: figures are read as such, scores are of weights.
  const Rational::Integer micros = value.RoundScaled(kShownDecimals, Rounding::kHalfEven);
  const Rational::Integer whole = micros / Decimal::kUnit, rest = micros % Decimal::kUnit;
  *out.mutable_value() = wire::ToProto(
      Decimal::FromMicros(absl::int128(whole.convert_to<int64_t>()) * Decimal::kUnit + rest.convert_to<int64_t>()));
  out.set_exact(value.ToString());
  return out;
}

void PutReadings(const std::vector<Reading>& readings, v1::Evaluation::ComponentScore* out) {
  for (const Reading& reading : readings) {
    v1::Evaluation::Reading& one = *out->add_readings();
    one.set_subject(reading.subject);
    *one.mutable_got() = wire::ToProto(reading.got);
    if (reading.of.has_value()) *one.mutable_of() = wire::ToProto(*reading.of);
    one.set_facts(reading.facts);
    one.set_unpriced_facts(reading.unpriced_facts);
  }
}

void PutScorecard(const Scorecard& scorecard, v1::Evaluation* out) {
  for (const ComponentScore& component : scorecard.components) {
    v1::Evaluation::ComponentScore& one = *out->add_components();
    one.set_component(component.component);
    one.set_weight(component.weight);
    PutReadings(component.readings, &one);
    if (component.figure.has_value()) *one.mutable_figure() = ToProto(*component.figure);
    *one.mutable_low() = ToProto(component.low);
    *one.mutable_high() = ToProto(component.high);
  }
  *out->mutable_low() = ToProto(scorecard.low());
  *out->mutable_high() = ToProto(scorecard.high());
  out->set_consequence(static_cast<v1::Evaluation::Consequence>(scorecard.consequence));
  if (scorecard.previous.empty()) return;
  out->set_previous(scorecard.previous);
  for (const ScoreDriver& driver : scorecard.drivers) {
    v1::Evaluation::Driver& one = *out->add_drivers();
    one.set_component(driver.component);
    *one.mutable_before() = ToProto(driver.before);
    *one.mutable_after() = ToProto(driver.after);
    *one.mutable_change() = ToProto(driver.change());
  }
  *out->mutable_change() = ToProto(scorecard.change());
}

// What no column of its own holds.
void PutRest(const Evaluation& evaluation, v1::Evaluation* out) {
  PutScorecard(evaluation.scorecard, out);
  *out->mutable_counted_to() = wire::ToProto(evaluation.counted_to);
  *out->mutable_evaluate_time() = wire::ToProto(evaluation.evaluate_time);
  out->set_inputs_sha256(evaluation.inputs_sha256);
  out->set_inventory_cursor(evaluation.inventory_cursor);
  out->set_publisher(evaluation.publisher);
  if (evaluation.appeal_before.has_value()) *out->mutable_appeal_before() = wire::ToProto(*evaluation.appeal_before);
  if (evaluation.appeal.has_value()) {
    v1::Evaluation::Appeal& appeal = *out->mutable_appeal();
    appeal.set_reason(evaluation.appeal->reason);
    appeal.set_principal(evaluation.appeal->principal);
    *appeal.mutable_time() = wire::ToProto(evaluation.appeal->time);
    appeal.set_upheld(evaluation.appeal->upheld);
    appeal.set_decision(evaluation.appeal->decision);
    appeal.set_decider(evaluation.appeal->decider);
    if (evaluation.appeal->decide_time.has_value()) {
      *appeal.mutable_decide_time() = wire::ToProto(*evaluation.appeal->decide_time);
    }
  }
  out->set_sanction(evaluation.sanction);
}

absl::StatusOr<ComponentScore> FromProto(const v1::Evaluation::ComponentScore& component) {
  ComponentScore out{.component = component.component(), .weight = component.weight()};
  for (const v1::Evaluation::Reading& reading : component.readings()) {
    Reading one{.subject = reading.subject(), .facts = reading.facts(), .unpriced_facts = reading.unpriced_facts()};
    ASSIGN_OR_RETURN(one.got, wire::FromProto(reading.got()));
    if (reading.has_of()) {
      ASSIGN_OR_RETURN(one.of, wire::FromProto(reading.of()));
    }
    out.readings.push_back(std::move(one));
  }
  if (component.has_figure()) {
    ASSIGN_OR_RETURN(out.figure, Rational::Parse(component.figure().exact()));
  }
  ASSIGN_OR_RETURN(out.low, Rational::Parse(component.low().exact()));
  ASSIGN_OR_RETURN(out.high, Rational::Parse(component.high().exact()));
  return out;
}

}  // namespace

v1::Evaluation ToProto(const Evaluation& evaluation) {
  v1::Evaluation out;
  out.set_name(evaluation.name());
  PutRevision(evaluation.revision, &out);
  out.set_template_(StrCat("scorecardTemplates/", evaluation.template_id));
  out.set_period(evaluation.period);
  *out.mutable_start() = wire::ToProto(evaluation.days.start);
  *out.mutable_end() = wire::ToProto(evaluation.days.end);
  out.set_state(static_cast<v1::Evaluation::State>(evaluation.state));
  if (evaluation.publish_time.has_value()) *out.mutable_publish_time() = wire::ToProto(*evaluation.publish_time);
  PutRest(evaluation, &out);
  return out;
}

absl::StatusOr<Evaluation> FromProto(const v1::Evaluation& evaluation) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(evaluation.template_(), "scorecardTemplates/{scorecard_template}", "template"));
  return Evaluation{.template_id = ids.front(), .period = evaluation.period()};
}

std::string InputsToBytes(const ScorecardTemplate& scorecard_template, const Scorecard& scorecard) {
  v1::Evaluation read;
  read.set_template_(scorecard_template.name());
  for (const ComponentScore& component : scorecard.components) {
    v1::Evaluation::ComponentScore& one = *read.add_components();
    one.set_component(component.component);
    PutReadings(component.readings, &one);
  }
  read.set_previous(scorecard.previous);
  for (const ScoreDriver& driver : scorecard.drivers) {
    v1::Evaluation::Driver& one = *read.add_drivers();
    one.set_component(driver.component);
    *one.mutable_before() = ToProto(driver.before);
  }
  return read.SerializeAsString() + ScorecardTemplateToBytes(scorecard_template);
}

std::string ContentToBytes(const Evaluation& evaluation) {
  v1::Evaluation content;
  PutRest(evaluation, &content);
  return content.SerializeAsString();
}

absl::Status PutContent(std::string_view bytes, Evaluation* evaluation) {
  v1::Evaluation content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "a stored evaluation cannot be read");
  }
  for (const v1::Evaluation::ComponentScore& component : content.components()) {
    ASSIGN_OR_RETURN(ComponentScore one, FromProto(component));
    evaluation->scorecard.components.push_back(std::move(one));
  }
  evaluation->scorecard.consequence = static_cast<ScoreConsequence>(content.consequence());
  evaluation->scorecard.previous = content.previous();
  for (const v1::Evaluation::Driver& driver : content.drivers()) {
    ScoreDriver one{.component = driver.component()};
    ASSIGN_OR_RETURN(one.before, Rational::Parse(driver.before().exact()));
    ASSIGN_OR_RETURN(one.after, Rational::Parse(driver.after().exact()));
    evaluation->scorecard.drivers.push_back(std::move(one));
  }
  ASSIGN_OR_RETURN(evaluation->counted_to, wire::FromProto(content.counted_to()));
  evaluation->evaluate_time = wire::FromProto(content.evaluate_time());
  evaluation->inputs_sha256 = content.inputs_sha256();
  evaluation->inventory_cursor = content.inventory_cursor();
  evaluation->publisher = content.publisher();
  if (content.has_appeal_before()) {
    ASSIGN_OR_RETURN(evaluation->appeal_before, wire::FromProto(content.appeal_before()));
  }
  if (content.has_appeal()) {
    const v1::Evaluation::Appeal& appeal = content.appeal();
    evaluation->appeal = Appeal{.reason = appeal.reason(),
                                .principal = appeal.principal(),
                                .time = wire::FromProto(appeal.time()),
                                .upheld = appeal.upheld(),
                                .decision = appeal.decision(),
                                .decider = appeal.decider()};
    if (appeal.has_decide_time()) evaluation->appeal->decide_time = wire::FromProto(appeal.decide_time());
  }
  evaluation->sanction = content.sanction();
  return absl::OkStatus();
}

events::EventDraft Told(std::string_view verb, const Evaluation& evaluation) {
  return events::Draft(evaluation.partner_id, verb, evaluation.name(), ToProto(evaluation));
}

}  // namespace tributary::partner
