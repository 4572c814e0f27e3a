#include "cli/verify/mixed.h"

#include "cli/verify/growth.h"

namespace tributary::cli::verify {

ScaleValue WorkOutMix(const ScaleTerms& terms, const Fraction& set, const Fraction& all, bool pays_all,
                      const Fraction& units) {
  if (!HasShare(all)) return {};
  return WorkOutRatio(terms, {Over(set, all), pays_all ? all : set, units});
}

}  // namespace tributary::cli::verify
