#pragma once

// What an opening balance says of an entry's period, checked as far as it shows: whose it is, and of what programs.
// What it says is taken as stated.

#include <string>
#include <string_view>
#include <vector>

#include "cli/verify/carried.h"
#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/program.pb.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {

struct OpenedWork {
  verify::CarriedSums sums;               // beside those of the lines
  std::vector<verify::Fraction> weights;  // by what its share goes, in billionths: one, or none without it
  std::vector<std::string> differences;
};

// `partner`: partners/{partner}.
OpenedWork VerifyOpening(const incentive::v1::StatementEntry& entry, const incentive::v1::Program& terms,
                         std::string_view partner);

}  // namespace tributary::cli
