#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace tributary {

// The etag of a resource's version, quoted as in HTTP: 7 -> "v7" with the quotation marks.
std::string EtagOf(int64_t version);

// Whether `given` still holds. An empty one asks for no check; any other must be EtagOf(version), else ABORTED /
// ETAG_MISMATCH, which names the etag to have.
absl::Status CheckEtag(std::string_view resource_name, std::string_view given, int64_t version);

}  // namespace tributary
