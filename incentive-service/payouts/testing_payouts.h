#pragma once

// For tests: a payout of 15.00 CNY that p2's clerk asks for.

#include <string>
#include <utility>

#include "incentive-service/payouts/payout.h"

namespace tributary::incentive {

inline Payout PayoutOf(std::string id, int64_t amount = 1500) {
  return {.partner = "p2",
          .id = std::move(id),
          .currency = "CNY",
          .amount = amount,
          .hold = "h1",
          .payee = "p2",
          .bank_account = "main",
          .requester = "clerk"};
}

}  // namespace tributary::incentive
