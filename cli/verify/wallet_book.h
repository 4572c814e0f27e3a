#pragma once

// Works a wallet out again from its entries (SEMANTICS 12): from the first credit on, what each lot has, what each hold
// took of which lots, what is owed. Holds and clawbacks take lots by (expires_on, credit_date, id); a capture takes
// what a hold took first, a release and a restoration what it took last; what comes back after its lot's last day is a
// lot of 30 days; what has passed its last day expires before anything else happens, whole, but for what is held.
// Shares no code with the service.
//
// What it cannot tell is whether something was credited that should not have been: those are other documents, and
// `Totals` is held against them (ledger_book.h).

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "cli/verify/fraction.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::cli {

// What entries came to in all, in billionths.
struct WalletTotals {
  verify::Integer credited = 0;
  verify::Integer expired = 0;
  verify::Integer captured = 0;
  verify::Integer clawed_back = 0;
};

// Every difference found, in words; none: the wallet is right. `entries`: all of the wallet's, by number; `holds`: all
// of its holds; `today` (UTC, "2026-11-30"): the day as of which the wallet was read.
std::vector<std::string> VerifyWallet(const incentive::v1::Wallet& wallet,
                                      absl::Span<const incentive::v1::WalletEntry> entries,
                                      absl::Span<const incentive::v1::WalletHold> holds, const std::string& today,
                                      WalletTotals* totals = nullptr);

}  // namespace tributary::cli
