#pragma once

// Opening balances: what a partner had in its wallet, and had come to in periods of programs that are running, where
// these were kept before. Values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "incentive-service/ledger/ledger_entry.h"
#include "incentive-service/wallets/wallet.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class OpeningBalanceState : int {
  kRequested = 1,  // volumes wait for a second person, and what comes with them
  kRecorded = 2,
  kRejected = 3,
};
std::string_view NameOf(OpeningBalanceState state);

// What the partner came to in the period of a program that is running on the day of the balance, with that day.
struct ProgramVolume {
  std::string program;  // id
  std::string period;   // of its scale, the one that has the day
  Decimal amount;       // qualifying, in the program's currency, 0 or more
  Decimal quantity;     // base units, 0 or more
  int64_t paid = 0;     // of what the period earns: minor units, 0 or more
  friend bool operator==(const ProgramVolume&, const ProgramVolume&) = default;
};

// What it says never changes.
struct OpeningBalance {
  std::string partner;
  std::string id;
  Uuid uid;
  absl::Time create_time;
  Date date;  // on which it held
  std::string currency;
  std::string document;
  std::vector<Lot> lots;  // id, amount, expires_on, credit_date, source: what is credited
  std::vector<ProgramVolume> volumes;
  int64_t version = 1;
  absl::Time update_time;
  OpeningBalanceState state = OpeningBalanceState::kRecorded;
  std::string requester;  // principal, as the next
  std::string decider;    // empty where nothing is to be decided, or is not yet
  std::string decision_note;

  std::string path() const { return "openingBalances/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
};

// What is malformed: a date that has begun nowhere yet; neither lots nor volumes; volumes that rest on no document; of
// each lot an id that is named twice, an amount that is not above 0, a credit after the date; of each volume a program
// that is named twice, a sum below 0, nothing but 0. In this order, below `field`.
std::vector<FieldViolation> CheckOpeningBalance(const OpeningBalance& balance, Date latest_today,
                                                std::string_view field);

// REQUESTED -> RECORDED, and -> REJECTED. STATE_CONFLICT; SECOND_PERSON_REQUIRED where the requester decides.
absl::StatusOr<OpeningBalance> Approve(OpeningBalance balance, std::string_view principal, std::string_view note,
                                       absl::Time now);
absl::StatusOr<OpeningBalance> Reject(OpeningBalance balance, std::string_view principal, std::string_view note,
                                      absl::Time now);

// What recording it enters into the ledger: its lots are in a wallet from now on.
std::optional<LedgerEntry> MoveOf(const OpeningBalance& balance);

}  // namespace tributary::incentive
