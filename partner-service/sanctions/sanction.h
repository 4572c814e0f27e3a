#pragma once

// Sanctions: SCHEDULED -> IN_FORCE -> ENDED by their days; HALTED while an appeal is not decided; LIFTED. Pure values
// and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/partners/partner.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class SanctionKind { kWarning = 1, kSuspension = 2, kGrantReduction = 3 };
enum class SanctionState { kScheduled = 1, kInForce = 2, kHalted = 3, kEnded = 4, kLifted = 5 };
std::string_view NameOf(SanctionKind kind);
std::string_view NameOf(SanctionState state);

struct Sanction {
  std::string partner_id;
  std::string id;
  Revision revision;
  SanctionKind kind = SanctionKind::kWarning;
  int level = 0;
  std::string reason;
  std::string cause;                          // a resource name, or empty
  std::vector<std::string> territory_grants;  // partners/{partner}/territoryGrants/{territory_grant}
  DateRange effective;                        // its end OpenEnd() where it is open
  SanctionState state = SanctionState::kScheduled;
  bool suspends = false;  // it is why the partner is SUSPENDED, perhaps with others
  std::string principal;
  std::string lift_reason;
  std::string lifter;
  std::optional<absl::Time> lift_time;

  std::string name() const;  // partners/{partner_id}/sanctions/{id}
};

// It is neither ENDED nor LIFTED.
bool Lasts(const Sanction& sanction);
// It is IN_FORCE and of a kind that keeps the partner from new territory.
bool KeepsFromGrants(const Sanction& sanction);

// All that is wrong (INVALID_FIELD): a reason or cause with control characters; grants without a GRANT_REDUCTION, none
// with one, or ones that are not the partner's; a first day before `today`, an end that does not lie after it.
absl::Status CheckContent(const Sanction& sanction, Date today);

// The sanction as it begins its life on `today`: SCHEDULED, or IN_FORCE where its first day is today. Without a level
// of its own it has the one above the highest of `others` that last.
Sanction Impose(Sanction sanction, const std::vector<Sanction>& others, std::string_view principal, Date today,
                absl::Time now);

// What the day makes of it: begun, ended, or nothing.
std::optional<Sanction> Turned(const Sanction& sanction, Date today, absl::Time now);
// When that is to be looked at next; none where no day changes it. By the partner's calendar.
std::optional<absl::Time> DueOf(const Sanction& sanction, const Partner& partner);

// By an appeal; none where it is over or halted already.
std::optional<Sanction> Halt(const Sanction& sanction, absl::Time now);
// By the appeal's dismissal, on `today`: its days are counted from then where they had begun. None where it is not
// HALTED.
std::optional<Sanction> Resume(const Sanction& sanction, Date today, absl::Time now);
// Refused: ENDED or LIFTED.
absl::StatusOr<Sanction> Lift(const Sanction& sanction, std::string_view reason, std::string_view lifter,
                              absl::Time now);

}  // namespace tributary::partner
