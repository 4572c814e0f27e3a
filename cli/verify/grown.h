#pragma once

// What an entry says that its growth was measured against, worked out again from its terms.

#include <optional>
#include <string>
#include <vector>

#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {

struct GrownWork {
  std::optional<verify::Fraction> baseline;  // nothing is measured without
  std::vector<std::string> differences;      // in words
};

// `partner`: partners/{partner}. What the reference came to is taken as stated: its lines are not the statement's.
GrownWork VerifyGrown(const incentive::v1::StatementEntry& entry, const std::string& partner);

}  // namespace tributary::cli
