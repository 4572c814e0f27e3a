#pragma once

// For tests: the terms that most of them begin with.

#include <string>
#include <utility>

#include "tributary/incentive/v1/program.pb.h"

namespace tributary::incentive {

// Marginal 1 %, from 20,000 2 %, from 60,000 3.5 %, of what is ordered in a quarter; in USD, from the first day of a
// month on.
inline v1::Program QuarterlyTerms(const std::string& display_name, int year, int month) {
  v1::Program program;
  program.set_display_name(display_name);
  program.set_basis(v1::Program::ORDER);
  program.set_shape(v1::Program::MARGINAL);
  for (const auto& [from, rate] : {std::pair("0", "0.01"), std::pair("20000", "0.02"), std::pair("60000", "0.035")}) {
    v1::Program::Tier& tier = *program.add_tiers();
    tier.mutable_from_amount()->set_value(from);
    tier.mutable_rate()->set_value(rate);
  }
  program.set_period(v1::Program::QUARTER);
  program.set_currency("USD");
  program.mutable_effective_from()->set_year(year);
  program.mutable_effective_from()->set_month(month);
  program.mutable_effective_from()->set_day(1);
  return program;
}

}  // namespace tributary::incentive
