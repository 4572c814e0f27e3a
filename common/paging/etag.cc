#include "common/paging/etag.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary {

std::string EtagOf(int64_t version) { return StrCat("\"v", version, "\""); }

absl::Status CheckEtag(std::string_view resource_name, std::string_view given, int64_t version) {
  const std::string want = EtagOf(version);
  if (given.empty() || given == want) return absl::OkStatus();
  return StaleEtag(resource_name, given, want);
}

}  // namespace tributary
