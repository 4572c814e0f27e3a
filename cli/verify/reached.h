#pragma once

// What reached an entry's tiers where that is a count, a mix or a score, free goods and margins, worked out again from
// its lines.

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "cli/verify/fraction.h"
#include "cli/verify/margin.h"
#include "cli/verify/verify.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {

struct ReachedWork {
  verify::Fraction reached;  // how many are counted; what the set comes to, in whole units of the currency; units due
  std::vector<std::string> differences;  // in words
};

// What is behind a number is taken as stated, but for products and where there are facts to look at.
ReachedWork VerifyCounted(const incentive::v1::StatementEntry& entry,
                          absl::Span<const incentive::v1::StatementLine> lines, const FactLookup& facts);

// Which lines are of the set follows from what was sold where the terms name products alone; else it is taken as
// stated. `all`: what all lines come to.
ReachedWork VerifyMixed(const incentive::v1::StatementEntry& entry,
                        absl::Span<const incentive::v1::StatementLine> lines, const verify::Fraction& all);

// The least that the score may be. Figures of evaluations are taken as stated. `amount`: what all lines come to.
ReachedWork VerifyComposite(const incentive::v1::StatementEntry& entry, const verify::Fraction& amount);

// The units that are due. Which order is behind a number is taken as stated where there are no facts to look at.
ReachedWork VerifyGoods(const incentive::v1::StatementEntry& entry,
                        absl::Span<const incentive::v1::StatementLine> lines, const FactLookup& facts);

struct EarnedMargin {
  verify::MarginWork work;
  std::vector<std::string> differences;  // in words
};

// What a unit cost is taken as stated.
EarnedMargin VerifyMargin(const verify::ScaleTerms& scale, const incentive::v1::StatementEntry& entry,
                          absl::Span<const incentive::v1::StatementLine> lines);

}  // namespace tributary::cli
