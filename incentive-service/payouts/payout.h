#pragma once

// Payouts: money of wallets that is sent to banks. Values and decisions. Amounts are minor units of the payout's
// currency.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/rational.h"
#include "common/time/date.h"
#include "incentive-service/ledger/ledger_entry.h"
#include "incentive-service/wallets/wallet.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class PayoutState : int { kRequested = 1, kApproved = 2, kRejected = 3, kPaid = 4, kFailed = 5, kWithdrawn = 6 };
std::string_view NameOf(PayoutState state);

// What is paid in another currency than the wallet's.
struct PayoutExchange {
  std::string currency;   // in which it is paid
  std::string rate_type;  // of the rate
  Date date;              // of the rate: the day on which the payout is asked for (UTC)
  Rational rate;          // units of `currency` for one of the wallet's; a decimal
  int64_t amount = 0;     // minor units of `currency`: the wallet's amount times the rate, rounded once, half-even
  friend bool operator==(const PayoutExchange&, const PayoutExchange&) = default;
};

struct Payout {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  PayoutState state = PayoutState::kRequested;
  std::string currency;
  int64_t amount = 0;
  std::string hold;          // id of the hold that has the money
  std::string payee;         // id of the partner whose bank account it goes to
  std::string bank_account;  // id
  std::string note;
  std::string requester;  // principal, and so below
  std::string decider;
  std::string decision_note;
  std::string payer;
  std::string bank_reference;
  std::optional<absl::Time> pay_time;
  std::string failure;
  std::optional<PayoutExchange> exchange;  // unset where it is paid in the wallet's currency

  const std::string& paid_in() const { return exchange.has_value() ? exchange->currency : currency; }
  std::string path() const { return "payouts/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
  std::string bank_account_name() const { return "partners/" + payee + "/bankAccounts/" + bank_account; }
};

// What is known of a bank account.
struct BankAccount {
  std::string currency;
  bool payable = false;  // money may be sent to it
  friend bool operator==(const BankAccount&, const BankAccount&) = default;
};

// The payout with what is paid for it in the other currency that it names. RATE_NOT_FOUND where there is no rate,
// INVALID_FIELD payout.amount where nothing would be left of it, OVERFLOW.
absl::StatusOr<Payout> Exchange(Payout payout, const std::optional<Rational>& rate);

// REFERENCE_NOT_FOUND, with the same words whatever is wrong: `payee`, who is paid what the partner earns, is another
// one than the bank account's partner; the account, if it is known, is in another currency than it is paid in, or not
// payable.
absl::Status CheckBankAccount(const Payout& payout, std::string_view payee, const std::optional<BankAccount>& account);

// The hold that is to have the money.
WalletHold HoldFor(const Payout& payout);

// REQUESTED -> APPROVED, and -> REJECTED. STATE_CONFLICT; SECOND_PERSON_REQUIRED where the requester decides.
absl::StatusOr<Payout> Approve(Payout payout, std::string_view principal, std::string_view note, absl::Time now);
absl::StatusOr<Payout> Reject(Payout payout, std::string_view principal, std::string_view note, absl::Time now);
// REQUESTED -> WITHDRAWN. STATE_CONFLICT.
absl::StatusOr<Payout> Withdraw(Payout payout, absl::Time now);
// APPROVED -> PAID. STATE_CONFLICT; SECOND_PERSON_REQUIRED where the principal asks for it or approved it.
absl::StatusOr<Payout> Pay(Payout payout, std::string_view principal, std::string_view bank_reference, absl::Time now);
// APPROVED or PAID -> FAILED. STATE_CONFLICT; SECOND_PERSON_REQUIRED where the requester says so.
absl::StatusOr<Payout> Fail(Payout payout, std::string_view principal, std::string_view reason, absl::Time now);

// What the payout's change moves in the ledger: paid it takes from PAID what stands in PAID_OUT then; where it comes
// back, the other way. In another currency EXCHANGED stands between the two, with an entry in each. None where nothing
// moves.
std::vector<LedgerEntry> MovesOf(const Payout& before, const Payout& after);

}  // namespace tributary::incentive
