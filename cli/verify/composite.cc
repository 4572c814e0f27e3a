#include "cli/verify/composite.h"

namespace tributary::cli::verify {
namespace {

ScoreEnds EndsOf(const ScorePart& part) {
  const Fraction weight{part.weight, 1};
  if (part.low == part.high) return {};
  if (!part.figure.has_value()) return {Fraction(), weight};
  const Integer way = part.high - part.low;
  Fraction share = Minus(*part.figure, Whole(part.low));
  // In the direction of `high`.
  share = way > 0 ? Over(share, Whole(way)) : Over(Minus(Fraction(), share), Whole(-way));
  if (share.num < 0) share = Fraction();
  if (Less(Fraction{1, 1}, share)) share = Fraction{1, 1};
  const Fraction points = Times(share, weight);
  return {points, points};
}

}  // namespace

ScoreWork WorkOutScore(const std::vector<ScorePart>& parts) {
  ScoreWork work;
  for (const ScorePart& part : parts) {
    const ScoreEnds ends = EndsOf(part);
    work.total.low = Plus(work.total.low, ends.low);
    work.total.high = Plus(work.total.high, ends.high);
    work.parts.push_back(ends);
  }
  return work;
}

}  // namespace tributary::cli::verify
