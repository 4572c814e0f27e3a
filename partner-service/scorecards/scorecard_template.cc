#include "partner-service/scorecards/scorecard_template.h"

#include <set>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/name_lists.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

constexpr int kWhole = 100;

// What a measure takes is there where it must be, and nothing else is.
void CheckMeasure(const ScoreComponent& component, const std::string& at, std::vector<FieldViolation>* violations) {
  const auto check = [&](std::string_view field, bool there, ScoreMeasure measure, bool needed) {
    const bool taken = component.measure == measure;
    if (there && !taken) {
      violations->push_back({StrCat(at, field), StrCat("one with ", NameOf(component.measure)),
                             StrCat("none: it is of ", NameOf(measure), " alone")});
    } else if (!there && taken && needed) {
      violations->push_back({StrCat(at, field), "none", StrCat("one, with ", NameOf(measure))});
    }
  };
  check(".basis", component.basis.has_value(), ScoreMeasure::kSales, true);
  check(".product_lines", !component.product_lines.empty(), ScoreMeasure::kSales, false);
  check(".currency", !component.currency.empty(), ScoreMeasure::kSales, false);
  check(".course", !component.course_id.empty(), ScoreMeasure::kCertificates, true);
  check(".program", !component.program_id.empty(), ScoreMeasure::kTier, true);
  check(".activity_kind", component.activity_kind.has_value(), ScoreMeasure::kActivities, false);
}

// Where both are there, the stricter one does not lie above the other.
void CheckOrder(std::string_view field, const std::optional<Decimal>& stricter, std::string_view other_field,
                const std::optional<Decimal>& other, std::vector<FieldViolation>* violations) {
  if (!stricter.has_value() || !other.has_value() || *stricter <= *other) return;
  violations->push_back(
      {std::string(field), stricter->ToString(), StrCat("at most ", other_field, ", which is ", other->ToString())});
}

}  // namespace

std::string_view NameOf(ScoreMeasure measure) {
  switch (measure) {
    case ScoreMeasure::kAttainment:
      return "ATTAINMENT";
    case ScoreMeasure::kSales:
      return "SALES";
    case ScoreMeasure::kCertificates:
      return "CERTIFICATES";
    case ScoreMeasure::kSupport:
      return "SUPPORT";
    case ScoreMeasure::kActivities:
      return "ACTIVITIES";
    case ScoreMeasure::kFollowUps:
      return "FOLLOW_UPS";
    case ScoreMeasure::kTier:
      return "TIER";
    case ScoreMeasure::kAgreements:
      return "AGREEMENTS";
  }
  return "MEASURE_UNSPECIFIED";
}

std::string ScorecardTemplate::name() const { return StrCat("scorecardTemplates/", id); }

absl::Status CheckContent(const ScorecardTemplate& scorecard_template) {
  std::vector<FieldViolation> violations;
  CheckOneLine("display_name", scorecard_template.display_name, &violations);
  std::set<std::string_view> ids;
  int weights = 0;
  for (size_t i = 0; i < scorecard_template.components.size(); ++i) {
    const ScoreComponent& component = scorecard_template.components[i];
    const std::string at = StrCat("components[", i, "]");
    if (!ids.insert(component.id).second) violations.push_back({at + ".component", component.id, "each id once"});
    CheckOneLine(at + ".display_name", component.display_name, &violations);
    CheckMeasure(component, at, &violations);
    CheckNames(at + ".product_lines", "productLines/{product_line}", component.product_lines, &violations);
    CheckDistinct(at + ".product_lines", component.product_lines, &violations);
    if (component.high <= component.low) {
      violations.push_back(
          {at + ".high", component.high.ToString(), StrCat("more than low, which is ", component.low.ToString())});
    }
    weights += component.weight;
  }
  if (weights != kWhole) {
    violations.push_back({"components", StrCat("weights that sum to ", weights), "weights that sum to 100"});
  }
  const ScorecardTemplate& t = scorecard_template;
  CheckOrder("review_below", t.review_below, "notice_below", t.notice_below, &violations);
  CheckOrder("block_below", t.block_below, "notice_below", t.notice_below, &violations);
  CheckOrder("block_below", t.block_below, "review_below", t.review_below, &violations);
  return AllOf(std::move(violations));
}

}  // namespace tributary::partner
