#include "partner-service/applications/screener.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "common/matching/company_match.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/applications/application_proto.h"
#include "partner-service/applications/application_store.h"
#include "partner-service/partners/name_key.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/regions/region_store.h"

namespace tributary::partner {

namespace {

// What is shown to a person who decides: less than would make two companies one (matching::kSameFrom), more than a
// hint.
constexpr int kLeastCentibans = 200, kLeastPermille = 800;
constexpr size_t kMostAlike = 5;

void AddAlike(const NamesInMemory& names, std::string_view collection, const std::string& legal_name,
              std::vector<std::string>* found) {
  for (const AlikeName& alike : names.Alike(legal_name, kLeastPermille, kMostAlike)) {
    if (matching::EvidenceOf(alike.likeness) >= kLeastCentibans) found->push_back(StrCat(collection, alike.id));
  }
}

}  // namespace

absl::Status LookAlikes::CatchUp() const {
  RETURN_IF_ERROR(partners.CatchUp());
  return applications.CatchUp();
}

absl::Status ScreenApplications(const rpc::Call& call, rpc::Unit& unit, const LookAlikes& look_alikes,
                                std::string_view criteria_version, std::vector<Application>* applications) {
  const ApplicationStore stored;
  const PartnerStore partners;
  // What is read beside the applications, for all of them at once.
  absl::flat_hash_set<std::string> regions;
  std::vector<std::string> keys;
  std::vector<TaxId> tax_ids;
  for (const Application& application : *applications) {
    if (!application.home_region.empty()) regions.insert(application.home_region);
    keys.push_back(NameKeyOf(application.legal_name));
    tax_ids.push_back(TaxIdOf(application.tax_id));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> missing,
                   RegionStore().Missing(unit.sql(), {regions.begin(), regions.end()}));
  ASSIGN_OR_RETURN(const auto like_partners, partners.WithNames(unit.sql(), keys));
  ASSIGN_OR_RETURN(const auto like_applications, stored.WithNames(unit.sql(), keys));
  ASSIGN_OR_RETURN(const auto tax_id_holders, partners.WithTaxIds(unit.sql(), tax_ids));
  for (size_t i = 0; i < applications->size(); ++i) {
    Application& application = (*applications)[i];
    ScreeningFacts facts{.region_in_use =
                             std::find(missing.begin(), missing.end(), application.home_region) == missing.end()};
    const auto add = [&](const std::string& name, const char* reason) {
      if (name != application.name() && name != application.prospect) facts.duplicates.push_back({name, reason});
    };
    if (const auto holder = tax_id_holders.find(tax_ids[i].value); holder != tax_id_holders.end()) {
      add(holder->second, "tax id");
    }
    for (const auto* like : {&like_partners, &like_applications}) {
      const auto found = like->find(keys[i]);
      if (found == like->end()) continue;
      for (const std::string& name : found->second) add(name, "legal name");
    }
    std::vector<std::string> alike;
    AddAlike(look_alikes.partners, "partners/", application.legal_name, &alike);
    AddAlike(look_alikes.applications, "applications/", application.legal_name, &alike);
    for (const std::string& name : alike) {
      const auto same = [&](const Duplicate& duplicate) { return duplicate.name == name; };
      if (std::none_of(facts.duplicates.begin(), facts.duplicates.end(), same)) add(name, "similar name");
    }
    ASSIGN_OR_RETURN(application, partner::Screen(application, facts, criteria_version, call.now));
    RETURN_IF_ERROR(stored.UpdateScreening(unit.sql(), application));
    unit.Emit(Told("screened", application));
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
