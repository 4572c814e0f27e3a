#pragma once

// Access records in the database; the only SQL about them. Append-only.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/access_records/access_record.h"

namespace tributary::partner {

class AccessRecordStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner, oldest first.
  absl::StatusOr<std::vector<AccessRecord>> List(mysql::Transaction& sql, std::string_view partner_id,
                                                 const Page& page) const;

  absl::Status Add(mysql::Transaction& sql, const AccessRecord& record) const;
};

}  // namespace tributary::partner
