#include "incentive-service/programs/revision.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::StatusOr<RevisionName> ParseRevisionName(std::string_view name, std::string_view field) {
  const size_t at = name.rfind('@');
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(name.substr(0, at), "programs/{program}", field));
  RevisionName parsed{ids[0], std::nullopt};
  if (at == std::string_view::npos) return parsed;
  int64_t version = 0;
  if (!absl::SimpleAtoi(Abseil(name.substr(at + 1)), &version) || version < 1) {
    return InvalidField(field, name, "programs/{program}@{revision}, the last a number from 1");
  }
  parsed.version = version;
  return parsed;
}

std::string RevisionNameOf(const Program& program) { return StrCat(program.name(), "@", program.version); }

}  // namespace tributary::incentive
