#include "inventory-service/stock_findings/territory_derivation.h"

#include <algorithm>
#include <map>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/ledger/stock_lock.h"
#include "inventory-service/stock_findings/settling.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::inventory {
namespace {

// Whose grants or home the events tell of, and which regions.
struct ToldFacts {
  std::set<std::string> partners;
  std::set<std::string> regions;
};

ToldFacts ToldIn(absl::Span<const events::Event> events) {
  ToldFacts told;
  for (const events::Event& event : events) {
    if (event.type == partner::v1::Region::descriptor()->full_name()) {
      if (const auto ids = ParseResourceName(event.name, "regions/{region}"); ids.ok()) told.regions.insert(ids->at(0));
    } else if (event.type == partner::v1::TerritoryGrant::descriptor()->full_name() ||
               event.type == partner::v1::Partner::descriptor()->full_name()) {
      told.partners.emplace(PartnerOf(event.name));
    }
  }
  return told;
}

}  // namespace

absl::Status TerritoryDerivation::Derive(mysql::Transaction& sql, const std::set<StockKey>& taken_over, absl::Time now,
                                         events::Outbox& outbox) const {
  if (taken_over.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(LockSubjects(sql, {std::string(kTerritorySubject)}));
  std::map<std::string, std::set<std::string>> by_partner;
  for (const auto& [partner, product] : taken_over) by_partner[partner].insert(product);
  for (auto& [partner, products] : by_partner) {
    // The empty product, the first of them, is all.
    if (products.begin()->empty()) {
      products.clear();
    } else {
      // Postings tell the parts of a kit, territories are granted for the kit.
      ASSIGN_OR_RETURN(std::set<std::string> kits, movements_.KitsTakenOverBy(sql, partner));
      products.merge(kits);
    }
    RETURN_IF_ERROR(DeriveLocked(sql, partner, products, nullptr, now, outbox));
  }
  return absl::OkStatus();
}

absl::Status TerritoryDerivation::Apply(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                                        events::Outbox& outbox) const {
  const ToldFacts told = ToldIn(events);
  if (told.partners.empty() && told.regions.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(LockSubjects(sql, {std::string(kTerritorySubject)}));
  ASSIGN_OR_RETURN(const std::set<std::string> receivers, movements_.Receivers(sql));
  for (const std::string& partner : receivers) {
    const bool is_told = told.partners.contains(partner);
    if (!is_told && told.regions.empty()) continue;
    RETURN_IF_ERROR(DeriveLocked(sql, partner, {}, is_told ? nullptr : &told.regions, now, outbox));
  }
  return absl::OkStatus();
}

// `products` empty: all. `regions`: only where one of the sites lies in one of them; the way up from a site leads to
// the first region of it that has changed whatever lies above.
absl::Status TerritoryDerivation::DeriveLocked(mysql::Transaction& sql, const std::string& partner,
                                               const std::set<std::string>& products,
                                               const std::set<std::string>* regions, absl::Time now,
                                               events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(const std::vector<StockMovement> received, movements_.TakenOverBy(sql, partner, products));
  std::map<std::string, ShipTo> places;
  for (const StockMovement& movement : received) {
    const std::string site(SiteOf(movement.to));
    if (places.contains(site)) continue;
    ASSIGN_OR_RETURN(places[site], territories_.ShipToOf(sql, partner, site));
  }
  if (regions != nullptr) {
    const bool concerns = std::any_of(places.begin(), places.end(), [&](const auto& place) {
      const std::vector<std::string>& lies_in = place.second.lies_in;
      return std::any_of(lies_in.begin(), lies_in.end(),
                         [&](const std::string& one) { return regions->contains(one); });
    });
    if (!concerns) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::vector<TerritoryGrant> grants, territories_.GrantsOf(sql, partner));
  ASSIGN_OR_RETURN(const std::vector<StockFinding> stored, findings_.AboutTerritory(sql, partner, products));
  return Settle(sql, stored, OutsideTerritory(received, places, grants), now, outbox);
}

}  // namespace tributary::inventory
