#pragma once

// What is known of partners beside their sales: figures of evaluations that stand, by the components of a scorecard
// template and the days that they are of. A program that pays by a score reads those of its own period.

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "common/time/date.h"
#include "incentive-service/engine/composite.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/programs/period.h"

namespace tributary::incentive {

class ScoreFacts {
 public:
  // The first that is added of a component is the one that counts.
  void Add(std::string_view scorecard, const DateRange& days, std::string_view partner, std::string_view component,
           Rational figure) {
    figures_[{std::string(scorecard), days.start, days.end, std::string(partner)}].emplace(component,
                                                                                           std::move(figure));
  }

  // None where the terms read no evaluation, or none stands that is of exactly these days.
  ScoreFigures Of(const Terms& terms, const DateRange& days, std::string_view partner) const {
    if (!terms.composite.has_value()) return {};
    const auto found = figures_.find({terms.composite->scorecard, days.start, days.end, std::string(partner)});
    return found == figures_.end() ? ScoreFigures() : found->second;
  }

 private:
  std::map<std::tuple<std::string, Date, Date, std::string>, ScoreFigures> figures_;
};

}  // namespace tributary::incentive
