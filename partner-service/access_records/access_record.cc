#include "partner-service/access_records/access_record.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/text/text.h"

namespace tributary::partner {

std::string_view NameOf(AccessAction action) {
  switch (action) {
    case AccessAction::kCreated:
      return "CREATED";
    case AccessAction::kUpdated:
      return "UPDATED";
    case AccessAction::kDeleted:
      return "DELETED";
    case AccessAction::kRevealed:
      return "REVEALED";
    case AccessAction::kVerified:
      return "VERIFIED";
    case AccessAction::kRejected:
      return "REJECTED";
  }
  return "ACTION_UNSPECIFIED";
}

std::string AccessRecord::name() const { return StrCat("partners/", partner_id, "/accessRecords/", id.ToString()); }

AccessRecord RecordOf(AccessAction action, std::string_view resource, std::string_view principal, absl::Time now,
                      std::vector<std::string> fields, std::string_view purpose) {
  return {.partner_id = std::string(PartnerOf(resource)),
          .id = Uuid::New(now),
          .create_time = now,
          .action = action,
          .resource = std::string(resource),
          .principal = std::string(principal),
          .fields = std::move(fields),
          .purpose = std::string(purpose)};
}

}  // namespace tributary::partner
