#pragma once

// What an entry says that its growth was measured against, worked out again from its terms.

#include <map>
#include <optional>
#include <string>
#include <utility>
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

// All entries of a partner's statements, in any order: a reference period's close may be stated later than what was
// measured against it.
class GrowthReferences {
 public:
  void Add(const incentive::v1::StatementEntry& entry);
  // What differs, in words: that a reference period of the program's own came to what the entry of its close says.
  std::vector<std::string> Verify(const incentive::v1::StatementEntry& entry) const;

 private:
  // What closes found, by program and period.
  std::map<std::pair<std::string, std::string>, verify::Fraction> qualified_;
};

}  // namespace tributary::cli
