#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "conflict-service/contests/terms.h"
#include "conflict-service/deals/deal.h"

namespace tributary::conflict {

// Work that a partner did for a deal.
struct Evidence {
  enum class State { kUnverified = 1, kVerified = 2 };
  std::string name;  // partners/{partner}/deals/{deal}/evidence/{evidence}
  std::string deal;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  State state = State::kUnverified;
  EvidenceKind kind = EvidenceKind::kMeeting;
  Date date;
  std::string document;  // documents/{document}, or empty
  std::string note;
  std::string created_by;
  std::string verified_by;
};

// Refuses, in this order: a date after today, a document that is no name of one (INVALID_FIELD below `field`, both at
// once); a deal that is not in DRAFT, SUBMITTED or UNDER_REVIEW (STATE_CONFLICT).
absl::StatusOr<Evidence> NewEvidence(Evidence draft, const Deal& deal, std::string_view field, absl::Time now);
// UNVERIFIED to VERIFIED. STATE_CONFLICT, also of the deal as above; SECOND_PERSON_REQUIRED for who added it.
absl::StatusOr<Evidence> Verify(Evidence evidence, const Deal& deal, std::string_view subject, absl::Time now);

}  // namespace tributary::conflict
