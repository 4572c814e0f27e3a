#pragma once

// Who is offered a lead: a pure function of what the policy says and of what was known of each candidate, its turns and
// open offers included. The same inputs in any order give the same decision.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::partner {

inline constexpr int64_t kTurn = 1'000'000'000;  // one turn, in the unit in which turns are counted
inline constexpr int kNotKnown = -1;             // points that cannot be told
inline constexpr int kMostPoints = 10;

struct RoutingTerms {
  int territory_weight = 0;  // the four weights sum to 100
  int proximity_weight = 0;
  int product_line_weight = 0;
  int segment_weight = 0;
  int tolerance = 0;  // of 1,000: how far behind the best score a candidate still takes turns
  bool grant_required = false;
  friend bool operator==(const RoutingTerms&, const RoutingTerms&) = default;
};

// The numbers are stored.
enum class PastOffer { kNone = 0, kDeclined = 1, kExpired = 2 };

struct RoutingCandidate {
  std::string partner_id;
  bool active = false;
  PastOffer past = PastOffer::kNone;  // of this lead
  int territory_points = 0;           // 0 no grant covers the lead; 3 helper, 6 non-exclusive, 10 exclusive
  int proximity_points = 0;           // these 0, 5, 10 or kNotKnown
  int product_line_points = 0;
  int segment_points = 0;
  int share = 1;          // at least 1
  int64_t turns_due = 0;  // in kTurn: what it is behind its share, where negative what it is ahead
  int open_offers = 0;
  int capacity = 1;
  friend bool operator==(const RoutingCandidate&, const RoutingCandidate&) = default;
};
inline constexpr int kExclusivePoints = 10;
inline constexpr int kNonExclusivePoints = 6;
inline constexpr int kHelperPoints = 3;

struct RoutingInputs {
  RoutingTerms terms;
  std::vector<RoutingCandidate> candidates;  // each partner once
  friend bool operator==(const RoutingInputs&, const RoutingInputs&) = default;
};

// Why a candidate was chosen or passed over: the last of these that holds. The numbers are those of the wire.
enum class RoutingOutcome {
  kChosen = 1,
  kNotItsTurn = 2,
  kLowerScore = 3,
  kAtCapacity = 4,
  kExclusiveElsewhere = 5,
  kNoGrant = 6,
  kLetExpire = 7,
  kDeclined = 8,
  kNotActive = 9,
};

struct RankedCandidate {
  size_t candidate = 0;  // its place among the inputs
  RoutingOutcome outcome = RoutingOutcome::kNotActive;
  int score = 0;       // sum of the terms' low, out of 1,000
  int score_high = 0;  // sum of their high
};

struct TurnsOf {
  size_t candidate = 0;
  int64_t turns_due = 0;  // afterwards
};

struct Routed {
  std::optional<size_t> chosen;
  std::vector<RankedCandidate> ranking;  // every candidate: by outcome, then score, then id
  std::vector<TurnsOf> turns;            // of those that took part in this turn; empty where nobody was chosen
};

// The places of the candidates, by partner id.
std::vector<uint32_t> PlacesById(const std::vector<RoutingCandidate>& candidates);

// Deficit round-robin among the candidates that score best, to within the tolerance: each is credited with its share of
// this turn, and of those to whom something is due the one goes that would be a whole turn behind first. So, while the
// same ones take part, nobody is ever a whole turn ahead of its share or behind it. The credits of a turn sum to one
// turn, which the chosen one pays.
Routed Route(const RoutingInputs& inputs);

struct RoutingTerm {
  std::string criterion;
  int weight = 0;
  int low = 0;  // weight x points
  int high = 0;
  friend bool operator==(const RoutingTerm&, const RoutingTerm&) = default;
};
// How a candidate's score comes about.
std::vector<RoutingTerm> ScoreTerms(const RoutingTerms& terms, const RoutingCandidate& candidate);

}  // namespace tributary::partner
