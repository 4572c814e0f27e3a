#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/suite.h"

namespace tributary::cli {

struct BookReport {
  int64_t wallets = 0;
  int64_t claims = 0;
  int64_t approved = 0;  // of them: approved or paid
  int64_t derived = 0;   // of these: worked out again from facts, all of it
  int64_t ledger_entries = 0;
  std::vector<std::string> differences;  // in words, with the document's name
  std::vector<std::string> open;         // likewise: what cannot be told, and why
};

// Reads wallets with their entries and holds, claims with deductions, and the ledger of incentives, of all partners,
// and works each out again (verify/wallet_book.h, claim_book.h, ledger_book.h), claims from what they are claimed
// against and the facts as well (claims_by_facts.h, fund_book.h), as far as the caller may read these. What moves while
// it is read may differ for a moment: what differs is read a second time, and told where it differs then too.
absl::StatusOr<BookReport> VerifyBooks(Suite& suite);

}  // namespace tributary::cli
