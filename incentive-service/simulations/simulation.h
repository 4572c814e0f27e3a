#pragma once

// Simulations: terms, or a stacking plan (stack_simulation.h), tried on what has been recorded, alone or beside
// another. Nothing is stated. Exact: every line counts as it would in earnest; nothing is sampled.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"
#include "incentive-service/engine/carried.h"
#include "incentive-service/exchange_rates/exchange_rate.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/scores/score_facts.h"

namespace tributary::incentive {

struct PeriodResult {
  std::string period;
  int64_t partners = 0;  // with lines in it, or a volume with which it begins
  int64_t total = 0;     // minor units: the sum of rounded values
  friend bool operator==(const PeriodResult&, const PeriodResult&) = default;
};

// What a member of a stacking plan pays one partner, over all periods, in minor units.
struct MemberOfPartner {
  std::string program;  // its id
  int64_t value = 0;
  int64_t lines = 0;  // that count in it
  friend bool operator==(const MemberOfPartner&, const MemberOfPartner&) = default;
};

// Over all periods, in minor units.
struct PartnerResult {
  std::string partner;
  int64_t value = 0;
  std::optional<int64_t> compared;       // what the other pays; nullopt where nothing is compared
  int64_t lines = 0;                     // that the simulated terms count, or any member of the plan
  Decimal free_goods;                    // units that are due
  std::vector<MemberOfPartner> members;  // of a stacking plan those with lines of the partner, by id
  friend bool operator==(const PartnerResult&, const PartnerResult&) = default;

  int64_t difference() const { return value - compared.value_or(value); }
};

// What a member of a stacking plan pays, over all periods, in minor units.
struct MemberResult {
  std::string program;   // its id
  int64_t version = 0;   // 0: not stored, its terms are the simulation's own
  int64_t partners = 0;  // with lines that count in it
  int64_t lines = 0;
  int64_t total = 0;
  friend bool operator==(const MemberResult&, const MemberResult&) = default;
};

struct SimulationResult {
  std::vector<PeriodResult> periods;    // by period
  std::vector<MemberResult> members;    // of a stacking plan, by id
  std::vector<PartnerResult> partners;  // by partner; not read with a stored simulation
  int64_t statements = 0;
  int64_t total = 0;
  int64_t lines = 0;
  int64_t other_currency_lines = 0;
  Decimal free_goods;  // units that are due, in all

  // The most that one period comes to, all partners together: what a budget for a period must bear. At least 0, and
  // within the budget of a program with one.
  int64_t budget_at_risk() const;
};

// Beside what the simulation was compared with. Amounts in minor units.
struct Comparison {
  std::string with;     // programs/{program}@{version}, stackingPlans/{plan} or kSideBySide
  int64_t total = 0;    // what it pays
  int64_t winners = 0;  // partners that the simulation pays more
  int64_t gained = 0;   // by how much, together
  int64_t losers = 0;   // less
  int64_t lost = 0;     // by how much, together, at least 0
  int64_t unchanged = 0;
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

// To compare a plan with: its members, each by itself.
inline constexpr std::string_view kSideBySide = "programs/-";

// A plan that is simulated.
struct PlanTried {
  std::string plan;  // its id
  int64_t version = 0;
  std::string in_place_of;  // the member whose terms are the simulation's; "": all as they are
  friend bool operator==(const PlanTried&, const PlanTried&) = default;
};

struct Simulation {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  Program program;                // its terms alone; of a plan as it is, only their currency
  std::optional<PlanTried> plan;  // nullopt: the program stands by itself
  std::string in_place_of;        // of one by itself: the id of the program whose terms they would be; "": a new one
  Watermark watermark;
  SimulationResult result;
  std::optional<Comparison> comparison;

  std::string name() const { return "simulations/" + id; }
  bool has_terms() const { return !plan.has_value() || !plan->in_place_of.empty(); }
};

// Adds the amount to each of the sums. OVERFLOW where one does not fit.
absl::Status AddMinor(int64_t amount, std::initializer_list<int64_t*> sums);

// What closing each period now would state, each by the terms that hold on its first day; a guarantee too, from the
// program's first period on up to the last in which somebody has a line; within its budget. OVERFLOW where a value has
// left its range. Lines without a rate count for nothing. `volumes`: with which its periods begin; a period is worth
// what lines and volume come to, whatever of it was paid before.
absl::StatusOr<SimulationResult> Simulate(const Program& program, absl::Span<const FactTotal> totals,
                                          const Rates& rates = {}, const ScoreFacts& scores = {},
                                          const OpeningVolumes& volumes = {});

// What of the terms keeps a volume of the program's period from counting under them: it is of the lines that the
// program counts in it. Empty: nothing.
std::string_view KeepsVolumeOut(const Program& terms, const Program& program, const Period& period);

// CURRENCY_MISMATCH where what is compared is in another currency than the simulation; the violation is of `field`.
absl::Status CheckSameCurrency(std::string_view name, std::string_view currency, std::string_view simulated,
                               std::string_view field);

// The days on which something is compared with what is simulated on others: a guarantee carries nothing from before
// them. On days on which it is not in force it pays nothing.
DateRange DaysInCommon(const DateRange& other, const DateRange& simulated);

// Puts what `other`, named `with`, pays beside `result`, partner by partner, also those whom the simulation pays
// nothing. OVERFLOW.
absl::StatusOr<Comparison> CompareWith(std::string with, const SimulationResult& other, SimulationResult* result);

}  // namespace tributary::incentive
