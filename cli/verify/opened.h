#pragma once

// What an opening balance says of an entry's period: as far as the entry shows, whose it is and of what programs, and
// against the balance itself.

#include <string>
#include <string_view>
#include <vector>

#include "cli/verify/carried.h"
#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/opening_balance.pb.h"
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

// What differs between the entry, which has an opening, and the balance that it names.
std::vector<std::string> CompareOpening(const incentive::v1::StatementEntry& entry,
                                        const incentive::v1::OpeningBalance& balance);

}  // namespace tributary::cli
