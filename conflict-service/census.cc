#include "conflict-service/census.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/status/status.h"
#include "conflict-service/findings/finding_store.h"

namespace tributary::conflict {

void AddCensus(process::Census& census, prometheus::Registry& registry) {
  std::vector<std::string> kinds;
  for (const FindingKind kind : kAllFindingKinds) kinds.emplace_back(NameOf(kind));
  const auto open = std::make_shared<process::CensusGauge>(registry, "tributary_conflict_open_findings",
                                                           "Findings that are open, by kind", "kind", kinds);
  census.Add("findings", absl::Seconds(30), [open](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto counts, FindingStore().CountOpen(sql));
    std::map<std::string, double> shown;
    for (const auto& [kind, count] : counts) shown[std::string(NameOf(kind))] = static_cast<double>(count);
    open->Set(shown);
    return absl::OkStatus();
  });
}

}  // namespace tributary::conflict
