#include "partner-service/census.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/status/status.h"
#include "partner-service/applications/application_store.h"
#include "partner-service/partners/partner_store.h"

namespace tributary::partner {
namespace {

constexpr absl::Duration kEvery = absl::Seconds(30);

// One gauge, one census: `store` counts by state, `last` is the last of the states, which count from 1.
template <typename State, typename Store>
void Add(process::Census& census, prometheus::Registry& registry, const char* what, const char* name, const char* help,
         State last) {
  std::vector<std::string> states;
  for (int state = 1; state <= static_cast<int>(last); ++state) {
    states.emplace_back(NameOf(static_cast<State>(state)));
  }
  const auto gauge = std::make_shared<process::CensusGauge>(registry, name, help, "state", states);
  census.Add(what, kEvery, [gauge](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto counts, Store().CountByState(sql));
    std::map<std::string, double> shown;
    for (const auto& [state, count] : counts) shown[std::string(NameOf(state))] = static_cast<double>(count);
    gauge->Set(shown);
    return absl::OkStatus();
  });
}

}  // namespace

void AddCensus(process::Census& census, prometheus::Registry& registry) {
  Add<ApplicationState, ApplicationStore>(census, registry, "applications", "tributary_partner_applications",
                                          "Applications, by state", ApplicationState::kInfoRequested);
  Add<PartnerState, PartnerStore>(census, registry, "partners", "tributary_partner_partners", "Partners, by state",
                                  PartnerState::kTerminated);
}

}  // namespace tributary::partner
