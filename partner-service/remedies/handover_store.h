#pragma once

// Which steps of remedies have reassigned a territory; the only SQL about them. Each call works in the caller's
// transaction, which has locked the partners.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"

namespace tributary::partner {

// A step by which a grant of a partner's was taken from a day on, and given to a recipient, or to nobody.
struct StepHandover {
  std::string remedy_uid;
  int order = 0;  // of the step
  std::string partner_id;
  std::string grant_id;
  std::string recipient_id;  // empty: nobody
  Date from;
  bool given_back = false;

  friend bool operator==(const StepHandover&, const StepHandover&) = default;
};

class HandoverStore {
 public:
  // None where the step was not carried out.
  absl::StatusOr<std::optional<StepHandover>> Find(mysql::Transaction& sql, std::string_view remedy_uid,
                                                   int order) const;
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const StepHandover& handover) const;
  // Of one that there is.
  absl::Status MarkGivenBack(mysql::Transaction& sql, const StepHandover& handover) const;
};

}  // namespace tributary::partner
