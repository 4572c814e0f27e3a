#pragma once

// Works claims out again from what they show: lines from units and unit amounts, the claim from its lines, what was
// approved from layers and denials, what is due from true-ups, what was taken of it from the partner's deductions. That
// each proof proves one claim, each sale one line of its own and no claim was decided or paid by who claimed. Shares no
// code with the service. What units cost, and whether a denial is right, is known by facts that a claim does not show.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/claim.pb.h"
#include "tributary/incentive/v1/deduction.pb.h"

namespace tributary::cli {

// Every difference found in the claim by itself, in words.
std::vector<std::string> VerifyClaim(const incentive::v1::Claim& claim);

// What claims say of one another, and deductions of them.
class ClaimBook {
 public:
  // Before the claims.
  void Add(const incentive::v1::Deduction& deduction);
  // What differs, in words: with the claim by itself, and with those before it.
  std::vector<std::string> Add(const incentive::v1::Claim& claim);

 private:
  std::map<std::string, verify::Integer> deducted_;                      // billionths, by claim
  std::map<std::pair<std::string, std::string>, std::string> by_proof_;  // by (partner, hash): the claim
};

}  // namespace tributary::cli
