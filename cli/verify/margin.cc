#include "cli/verify/margin.h"

#include "cli/verify/growth.h"

namespace tributary::cli::verify {

MarginWork WorkOutMargin(const ScaleTerms& scale, const MarginTerms& terms, const std::vector<MarginLine>& lines) {
  MarginWork work;
  Integer net = 0, cost = 0;  // of the cost billionths of billionths
  for (const MarginLine& line : lines) {
    Fraction weight;
    if (line.unit_cost.has_value()) {
      const Integer own = *line.unit_cost * line.units;
      net += line.amount;
      cost += own;
      weight = Whole(line.amount);
      if (!terms.pays_net) weight = Minus(weight, Reduced(own, Unit() * Unit()));
    } else {
      ++work.uncosted;
    }
    work.weights.push_back(weight);
  }
  work.net = Whole(net);
  work.cost = Reduced(cost, Unit() * Unit());
  work.margin = Minus(work.net, work.cost);
  if (net <= 0) return work;
  const Fraction share = Over(work.margin, work.net);
  work.share = Text(share);
  work.value =
      WorkOutRatio(scale, {terms.by_share ? share : work.margin, terms.pays_net ? work.net : work.margin, Fraction()});
  return work;
}

}  // namespace tributary::cli::verify
