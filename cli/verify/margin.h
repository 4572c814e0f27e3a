#pragma once

// Margins, worked out again by the verifier: what lines came to less what their units cost. Without messages.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/verify/fraction.h"
#include "cli/verify/scale.h"

namespace tributary::cli::verify {

// In billionths.
struct MarginLine {
  Integer amount = 0;
  Integer units = 0;
  std::optional<Integer> unit_cost;  // unset: not known
};

struct MarginTerms {
  bool by_share = false;  // tiers are reached by the margin's share of the net amount
  bool pays_net = false;  // rates are paid on the net amount
};

struct MarginWork {
  Fraction net;  // of lines whose cost is known
  Fraction cost;
  Fraction margin;
  std::string share;  // empty where the net amount is 0 or less
  int64_t uncosted = 0;
  std::vector<Fraction> weights;  // what shares go by, by line: 0 where the cost is not known
  ScaleValue value;               // parts are in what is paid on
};
MarginWork WorkOutMargin(const ScaleTerms& scale, const MarginTerms& terms, const std::vector<MarginLine>& lines);

}  // namespace tributary::cli::verify
