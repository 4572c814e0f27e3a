#pragma once

// For tests: a budget of 10,000.00 CNY for 2026, 8,000.00 of it partner p2's, a request and a claim.

#include <string>
#include <utility>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/budgets/budget.h"
#include "incentive-service/claims/claim.h"
#include "incentive-service/fund_requests/fund_request.h"

namespace tributary::incentive {

inline Date DayOf(std::string_view text) { return *Date::Parse(text); }
inline absl::Time NoonOn(std::string_view day) {
  return absl::FromUnixSeconds(int64_t{DayOf(day).days()} * 86400 + 12 * 3600);
}

inline Budget YearBudget() {
  return {.id = "mdf-2026",
          .display_name = "Market development 2026",
          .currency = "CNY",
          .amount = 1000000,
          .effective = {DayOf("2026-01-01"), DayOf("2027-01-01")},
          .claim_days = 30,
          .allocated = 800000};
}

inline FundAllocation AllocationOfP2() {
  return {.partner = "p2", .id = "mdf-2026", .budget = "mdf-2026", .currency = "CNY", .amount = 800000};
}

inline FundRequest RequestOf(std::string id, int64_t amount) {
  return {.partner = "p2",
          .id = std::move(id),
          .allocation = "mdf-2026",
          .description = "A fair",
          .days = {DayOf("2026-05-04"), DayOf("2026-05-09")},
          .currency = "CNY",
          .amount = amount,
          .requester = "clerk"};
}

// "r1 APPROVED 5000 - 0 - 0 - 0": approved, pending, claimed, returned.
inline std::string Text(const FundRequest& request) {
  return StrCat(request.id, " ", NameOf(request.state), " ", request.approved, " - ", request.pending, " - ",
                request.claimed, " - ", request.returned);
}

inline Claim ClaimOf(std::string id, int64_t amount, std::string sha256 = std::string(64, 'a')) {
  return {.partner = "p2",
          .id = std::move(id),
          .fund_request = "r1",
          .currency = "CNY",
          .amount = amount,
          .proofs = {{"documents/invoice-7", std::move(sha256)}},
          .claimant = "clerk"};
}

}  // namespace tributary::incentive
