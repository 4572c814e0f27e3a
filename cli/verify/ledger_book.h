#pragma once

// Works the ledger of incentives out again from its entries, and holds it against the documents that it is of: every
// entry balances; entries and legs are numbered without gaps; each balance is the sum of the legs before; each
// statement, claim, wallet and payout stands where its entries left it; what was passed on was passed on to somebody.
// Shares no code with the service.

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "cli/verify/fraction.h"
#include "cli/verify/wallet_book.h"
#include "tributary/incentive/v1/claim.pb.h"
#include "tributary/incentive/v1/deduction.pb.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"
#include "tributary/incentive/v1/payout.pb.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {

class LedgerBook {
 public:
  using Account = incentive::v1::LedgerEntry::Account;

  // In the order of their partners and numbers. What differs, in words.
  std::vector<std::string> Add(const incentive::v1::LedgerEntry& entry);

  // Once all entries are there, of each document, in words: where it does not stand as its entries say.
  std::vector<std::string> Verify(const incentive::v1::Statement& statement) const;
  std::vector<std::string> Verify(const incentive::v1::Claim& claim) const;
  std::vector<std::string> Verify(const incentive::v1::Payout& payout) const;
  // `name`: partners/{partner}/wallets/{wallet}; `totals`: of its entries.
  std::vector<std::string> VerifyWallet(const std::string& name, const WalletTotals& totals) const;
  // `deductions`: all of a partner's.
  std::vector<std::string> VerifyDeductions(const std::string& partner,
                                            absl::Span<const incentive::v1::Deduction> deductions) const;
  // Over all partners.
  std::vector<std::string> VerifyPassedOn() const;

 private:
  using Amounts = std::map<Account, verify::Integer>;  // billionths; where nothing is there is no account
  Amounts Of(const std::string& item, const std::string& currency) const;
  std::vector<std::string> Compare(const Amounts& stated, const Amounts& entered) const;

  std::map<std::string, int64_t> numbers_;  // of the last entry, by partner
  std::map<std::tuple<std::string, std::string, Account>, std::pair<int64_t, verify::Integer>>
      accounts_;                                                  // by (partner, currency, account)
  std::map<std::pair<std::string, std::string>, Amounts> items_;  // by (name, currency)
};

}  // namespace tributary::cli
