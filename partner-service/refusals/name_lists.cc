#include "partner-service/refusals/name_lists.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "common/ids/resource_name.h"
#include "common/text/text.h"

namespace tributary::partner {

void CheckDistinct(std::string_view field, const std::vector<std::string>& elements,
                   std::vector<FieldViolation>* violations) {
  absl::flat_hash_set<std::string_view> seen;
  for (size_t i = 0; i < elements.size(); ++i) {
    if (seen.insert(elements[i]).second) continue;
    violations->push_back({StrCat(field, "[", i, "]"), elements[i], "each element once"});
  }
}

void CheckNames(std::string_view field, std::string_view pattern, const std::vector<std::string>& names,
                std::vector<FieldViolation>* violations) {
  for (size_t i = 0; i < names.size(); ++i) CheckName(StrCat(field, "[", i, "]"), pattern, names[i], violations);
}

void CheckName(std::string_view field, std::string_view pattern, std::string_view name,
               std::vector<FieldViolation>* violations) {
  const auto ids = ParseResourceName(name, pattern, field);
  if (ids.ok()) return;
  for (FieldViolation& violation : DetailOf(ids.status()).violations) violations->push_back(std::move(violation));
}

}  // namespace tributary::partner
