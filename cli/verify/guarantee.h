#pragma once

// Guarantees, worked out again by the verifier: what an entry adds to a period, by itself, and by all that a partner's
// statements have said before it.

#include <map>
#include <string>
#include <vector>

#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {

// What differs in one entry of kind GUARANTEE, in words: that its steps follow from one another and from the terms.
std::vector<std::string> VerifyGuarantee(const incentive::v1::StatementEntry& entry);

// Takes all entries of a partner's statements, in the order of number and ordinal.
class GuaranteeChain {
 public:
  // What differs, in words: that what the entry says was earned and carried is what the entries before it say.
  std::vector<std::string> Take(const incentive::v1::StatementEntry& entry);

 private:
  // Billionths, by program and the period's first day.
  std::map<std::string, std::map<std::string, verify::Integer>> earned_;
};

}  // namespace tributary::cli
