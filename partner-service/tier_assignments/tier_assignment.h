#pragma once

// Which level of a program a partner holds: what it has reached, and what follows from that. Pure values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "partner-service/partner_programs/partner_program.h"
#include "partner-service/partners/partner.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// What is known for one criterion.
struct CriterionFigure {
  std::optional<Decimal> got;  // none: not known
  int64_t unpriced_facts = 0;
};

// What is known for every criterion of a program, over some days.
struct TierFigures {
  std::optional<DateRange> days;                      // none: no period is known, and so no sales
  std::vector<std::vector<CriterionFigure>> figures;  // by level and criterion, as the program has them
};

struct CriterionFinding {
  LevelCriterion criterion;
  std::optional<Decimal> got;
  int64_t unpriced_facts = 0;
  bool met = false;
  Decimal distance;  // what is still to come, at least 0
  friend bool operator==(const CriterionFinding&, const CriterionFinding&) = default;
};

struct LevelFinding {
  std::string level;
  int rank = 0;
  bool met = false;
  std::optional<DateRange> days;
  std::vector<CriterionFinding> criteria;
  friend bool operator==(const LevelFinding&, const LevelFinding&) = default;
};

// Of each level by each of the figures: a level is met where all its criteria are. A figure that is not known meets
// none.
LevelFinding FindLevel(const PartnerProgram& program, int rank, const TierFigures& figures);
// Every level, from the lowest: by the first figures that meet it, else by the first. `figures` is not empty.
std::vector<LevelFinding> FindLevels(const PartnerProgram& program, const std::vector<TierFigures>& figures);
// The highest level that is met; 0 where none is.
int RankReached(const std::vector<LevelFinding>& findings);

// Given when a level is no longer reached. Its days never move.
struct TierNotice {
  Date given;
  Date grace;     // the first day of grace
  Date demotion;  // the first day on which the partner may be demoted
  std::vector<LevelFinding> findings;
};

// The numbers are stored, and those of the wire.
enum class TierCause { kPromotion = 1, kDemotion = 2 };
std::string_view NameOf(TierCause cause);

struct TierAssignment {
  std::string partner_id;
  std::string id;
  Revision revision;
  std::string program_id;
  int64_t program_revision = 1;
  std::string level;  // empty where a demotion left none
  int rank = 0;
  DateRange valid;  // its end OpenEnd() while it holds
  TierCause cause = TierCause::kPromotion;
  std::vector<LevelFinding> findings;
  std::optional<TierNotice> notice;

  std::string name() const;  // partners/{partner_id}/tierAssignments/{id}
  bool holds() const { return valid.end == OpenEnd(); }
};

// The numbers are those of the wire.
enum class TierOutcome {
  kUnchanged = 1,
  kPromoted = 2,
  kNoticed = 3,
  kNoticeWithdrawn = 4,
  kDemoted = 5,
  kEnded = 6,
  kNotEvaluated = 7,
};

struct TierDecision {
  TierOutcome outcome = TierOutcome::kUnchanged;
  std::optional<TierAssignment> changed;  // the one that held, as it is now
  std::optional<TierAssignment> made;     // the one that holds from today
};

// What a day is worth to an assignment of the partner, of which `current` holds (if any), by `findings` of the program.
//   partner TERMINATED     its level ends
//   otherwise not ACTIVE   nothing
//   reached a higher one   promoted, from today
//   reached its own        a notice is withdrawn
//   reached a lower one    without a notice it is given one; before the notice's demotion day nothing; then demoted to
//                          what it has reached, perhaps to none, from today
TierDecision Decide(const Partner& partner, const PartnerProgram& program, const std::vector<LevelFinding>& findings,
                    const std::optional<TierAssignment>& current, Date today, absl::Time now);

// What is missing, by the days under way.
struct TierOutlook {
  std::optional<LevelFinding> next;  // the level above the one that holds; none at the highest
  std::optional<LevelFinding> keep;  // the one that holds
  std::optional<Date> kept_to;       // where earlier days carry it: the first day on which they no longer do
};
TierOutlook Outlook(const PartnerProgram& program, const std::vector<TierFigures>& figures,
                    const std::optional<TierAssignment>& current);

}  // namespace tributary::partner
