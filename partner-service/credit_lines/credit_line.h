#pragma once

// Credit lines: how much a partner may owe, and how long. Pure values and decisions; what is owed is known to
// inventory-service.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/money.h"
#include "common/time/date.h"
#include "partner-service/revision.h"

namespace tributary::partner {

struct CreditLine {
  std::string partner_id;
  std::string id;
  Revision revision;
  bool undone =
      false;  // its partner's import was undone: it is held, counts for nothing, and its id may be given again
  Money limit;
  int payment_terms_days = 0;
  DateRange valid;  // its end OpenEnd() where it is open
  bool on_hold = false;
  std::optional<Decimal> pending_limit;     // a higher one that waits for its approval
  std::vector<std::string> limit_asked_by;  // everybody who had a part in it

  std::string name() const;  // partners/{partner_id}/creditLines/{id}
};

// INVALID_FIELD: the end does not lie after the start.
absl::Status CheckTerms(const CreditLine& line);

// Whether `line` may stand beside the partner's other lines. Refused (STATE_CONFLICT, naming each): another one in its
// currency is in force on one of its days.
absl::Status CheckAlone(const CreditLine& line, const std::vector<CreditLine>& of_partner);

// The content of `changed` for that of `line`; another limit takes the place of one that waits. Refused: another
// currency; terms.
absl::StatusOr<CreditLine> Change(const CreditLine& line, const CreditLine& changed, absl::Time now);
// Asks for a higher limit on the line as it is to be otherwise; until it is approved the limit is that of before.
CreditLine AskForLimit(const CreditLine& line, Decimal limit, std::string_view subject);
// The limit that waits holds from now on, or is dropped. Refused: none waits.
absl::StatusOr<CreditLine> DecideLimit(const CreditLine& line, bool approve, absl::Time now);
// By an undone import.
CreditLine TakeBack(const CreditLine& line, absl::Time now);

}  // namespace tributary::partner
