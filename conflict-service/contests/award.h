#pragma once

// How a contest is decided (R21): a pure function of its inputs, which are stored with it, so that it can be decided
// again, by its own terms or others.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "conflict-service/contests/terms.h"
#include "conflict-service/deals/deal.h"

namespace tributary::conflict {

// Verified evidence.
struct Proof {
  EvidenceKind kind = EvidenceKind::kMeeting;
  Date date;
  std::string name;  // partners/{partner}/deals/{deal}/evidence/{evidence}
  friend bool operator==(const Proof&, const Proof&) = default;
};

struct Contestant {
  std::string deal;  // partners/{partner}/deals/{deal}
  int64_t sequence = 0;
  std::vector<std::string> rivals;  // the contestants that it must share with: of the same customer, of other partners
  std::vector<Proof> evidence;      // by name
  Box requested;
  std::vector<Box> taken;  // what others outside of the contest have before it
  friend bool operator==(const Contestant&, const Contestant&) = default;
};

struct ContestInputs {
  std::string policy;  // adjudicationPolicies/{adjudication_policy}
  std::string appeal;  // partners/{partner}/deals/{deal} whose appeal is decided; empty of the award
  Terms terms;
  std::vector<Contestant> contestants;  // by sequence
  friend bool operator==(const ContestInputs&, const ContestInputs&) = default;
};

struct Placing {
  std::string deal;
  int64_t sequence = 0;
  int64_t score = 0;
  std::optional<Date> earliest_evidence;
  int rank = 0;  // from 1
  Share share;
  friend bool operator==(const Placing&, const Placing&) = default;
};

// By rank. The score is the sum over the kinds of min(count, max_count) x points; the higher goes first, then by the
// tie rule. Each gets what those before it, and others outside, leave.
std::vector<Placing> Decide(const ContestInputs& inputs, const Terms& terms);

// What is otherwise in `is` than in `was`, a line each, by the ranks of `was`:
// "partners/p-1/deals/d-1: score 15 -> 20".
std::vector<std::string> Differences(const std::vector<Placing>& was, const std::vector<Placing>& is);

// Lines of text, the same for the same inputs.
std::string Write(const ContestInputs& inputs);
absl::StatusOr<ContestInputs> ReadInputs(std::string_view lines);
std::string Write(const std::vector<Placing>& award);
absl::StatusOr<std::vector<Placing>> ReadAward(std::string_view lines);

}  // namespace tributary::conflict
