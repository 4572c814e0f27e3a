#pragma once

// The terms of an agreement one after the other, and the days on which the feed tells that one is to be renewed or has
// ended. Pure decisions.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/agreements/agreement.h"

namespace tributary::partner {

// What the next term has of its own.
struct Renewal {
  std::string id;                       // empty: made up
  std::optional<Date> from;             // unset: where the agreement ends
  Date to = OpenEnd();                  // first day no longer in force
  std::optional<AgreementTerms> terms;  // unset: the same
  std::string text;                     // empty: the same; only where the text is given
};

// The next term as a DRAFT without its text being written. `others` are the partner's agreements. Refused: not SIGNED;
// VALIDITY_OVERLAP where it has a next term that is not TERMINATED; `effective_from` unset for one without end, or not
// within it; what CheckTerms says.
absl::StatusOr<Agreement> Renew(const Agreement& agreement, const std::vector<Agreement>& others,
                                const Renewal& renewal, absl::Time now);

// The agreement once its next term is signed: it ends where that begins. Refused: it is not SIGNED, or ends before.
absl::StatusOr<Agreement> Succeed(const Agreement& agreement, const Agreement& next_term, absl::Time now);

// STATE_CONFLICT where a next term is signed and not TERMINATED: a chain of terms is ended at its end.
absl::Status CheckLastTerm(const Agreement& agreement, const std::vector<Agreement>& others);

struct DueNotice {
  AgreementNotice notice;
  Date day;  // in UTC
  friend bool operator==(const DueNotice&, const DueNotice&) = default;
};
// What the feed is to tell next of the agreement. Nothing: it is not in force on any day, has no end, or all is told.
// Once it has a successor or is TERMINATED, its renewal is nothing to tell.
std::optional<DueNotice> NextNotice(const Agreement& agreement);

}  // namespace tributary::partner
