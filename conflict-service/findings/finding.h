#pragma once

// Findings: what the rules see in the facts. Which ones are open is a function of the facts alone, whatever order they
// came in.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/scopes/scope_box.h"
#include "common/time/date.h"

namespace tributary::conflict {

// In the order of the wire's numbers.
enum class FindingKind {
  kExclusiveOverlap = 1,
  kDuplicateDeal = 2,
  kOutOfTerritory = 3,
  kDiversion = 4,
  kDuplicateSale = 5,
  kDirectVsPartner = 6,
  kBelowPrice = 7,
  kPriceWar = 8,
  kProtectedDeal = 9
};
inline constexpr FindingKind kAllFindingKinds[] = {
    FindingKind::kExclusiveOverlap, FindingKind::kDuplicateDeal, FindingKind::kOutOfTerritory,
    FindingKind::kDiversion,        FindingKind::kDuplicateSale, FindingKind::kDirectVsPartner,
    FindingKind::kBelowPrice,       FindingKind::kPriceWar,      FindingKind::kProtectedDeal};
std::string_view NameOf(FindingKind kind);  // EXCLUSIVE_OVERLAP

enum class FindingState { kOpen = 1, kWithdrawn = 2 };
std::string_view NameOf(FindingState state);

// How much it hurts.
enum class Severity { kLow = 1, kMedium = 2, kHigh = 3 };
std::string_view NameOf(Severity severity);

// How far a price lies below the least that it may be.
struct PriceDepth {
  std::string currency;
  Decimal paid;                  // for all units
  Decimal least;                 // of one; above 0, and for all of them above what was paid
  std::optional<Decimal> units;  // of a reported sale, above 0; unset: one
  Decimal price() const;         // of one; of a reported sale rounded down to millionths
  Decimal depth() const { return least - price(); }
  // What is missing over what is the least for all units, in hundredths of a percent, rounded down: exact, whatever
  // price() is rounded to.
  int32_t basis_points() const;
  friend bool operator==(const PriceDepth&, const PriceDepth&) = default;
};

// What one party may be told of a conclusion beside its own subjects: nothing in it comes from another party.
struct PartyFacts {
  std::string partner;           // partners/{partner}
  std::string product;           // products/{product}
  std::string lot;               // code; empty: of no lot, or of all
  std::optional<Decimal> units;  // its own, signed
  std::vector<std::string> regions;
  std::string words;  // for people; empty: the rule has none
  friend bool operator==(const PartyFacts&, const PartyFacts&) = default;
};

// A fact or figure that a rule read, as it was then.
struct EvidenceInput {
  std::string source;    // resource name of what says it: a fact, a policy, a version of a rule
  std::string field;     // which of it: "region"
  std::string value;     // as text, whole
  std::string customer;  // the end customer's name that the value is or holds; empty: none
  friend bool operator==(const EvidenceInput&, const EvidenceInput&) = default;
};

// What a rule concludes from facts, and nothing of when it did.
struct Conclusion {
  FindingKind kind = FindingKind::kExclusiveOverlap;
  std::string rule_version;
  std::vector<std::string> subjects;  // resource names, sorted
  std::string explanation;
  std::optional<ScopeBox> intersection;
  std::optional<PriceDepth> price_depth;
  // What the finding is named by where its subjects change while it stays the same one; empty: the subjects.
  std::vector<std::string> key;
  // For its case alone; follows from the same facts and is not part of what is compared and stored with the finding.
  std::optional<Date> occurred_on;    // the last day of what happened; unset where it is about what holds
  std::optional<Severity> severity;   // unset: as its kind has
  std::vector<PartyFacts> parties;    // for those who may be told more than their subjects, by partner
  std::vector<EvidenceInput> inputs;  // all that it was concluded from; kept with the case (cases/case_evidence.h)
  friend bool operator==(const Conclusion& a, const Conclusion& b) {
    return a.kind == b.kind && a.rule_version == b.rule_version && a.subjects == b.subjects &&
           a.explanation == b.explanation && a.intersection == b.intersection && a.price_depth == b.price_depth;
  }
};

// Over all that the finding says, 64 hexadecimal digits; what it was concluded from is covered by the evidence that its
// case keeps (cases/case_evidence.h).
std::string EvidenceSha256(const Conclusion& conclusion);
// partners/{partner} of the subjects, sorted.
std::vector<std::string> PartiesOf(const Conclusion& conclusion);

// The last segment of the finding's name: 32 hexadecimal digits of SHA-256 over kind and subjects, so that the same
// facts give the same name in every replica.
std::string FindingId(FindingKind kind, const std::vector<std::string>& subjects);
// Of the finding that it makes.
std::string FindingId(const Conclusion& conclusion);

struct Finding {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  FindingState state = FindingState::kOpen;
  Conclusion conclusion;
  std::string name() const;  // findings/{id}
};

// One step from the stored findings to what the facts show.
struct FindingChange {
  std::string_view verb;  // "opened", "reopened", "changed", "withdrawn"; the event's
  Finding finding;        // as it is afterwards; a new one at version 1
};

// What brings `stored` (of any state, by id: all open findings about the facts that were looked at, and every finding
// that a conclusion names again) into agreement with `conclusions` about the same facts: a conclusion without a finding
// opens one, a withdrawn finding that is concluded again opens again, an open one that is concluded differently
// changes, an open one that is not concluded is withdrawn and keeps its last content. No changes where all agree. In
// the order of the ids.
std::vector<FindingChange> Reconcile(const std::map<std::string, Finding>& stored,
                                     const std::vector<Conclusion>& conclusions, absl::Time now);

}  // namespace tributary::conflict
