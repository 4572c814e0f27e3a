#pragma once

// Adjustments: what people add to statements, or take from them, by hand. Values and decisions. Amounts are minor units
// of the adjustment's currency.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class AdjustmentState : int { kRequested = 1, kApproved = 2, kRejected = 3 };
std::string_view NameOf(AdjustmentState state);

struct Adjustment {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  AdjustmentState state = AdjustmentState::kRequested;
  std::string currency;
  int64_t amount = 0;   // below 0 the partner owes it
  std::string program;  // id; empty for none
  std::string reason;
  std::string document;     // documents/{document}
  std::string dispute;      // path of the dispute that it settles; empty for none
  std::string remedy;       // cases/{case}/remedies/{remedy} that asks for it; empty for none
  std::string remedy_uid;   // that remedy's, since a name may come again; empty where it was not told
  int step = 0;             // of that remedy, from 1
  std::string compensates;  // id of the adjustment of the step that it takes back; empty for none
  std::string requester;    // principal, and so below
  std::string decider;
  std::string decision_note;
  int64_t statement = 0;     // number of the statement that has it; 0 before one is issued
  int64_t ordinal = 0;       // in that statement
  std::string price_change;  // id of the rise that it charges for; empty for none

  std::string path() const { return "adjustments/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
};

// The most that finance may approve by itself in a currency.
struct AdjustmentLimit {
  std::string currency;
  int64_t version = 1;
  absl::Time update_time;
  int64_t most = 0;

  std::string name() const { return "adjustmentLimits/" + currency; }
};

// INVALID_FIELD adjustment.amount where it is 0, adjustment.document where nothing says what it rests on; both at once.
absl::Status CheckRequest(const Adjustment& adjustment);

// What takes an APPROVED one of a remedy back: as much the other way, APPROVED by the authority that approved it.
// Without an id.
Adjustment TakeBack(const Adjustment& approved, absl::Time now);

// Who decides, and up to what amount, more or less than zero; no limit: any.
struct Authority {
  std::string_view principal;
  std::optional<int64_t> most;
};

// REQUESTED -> APPROVED. Refused, in this order: STATE_CONFLICT; SECOND_PERSON_REQUIRED where the requester decides;
// ABOVE_AUTHORITY.
absl::StatusOr<Adjustment> Approve(Adjustment adjustment, const Authority& authority, std::string_view note,
                                   absl::Time now);
// REQUESTED -> REJECTED. STATE_CONFLICT; SECOND_PERSON_REQUIRED where the requester decides.
absl::StatusOr<Adjustment> Reject(Adjustment adjustment, std::string_view principal, std::string_view note,
                                  absl::Time now);

}  // namespace tributary::incentive
