#pragma once

// Market development funds, added up again: claims within their requests, requests within their allocations,
// allocations within their budgets, and each level's figures against the sums of the one below. Shares no code with the
// service. Whether an activity took place, a proof's bytes alone could tell.

#include <map>
#include <string>
#include <vector>

#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/budget.pb.h"
#include "tributary/incentive/v1/claim.pb.h"
#include "tributary/incentive/v1/fund_request.pb.h"

namespace tributary::cli {

class FundBook {
 public:
  void Add(const incentive::v1::Budget& budget) { budgets_[budget.name()] = budget; }
  void Add(const incentive::v1::FundAllocation& allocation) { allocations_[allocation.name()] = allocation; }
  void Add(const incentive::v1::FundRequest& request) { requests_[request.name()] = request; }
  // After all requests. What differs with the claim, in words; of other kinds than MDF nothing.
  std::vector<std::string> Add(const incentive::v1::Claim& claim);

  // After all claims: what differs, by the name of what it is said of.
  std::map<std::string, std::vector<std::string>> Verify() const;

 private:
  struct Claimed {
    verify::Integer pending = 0;
    verify::Integer approved = 0;
  };
  std::map<std::string, incentive::v1::Budget> budgets_;
  std::map<std::string, incentive::v1::FundAllocation> allocations_;
  std::map<std::string, incentive::v1::FundRequest> requests_;
  std::map<std::string, Claimed> claimed_;  // by request, in billionths
};

}  // namespace tributary::cli
