#include "partner-service/scorecards/scorecard_template_proto.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

void PutComponent(const ScoreComponent& component, v1::ScorecardTemplate::Component* out) {
  out->set_component(component.id);
  out->set_display_name(component.display_name);
  out->set_weight(component.weight);
  out->set_measure(static_cast<v1::ScorecardTemplate::Measure>(component.measure));
  if (component.basis.has_value()) out->set_basis(static_cast<v1::SalesTarget::Basis>(*component.basis));
  for (const std::string& line : component.product_lines) out->add_product_lines(line);
  out->set_currency(component.currency);
  if (!component.course_id.empty()) out->set_course(StrCat("courses/", component.course_id));
  if (!component.program_id.empty()) out->set_program(StrCat("partnerPrograms/", component.program_id));
  if (component.activity_kind.has_value()) {
    out->set_activity_kind(static_cast<v1::Activity::Kind>(*component.activity_kind));
  }
  *out->mutable_low() = wire::ToProto(component.low);
  *out->mutable_high() = wire::ToProto(component.high);
}

void PutContent(const ScorecardTemplate& t, v1::ScorecardTemplate* out) {
  out->set_display_name(t.display_name);
  out->set_fiscal_calendar(StrCat("fiscalCalendars/", t.calendar_id));
  for (const ScoreComponent& component : t.components) PutComponent(component, out->add_components());
  if (t.notice_below.has_value()) *out->mutable_notice_below() = wire::ToProto(*t.notice_below);
  if (t.review_below.has_value()) *out->mutable_review_below() = wire::ToProto(*t.review_below);
  if (t.block_below.has_value()) *out->mutable_block_below() = wire::ToProto(*t.block_below);
  out->set_block_days(t.block_days);
  out->set_appeal_days(t.appeal_days);
  if (!t.follows.empty()) out->set_follows(StrCat("scorecardTemplates/", t.follows));
}

// The id in a name that may be empty.
absl::StatusOr<std::string> IdIn(const std::string& name, std::string_view pattern, std::string_view field) {
  if (name.empty()) return std::string();
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, pattern, field));
  return std::move(ids.front());
}

absl::StatusOr<Decimal> Number(const google::type::Decimal& value, std::string_view field) {
  const auto number = wire::FromProto(value);
  if (!number.ok()) return AtField(number.status(), field);
  return *number;
}

absl::StatusOr<ScoreComponent> FromProto(const v1::ScorecardTemplate::Component& component) {
  ScoreComponent out{.id = component.component(),
                     .display_name = component.display_name(),
                     .weight = component.weight(),
                     .measure = static_cast<ScoreMeasure>(component.measure()),
                     .product_lines = {component.product_lines().begin(), component.product_lines().end()},
                     .currency = component.currency()};
  if (component.basis() != v1::SalesTarget::BASIS_UNSPECIFIED) {
    out.basis = static_cast<TargetBasis>(component.basis());
  }
  if (component.activity_kind() != v1::Activity::KIND_UNSPECIFIED) {
    out.activity_kind = static_cast<ActivityKind>(component.activity_kind());
  }
  ASSIGN_OR_RETURN(out.course_id, IdIn(component.course(), "courses/{course}", "course"));
  ASSIGN_OR_RETURN(out.program_id, IdIn(component.program(), "partnerPrograms/{partner_program}", "program"));
  ASSIGN_OR_RETURN(out.low, Number(component.low(), "low"));
  ASSIGN_OR_RETURN(out.high, Number(component.high(), "high"));
  return out;
}

}  // namespace

v1::ScorecardTemplate ToProto(const ScorecardTemplate& scorecard_template) {
  v1::ScorecardTemplate out;
  out.set_name(scorecard_template.name());
  PutRevision(scorecard_template.revision, &out);
  PutContent(scorecard_template, &out);
  return out;
}

absl::StatusOr<ScorecardTemplate> FromProto(const v1::ScorecardTemplate& t) {
  ScorecardTemplate out{.display_name = t.display_name(), .block_days = t.block_days(), .appeal_days = t.appeal_days()};
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(t.fiscal_calendar(), "fiscalCalendars/{fiscal_calendar}", "fiscal_calendar"));
  out.calendar_id = std::move(ids.front());
  for (int i = 0; i < t.components_size(); ++i) {
    auto component = FromProto(t.components(i));
    if (!component.ok()) return AtField(component.status(), StrCat("components[", i, "]"));
    out.components.push_back(*std::move(component));
  }
  if (t.has_notice_below()) {
    ASSIGN_OR_RETURN(out.notice_below, Number(t.notice_below(), "notice_below"));
  }
  if (t.has_review_below()) {
    ASSIGN_OR_RETURN(out.review_below, Number(t.review_below(), "review_below"));
  }
  if (t.has_block_below()) {
    ASSIGN_OR_RETURN(out.block_below, Number(t.block_below(), "block_below"));
  }
  ASSIGN_OR_RETURN(out.follows, IdIn(t.follows(), "scorecardTemplates/{scorecard_template}", "follows"));
  return out;
}

std::string ScorecardTemplateToBytes(const ScorecardTemplate& scorecard_template) {
  v1::ScorecardTemplate content;
  PutContent(scorecard_template, &content);
  return content.SerializeAsString();
}

absl::StatusOr<ScorecardTemplate> ScorecardTemplateFromBytes(std::string_view bytes) {
  v1::ScorecardTemplate content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "a stored scorecard template cannot be read");
  }
  return FromProto(content);
}

events::EventDraft Told(std::string_view verb, const ScorecardTemplate& scorecard_template) {
  return events::Draft(scorecard_template.name(), verb, scorecard_template.name(), ToProto(scorecard_template));
}

}  // namespace tributary::partner
