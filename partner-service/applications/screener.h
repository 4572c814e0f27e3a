#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "partner-service/applications/application.h"
#include "partner-service/look_alikes/names_in_memory.h"

namespace tributary::partner {

// The names among which an applicant is looked for; both outlive whoever has it.
struct LookAlikes {
  NamesInMemory& partners;
  NamesInMemory& applications;

  // Before a transaction is opened.
  absl::Status CatchUp() const;
};

// Screens applications that this transaction has locked, by a version that is known, with what is read beside them:
// regions in use, and who looks like them. Stores and tells each, and leaves it as it is afterwards. Refused as Screen.
absl::Status ScreenApplications(const rpc::Call& call, rpc::Unit& unit, const LookAlikes& look_alikes,
                                std::string_view criteria_version, std::vector<Application>* applications);

}  // namespace tributary::partner
