#pragma once

// Which remedies fit a case, by its cause and its kind, and how much at most where the rule knows it: a pure function
// of the case and its last evidence. Nobody is bound by it.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/money.h"
#include "conflict-service/cases/case.h"
#include "conflict-service/cases/case_evidence.h"
#include "conflict-service/remedies/remedy.h"

namespace tributary::conflict {

struct SuggestedRemedy {
  RemedyKind kind = RemedyKind::kUnspecified;
  std::vector<std::string> partners;  // partners/{partner}: all of a SPLIT_CREDIT and CLARIFY_ROLES, else one
  std::optional<Decimal> most_units;  // that an amount rests on
  std::optional<Money> most_amount;   // what is at stake
  std::string territory_grant;        // of a REASSIGN_TERRITORY
  std::string price_rule;             // of a PRICE_ACTION
  std::string explanation;            // why it fits, for people
};

// What is known of a case beside itself.
struct KnownOfCase {
  // The lower bound of what went from one party to the other, or how many of a lot were sold that never came.
  std::optional<Decimal> most_units;
  std::string short_of_units;         // partners/{partner} from whom it went; empty: not known
  std::map<std::string, Money> lost;  // by partner: what a price war cost it
  std::optional<Money> paid_too_little;
  std::string sold_later;  // of a sale told twice: partners/{partner} of the later one; empty: not known
};
// From its last evidence and the bound as it is now.
KnownOfCase KnownFrom(const Case& one, const CaseEvidence& evidence, std::optional<Decimal> most_units);

// The best first.
std::vector<SuggestedRemedy> Suggest(const Case& one, const KnownOfCase& known);

}  // namespace tributary::conflict
