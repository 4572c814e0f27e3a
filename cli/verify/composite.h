#pragma once

// A score that is made of components, worked out again by the verifier. Without messages.

#include <optional>
#include <vector>

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

struct ScorePart {
  Integer low;   // billionths: the figure that is worth nothing
  Integer high;  // likewise: the one that is worth the weight
  Integer weight = 0;
  std::optional<Fraction> figure;  // what was found; unset where it is not known
};

struct ScoreEnds {
  Fraction low;
  Fraction high;
};

struct ScoreWork {
  std::vector<ScoreEnds> parts;  // as given
  ScoreEnds total;
};

// What is not known may be worth anything from 0 to its weight. Nothing is, where low is high.
ScoreWork WorkOutScore(const std::vector<ScorePart>& parts);

}  // namespace tributary::cli::verify
