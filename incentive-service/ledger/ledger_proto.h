#pragma once

// The ledger on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/ledger/accrued.h"
#include "incentive-service/ledger/ledger_store.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"

namespace tributary::incentive {

// partners/{partner}/ledgerEntries/{number}; a last segment that is no number names an entry that is not there
// (NOT_FOUND).
absl::StatusOr<LedgerKey> ParseLedgerEntryName(std::string_view name);

v1::LedgerEntry ToProto(const LedgerEntry& entry);
v1::AgedBalances ToProto(std::string_view partner, const std::vector<AgedBalance>& balances, Date as_of);
// `balances`: by program.
v1::AccruedBalances ToProto(std::string_view partner, const std::vector<AccruedBalance>& balances, Date as_of);

}  // namespace tributary::incentive
