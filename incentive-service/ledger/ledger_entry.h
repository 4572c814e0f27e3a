#pragma once

// The ledger of incentives: what a partner was granted and where that money is. Values and decisions. Amounts are minor
// units of the entry's currency.
//
// Each item (an entry of a statement, a claim, an opening balance, a wallet, a payout, a deduction, an accrual, the
// part of a budget that one has) stands somewhere: so much of it in this account, so much in that. An entry is the
// difference between where it stood and where it stands, and what is left of that comes from COST; so the legs of an
// entry always sum to 0, and the entries of an item telescope to where it stands.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace tributary::incentive {

// The numbers of both are stored and are those of the wire.
enum class LedgerAccount : int {
  kCost = 1,        // where it comes from: what incentives cost
  kStated = 2,      // by statements that are issued, neither settled nor held back
  kWithheld = 3,    // stated, and held back by disputes
  kClaimed = 4,     // not decided
  kApproved = 5,    // of claims, not paid
  kPaid = 6,        // credited to wallets, neither expired there nor sent to banks
  kClawedBack = 7,  // taken back from wallets: 0 or less
  kExpired = 8,     // credited to wallets and expired there
  kPaidOut = 9,     // sent from wallets to banks
  kDeducted = 10,   // taken by the partner off what it paid for invoices, and granted
  // Where that comes from, instead of kCost, which the partner keeps beyond its share of a program's budget: 0 or less.
  kBudgetOverrun = 11,
  kPassedOn = 12,  // paid to its payees, or below 0 for others that it is the payee of: 0 over all partners
  // Where that comes from, instead of kCost, which late facts took and a cap of clawbacks leaves stated: 0 or less.
  kClawbackWaived = 13,
  kAccrued = 14,    // earned, or charged, and not told by a statement that is issued
  kExchanged = 15,  // out of wallets into another currency, and below 0 in that: what was paid out in it
};
inline constexpr int kLedgerAccounts = 15;  // from 1 on
enum class LedgerKind : int {
  kIssue = 1,
  kDispute = 2,
  kResolution = 3,
  kSettlement = 4,
  kClaim = 5,
  kApproval = 6,
  kRefusal = 7,
  kPayment = 8,
  kOpening = 9,
  kExpiry = 10,
  kCorrection = 11,
  kPayout = 12,
  kReturn = 13,
  kDeduction = 14,
  kWriteOff = 15,
  kOverrun = 16,
  kAccrual = 17,
};
inline constexpr int kLedgerKinds = 17;  // from 1 on
std::string_view NameOf(LedgerAccount account);
std::string_view NameOf(LedgerKind kind);

struct LedgerItem {
  std::string partner;
  std::string path;       // of its name, without "partners/{partner}/"
  std::string program;    // id; empty where it is of none
  std::string period;     // id; empty where it is of none
  int64_t statement = 0;  // number; 0 where it is of none
  std::string currency;
  friend bool operator==(const LedgerItem&, const LedgerItem&) = default;
};

struct LedgerLeg {
  LedgerAccount account = LedgerAccount::kCost;
  int64_t amount = 0;         // into the account
  int64_t account_seq = 0;    // counts the legs of the account from 1; the store numbers them
  int64_t balance_after = 0;  // of the account
};

struct LedgerEntry {
  LedgerItem item;
  LedgerKind kind = LedgerKind::kIssue;
  std::vector<LedgerLeg> legs;  // by account, none of 0
  int64_t number = 0;           // counts the partner's entries from 1; the store numbers them
  absl::Time entry_time;

  std::string name() const { return "partners/" + item.partner + "/ledgerEntries/" + std::to_string(number); }
};

// Where the money of an item is, but for kCost; an account that is missing has nothing of it.
using Standing = std::map<LedgerAccount, int64_t>;

// What takes an item from one standing to another; unset where that is the same.
std::optional<LedgerEntry> Move(LedgerItem item, LedgerKind kind, const Standing& before, const Standing& after);

}  // namespace tributary::incentive
