#pragma once

// Deductions: what partners took off invoices when they paid them. Values and decisions. Amounts are minor units of the
// deduction's currency.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"
#include "incentive-service/ledger/aged_balances.h"
#include "incentive-service/ledger/ledger_entry.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class DeductionState : int { kOpen = 1, kMatched = 2, kWrittenOff = 3, kChargedBack = 4 };
std::string_view NameOf(DeductionState state);

// What of it was taken for one claim or statement, or taken back: then below 0.
struct DeductionMatch {
  std::string item;  // claims/{claim} or statements/{statement}
  int64_t amount = 0;
  std::string principal;
  absl::Time match_time;
  std::string note;  // of what is taken back: why
  friend bool operator==(const DeductionMatch&, const DeductionMatch&) = default;
};

struct Deduction {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  DeductionState state = DeductionState::kOpen;
  std::string invoice;  // its number
  std::string currency;
  int64_t amount = 0;
  Date taken_on;
  std::string reason;
  std::string recorder;  // principal, and so below
  std::string resolver;
  std::string resolution_note;
  int64_t written_off = 0;
  std::vector<DeductionMatch> matches;

  std::string path() const { return "deductions/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
  std::string invoice_name() const { return "partners/" + partner + "/invoices/" + invoice; }
  int64_t matched() const;
  int64_t matched_to(std::string_view item) const;
  int64_t open() const { return state == DeductionState::kOpen ? amount - matched() : 0; }
};

// INVALID_FIELD deduction.amount where it is not above 0, deduction.taken_on after `latest_today`; both at once.
absl::Status CheckDeduction(const Deduction& deduction, Date latest_today);

// Whether so much may have been taken off the invoice: `gross`: what that comes to with tax; `others`: what else was
// taken off it. Refused, in this order: ALREADY_EXISTS where one of those, but for those charged back, is of the same
// amount and day; ALLOCATION_EXCEEDS where less of the invoice is left, of which one that is charged back takes what it
// was matched to before.
absl::Status CheckTaken(const Deduction& deduction, int64_t gross, const std::vector<Deduction>& others);

// With one more match, MATCHED where nothing is left. Refused, in this order: STATE_CONFLICT unless it is open;
// INVALID_FIELD amount where it is not above 0; ALLOCATION_EXCEEDS where less is open. (What it is matched to: Deduct
// of claims/claim.h, DeductItems of statements/settlement.h.)
absl::StatusOr<Deduction> Match(Deduction deduction, std::string item, int64_t amount, std::string_view principal,
                                absl::Time now);
// All that is matched to the item taken back: OPEN again. Refused, in this order: STATE_CONFLICT unless it is open or
// matched; SECOND_PERSON_REQUIRED where the principal wrote the deduction down; INVALID_FIELD entitlement where nothing
// is matched to that. (What it was matched to: Undeduct of claims/claim.h, UndeductItems of statements/settlement.h.)
absl::StatusOr<Deduction> Unmatch(Deduction deduction, std::string item, std::string_view principal,
                                  std::string_view note, absl::Time now);
// OPEN -> WRITTEN_OFF. STATE_CONFLICT; SECOND_PERSON_REQUIRED where the principal wrote the deduction down.
absl::StatusOr<Deduction> WriteOff(Deduction deduction, std::string_view principal, std::string_view note,
                                   absl::Time now);
// OPEN -> CHARGED_BACK. STATE_CONFLICT.
absl::StatusOr<Deduction> ChargeBack(Deduction deduction, std::string_view principal, std::string_view note,
                                     absl::Time now);

// What the deduction's own change moves in the ledger: what is written off comes from COST and stands in DEDUCTED. What
// is matched is entered with the claim or statement. Unset where nothing moves.
std::optional<LedgerEntry> MoveOf(const Deduction& before, const Deduction& after);

// What of deductions is open, by how long ago it was taken.
struct AgedDeductions {
  std::string currency;
  std::array<int64_t, kAges> by_age{};
  int64_t total = 0;
  std::vector<Deduction> deductions;  // in the order given
};
// By currency. `open`: deductions that are open, by (currency, taken_on).
std::vector<AgedDeductions> Age(std::vector<Deduction> open, Date as_of);

}  // namespace tributary::incentive
