#pragma once

// Partner programs: levels, what they take, and how long a partner keeps one that it no longer reaches. Pure values and
// decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "partner-service/fiscal_calendars/fiscal_calendar.h"
#include "partner-service/revision.h"
#include "partner-service/sales_targets/sales_target.h"

namespace tributary::partner {

enum class CriterionKind { kSales = 1, kCertificates = 2, kActiveDays = 3 };

struct LevelCriterion {
  CriterionKind kind = CriterionKind::kSales;
  TargetBasis basis = TargetBasis::kSellIn;  // of sales
  std::vector<std::string> product_lines;    // of sales: productLines/{product_line}
  std::string currency;                      // of sales; empty for units
  std::string course_id;                     // of certificates
  Decimal want;                              // amount, quantity, people or days
  friend bool operator==(const LevelCriterion&, const LevelCriterion&) = default;
};

struct ProgramLevel {
  std::string id;
  std::string display_name;
  std::vector<LevelCriterion> criteria;
  friend bool operator==(const ProgramLevel&, const ProgramLevel&) = default;
};

struct PartnerProgram {
  std::string id;
  Revision revision;  // its version is the number of the program's revision
  std::string display_name;
  std::vector<ProgramLevel> levels;  // from the lowest
  std::string calendar_id;           // empty where `months` says what is looked at
  std::optional<PeriodKind> period_kind;
  int months = 0;
  int notice_days = 1;
  int grace_days = 0;
  bool on_hold = false;

  std::string name() const;  // partnerPrograms/{id}
};

// The place of the level, from 1; 0 where there is none of the id.
int RankOf(const PartnerProgram& program, std::string_view level_id);

// The courses that its criteria name, each once, sorted.
std::vector<std::string> CoursesOf(const PartnerProgram& program);

// INVALID_FIELD: names with control characters; a level's id twice; a level above the lowest without criteria; product
// lines that are no names; not exactly one of a fiscal calendar with a kind of its periods and a number of months.
absl::Status CheckContent(const PartnerProgram& program);

// The next revision, with the content of `changed`. Refused (INVALID_FIELD): a level that goes or changes places;
// CheckContent.
absl::StatusOr<PartnerProgram> Change(const PartnerProgram& program, const PartnerProgram& changed, absl::Time now);

// Whose sales are looked at, the days under way first. Months: the last ones, `today` counted. A calendar's kind of
// period: of `periods` of that kind the one that holds `today` and, where it is among them, the one before; none where
// no period holds it.
std::vector<DateRange> DaysLookedAt(const PartnerProgram& program, const std::vector<FiscalPeriod>& periods,
                                    Date today);

}  // namespace tributary::partner
