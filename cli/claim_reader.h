#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "cli/suite.h"
#include "cli/verify/claim_grounds.h"
#include "cli/verify/fund_book.h"
#include "tributary/incentive/v1/claim.pb.h"

namespace tributary::cli {

// What the approved claims are made against, and the facts of the partners that claim, by product. `grounds` but for
// `decided`.
absl::Status ReadGrounds(Suite& suite, const std::vector<incentive::v1::Claim>& claims, ClaimGrounds* grounds);

// All budgets, allocations and requests.
absl::StatusOr<FundBook> ReadFunds(Suite& suite);

// The document of partner-service that a proof names: what differs, in words, or that it is not there, in `open`.
absl::Status CompareProof(Suite& suite, const incentive::v1::ClaimProof& proof, std::vector<std::string>* differences,
                          std::vector<std::string>* open);

}  // namespace tributary::cli
