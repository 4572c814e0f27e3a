#pragma once

// Simulations: terms tried on what has been recorded, alone or beside a program. Nothing is stated. Exact: every line
// counts as it would in earnest; nothing is sampled.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "incentive-service/exchange_rates/exchange_rate.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/scores/score_facts.h"

namespace tributary::incentive {

struct PeriodResult {
  std::string period;
  int64_t partners = 0;  // with lines in it
  int64_t total = 0;     // minor units: the sum of rounded values
  friend bool operator==(const PeriodResult&, const PeriodResult&) = default;
};

// Over all periods, in minor units.
struct PartnerResult {
  std::string partner;
  int64_t value = 0;
  std::optional<int64_t> compared;  // what the other program pays; nullopt where nothing is compared
  int64_t lines = 0;                // that the simulated terms count
  Decimal free_goods;               // units that are due
  friend bool operator==(const PartnerResult&, const PartnerResult&) = default;

  int64_t difference() const { return value - compared.value_or(value); }
};

struct SimulationResult {
  std::vector<PeriodResult> periods;    // by period
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

// Beside the program that the terms were compared with. Amounts in minor units.
struct Comparison {
  std::string program;  // its id
  int64_t version = 0;
  int64_t total = 0;    // what it pays
  int64_t winners = 0;  // partners that the simulated terms pay more
  int64_t gained = 0;   // by how much, together
  int64_t losers = 0;   // less
  int64_t lost = 0;     // by how much, together, at least 0
  int64_t unchanged = 0;
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

struct Simulation {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  Program program;  // its terms alone
  Watermark watermark;
  SimulationResult result;
  std::optional<Comparison> comparison;

  std::string name() const { return "simulations/" + id; }
};

// What closing each period now would state, each by the terms that hold on its first day; a guarantee too, from the
// program's first period on up to the last in which somebody has a line; within its budget. OVERFLOW where a value has
// left its range. Lines without a rate count for nothing.
absl::StatusOr<SimulationResult> Simulate(const Program& program, absl::Span<const FactTotal> totals,
                                          const Rates& rates = {}, const ScoreFacts& scores = {});

// `other` as it is compared with simulated terms: on their days alone, so that a guarantee carries nothing from before
// them. On days on which it is not in force it pays nothing. CURRENCY_MISMATCH where it pays in another currency; the
// violation is of `field`.
absl::StatusOr<Program> Comparable(const Program& other, const Program& simulated, std::string_view field);

// Puts what `other` pays beside `result`, partner by partner, also those that the simulated terms pay nothing.
// OVERFLOW.
absl::StatusOr<Comparison> CompareWith(const Program& program, const SimulationResult& other, SimulationResult* result);

}  // namespace tributary::incentive
