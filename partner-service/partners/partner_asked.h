#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/ids/resource_name.h"
#include "common/rpc/call.h"
#include "common/status/status.h"

namespace tributary::partner {

// Whose rows the caller may see, of those of the partner that the request names in its field `partner`: its id, or
// empty for all. For rows that lie below no partner.
inline absl::StatusOr<std::string> PartnerAsked(const rpc::Call& call, const std::string& partner) {
  if (partner.empty() || partner == "partners/-") return call.identity->partner;
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(partner, "partners/{partner}", "partner"));
  return std::move(ids.front());
}

}  // namespace tributary::partner
