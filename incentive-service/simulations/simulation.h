#pragma once

// Simulations: terms tried on what has been recorded. Nothing is stated.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "incentive-service/exchange_rates/exchange_rate.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

struct PeriodResult {
  std::string period;
  int64_t partners = 0;  // with lines in it
  int64_t total = 0;     // minor units: the sum of rounded values
  friend bool operator==(const PeriodResult&, const PeriodResult&) = default;
};

struct SimulationResult {
  std::vector<PeriodResult> periods;  // by period
  int64_t statements = 0;
  int64_t total = 0;
  int64_t lines = 0;
  int64_t other_currency_lines = 0;
};

struct Simulation {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  Program program;  // its terms alone
  Watermark watermark;
  SimulationResult result;

  std::string name() const { return "simulations/" + id; }
};

// What closing each period now would state. OVERFLOW where a value has left its range.
// Lines without a rate count for nothing.
absl::StatusOr<SimulationResult> Simulate(const Program& program, absl::Span<const FactTotal> totals,
                                          const Rates& rates = {});

}  // namespace tributary::incentive
