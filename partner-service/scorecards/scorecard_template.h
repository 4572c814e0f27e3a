#pragma once

// Scorecard templates: of what a score is made, and what follows from it. A template never changes. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/money/decimal.h"
#include "partner-service/activities/activity.h"
#include "partner-service/revision.h"
#include "partner-service/sales_targets/sales_target.h"

namespace tributary::partner {

// The numbers are those of the wire.
enum class ScoreMeasure {
  kAttainment = 1,
  kSales = 2,
  kCertificates = 3,
  kSupport = 4,
  kActivities = 5,
  kFollowUps = 6,
  kTier = 7,
  kAgreements = 8,
};
std::string_view NameOf(ScoreMeasure measure);

struct ScoreComponent {
  std::string id;
  std::string display_name;
  int weight = 0;
  ScoreMeasure measure = ScoreMeasure::kAttainment;
  std::optional<TargetBasis> basis;           // of sales
  std::vector<std::string> product_lines;     // of sales: productLines/{product_line}
  std::string currency;                       // of sales; empty for units
  std::string course_id;                      // of certificates
  std::string program_id;                     // of tiers
  std::optional<ActivityKind> activity_kind;  // of activities; none for all
  Decimal low;                                // worth nothing
  Decimal high;                               // worth the weight
  friend bool operator==(const ScoreComponent&, const ScoreComponent&) = default;
};

struct ScorecardTemplate {
  std::string id;
  Revision revision;
  std::string display_name;
  std::string calendar_id;
  std::vector<ScoreComponent> components;
  std::optional<Decimal> notice_below, review_below, block_below;
  int block_days = 0;    // 0: until it is lifted
  int appeal_days = 0;   // 0: no appeal
  std::string follows;   // id; empty for the first of its line
  std::string first_id;  // of its line, which is what evaluations are compared within

  std::string name() const;  // scorecardTemplates/{id}
};

// All that is wrong (INVALID_FIELD): names of several lines; components[i]: an id twice, what its measure does not take
// or lacks, product lines that are no names, `high` not above `low`; weights that do not sum to 100; thresholds out of
// their order.
absl::Status CheckContent(const ScorecardTemplate& scorecard_template);

}  // namespace tributary::partner
