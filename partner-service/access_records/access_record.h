#pragma once

// Records of who read and changed what is kept masked. A pure value.

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/ids/uuid.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class AccessAction { kCreated = 1, kUpdated = 2, kDeleted = 3, kRevealed = 4, kVerified = 5, kRejected = 6 };
std::string_view NameOf(AccessAction action);

struct AccessRecord {
  std::string partner_id;
  Uuid id;  // in the order of time
  absl::Time create_time;
  AccessAction action = AccessAction::kCreated;
  std::string resource;             // partners/{partner_id}/contacts/... or .../bankAccounts/...
  std::string principal;            // who
  std::vector<std::string> fields;  // that were changed or read whole
  std::string purpose;              // of a reading

  std::string name() const;  // partners/{partner_id}/accessRecords/{id}
};

// Of something that `principal` does now to `resource`, which is the partner's.
AccessRecord RecordOf(AccessAction action, std::string_view resource, std::string_view principal, absl::Time now,
                      std::vector<std::string> fields = {}, std::string_view purpose = {});

}  // namespace tributary::partner
