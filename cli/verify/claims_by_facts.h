#pragma once

// Works out again what was approved of claims on units, from what they are claimed against and the facts of
// inventory-service: that what units were claimed for exists, is of the product, the customer and the days, and holds
// so many units once; that special prices pay for no more than was approved, price changes for no more than lay there,
// stock rotations for no more than their share of what was bought; and what each unit is due. Shares no code with the
// service.
//
// An amount that the facts bound without telling it (which of several prices a unit had) is held against the bounds,
// and told as open. So is what differs where facts came after the decision: TrueUpClaim brings it up to them. Which
// lines of shipments units came from is taken as the claim states it, and so are the classes of kinds that exclude one
// another and what other partners report of the same units.

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/verify/claim_grounds.h"
#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/claim.pb.h"

namespace tributary::cli {

struct ClaimFindings {
  std::vector<std::string> differences;  // in words
  std::vector<std::string> open;         // what cannot be told, and why
};

class ClaimsByFacts {
 public:
  explicit ClaimsByFacts(const ClaimGrounds& grounds) : grounds_(grounds) {}

  // Claims in the order in which they were approved; of others, and of MDF, there is nothing to find.
  ClaimFindings Add(const incentive::v1::Claim& claim);

  // What earlier claims used up; in billionths.
  struct Used {
    std::map<std::string, std::map<std::string, verify::Integer>> debited;  // units by special price and sale
    std::map<std::pair<int, std::string>, verify::Integer> units;           // by kind and sale or movement
    std::map<std::tuple<std::string, std::string, std::string, bool>, verify::Integer>
        protected_units;                             // by partner, price change, line and whether in transit
    std::map<std::string, verify::Integer> rotated;  // money by stock rotation
  };

 private:
  const ClaimGrounds& grounds_;
  Used used_;
};

}  // namespace tributary::cli
