#include "common/ids/resource_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary {
namespace {

// What may stand for {variable}: every resource id, and codes of outside documents. "." and ".." would be eaten by
// HTTP clients on the way.
bool IsSegment(std::string_view id) {
  return !id.empty() && id.size() <= 64 && id != "." && id != ".." && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '~' || c == '-';
  });
}

// Cuts the part before the next '/' off `rest`.
std::string_view NextSegment(std::string_view& rest) {
  const size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, slash);
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  return segment;
}

}  // namespace

bool IsResourceId(std::string_view id) {
  return !id.empty() && id.size() <= 63 && id.front() != '-' && id.back() != '-' &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; });
}

absl::StatusOr<std::vector<std::string>> ParseResourceName(std::string_view name, std::string_view pattern,
                                                           std::string_view field) {
  std::vector<std::string> ids;
  bool good = std::count(name.begin(), name.end(), '/') == std::count(pattern.begin(), pattern.end(), '/');
  std::string_view name_rest = name;
  std::string_view pattern_rest = pattern;
  while (good && !pattern_rest.empty()) {
    const std::string_view want = NextSegment(pattern_rest);
    const std::string_view got = NextSegment(name_rest);
    if (want.starts_with('{')) {
      good = IsSegment(got);
      ids.emplace_back(got);
    } else {
      good = got == want;
    }
  }
  if (!good) {
    return InvalidField(field, name,
                        StrCat("a name of the form ", pattern, ", each {} 1 to 64 characters of A-Za-z0-9._~-"));
  }
  return ids;
}

std::string_view PartnerOf(std::string_view name) {
  constexpr std::string_view kPrefix = "partners/";
  if (!name.starts_with(kPrefix)) return {};
  name.remove_prefix(kPrefix.size());
  return NextSegment(name);
}

}  // namespace tributary
