#pragma once

// What an entry says that its growth was measured against, worked out again from its terms.

#include <map>
#include <optional>
#include <set>
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

// All entries of all statements, in any order: a reference period's close may be stated later than what was measured
// against it, and is of the predecessors too. `partner`: the statement's, partners/{partner}.
class GrowthReferences {
 public:
  void Add(const incentive::v1::StatementEntry& entry, const std::string& partner);
  // What differs, in words: that a reference period of the program's own came to what the entries of its close say of
  // the partner and those whom it took over. Not told where one of these counted with somebody else then.
  std::vector<std::string> Verify(const incentive::v1::StatementEntry& entry, const std::string& partner) const;

 private:
  // What a close found: for a partner with those whom it took over.
  struct Found {
    std::set<std::string> partners;
    verify::Fraction amount;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Found>> closed_;  // by program and period
};

}  // namespace tributary::cli
