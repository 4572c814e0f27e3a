#pragma once

// The terms by which contests are decided: what a policy holds and never changes.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/time/date.h"

namespace tributary::conflict {

// In the order of the wire's numbers.
enum class EvidenceKind { kMeeting = 1, kProofOfConcept = 2, kDesign = 3 };
std::string_view NameOf(EvidenceKind kind);
enum class TieRule { kEarliestEvidence = 1, kArrival = 2 };

struct Weight {
  EvidenceKind kind = EvidenceKind::kMeeting;
  int points = 0;
  int max_count = 0;  // 0: all count
  friend bool operator==(const Weight&, const Weight&) = default;
};

struct Terms {
  int contest_days = 0;
  std::vector<Date> holidays;   // sorted
  std::vector<Weight> weights;  // by kind, each once
  TieRule tie_rule = TieRule::kEarliestEvidence;
  int appeal_days = 0;  // business days after the award in which an appeal decides a contest again; 0: any time
  friend bool operator==(const Terms&, const Terms&) = default;
};

// Brought into order. INVALID_FIELD below `field`: a kind twice, a day twice.
absl::StatusOr<Terms> NewTerms(Terms terms, std::string_view field);

// A line for each term.
std::string Write(const Terms& terms);
absl::StatusOr<Terms> ReadTerms(std::string_view lines);  // INVALID_FIELD

// A line of such texts: its first word, and what follows the space behind it.
struct TaggedLine {
  std::string tag;
  std::string rest;
};
std::vector<TaggedLine> TaggedLines(std::string_view lines);

}  // namespace tributary::conflict
