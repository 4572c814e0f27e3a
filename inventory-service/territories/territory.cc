#include "inventory-service/territories/territory.h"

#include <algorithm>

#include "common/text/text.h"

namespace tributary::inventory {
namespace {

// So many grants, and names of a list, are told one by one.
constexpr size_t kMostTold = 3;

bool Has(const std::vector<std::string>& list, std::string_view one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

std::string Listed(std::string_view collection, const std::vector<std::string>& ids) {
  std::vector<std::string> names;
  for (size_t i = 0; i < ids.size() && i < kMostTold; ++i) names.push_back(StrCat(collection, ids[i]));
  if (ids.size() > kMostTold) names.push_back(StrCat(ids.size() - kMostTold, " more"));
  return StrJoin(names, ", ");
}

// The region of the grant that `where` lies in; empty where there is none.
std::string_view CoveringRegion(const TerritoryGrant& grant, const ShipTo& where) {
  for (const std::string& region : where.lies_in) {
    if (Has(grant.regions, region)) return region;
  }
  return {};
}

// Why the grant does not allow it; empty where it does.
std::string WhyNot(const TerritoryGrant& grant, const ShipTo& where, std::string_view product_line,
                   std::string_view route, Date date) {
  if (!grant.active) return "was taken back";
  if (CoveringRegion(grant, where).empty()) return StrCat("covers ", Listed("regions/", grant.regions));
  if (date < grant.effective.start) return StrCat("holds from ", grant.effective.start.ToString(), " on");
  if (grant.effective.end <= date) return StrCat("held until ", grant.effective.end.ToString());
  if (!grant.product_lines.empty() && !Has(grant.product_lines, product_line)) {
    return StrCat("is for ", Listed("productLines/", grant.product_lines));
  }
  if (!route.empty() && !grant.routes.empty() && !Has(grant.routes, route)) {
    return StrCat("is for route ", Listed("", grant.routes));
  }
  return {};
}

}  // namespace

std::string TerritoryGrant::name() const { return StrCat("partners/", partner, "/territoryGrants/", id); }

TerritoryVerdict JudgeTerritory(const std::vector<TerritoryGrant>& grants, const ShipTo& where,
                                std::string_view product_line, std::string_view route, Date date) {
  std::vector<const TerritoryGrant*> by_id;
  for (const TerritoryGrant& grant : grants) by_id.push_back(&grant);
  std::sort(by_id.begin(), by_id.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  const std::string asked =
      StrCat("regions/", where.region, ", ",
             product_line.empty() ? std::string("no product line") : StrCat("productLines/", product_line),
             route.empty() ? std::string() : StrCat(", route ", route), ", on ", date.ToString());
  std::vector<std::string> reasons;
  for (const TerritoryGrant* grant : by_id) {
    const std::string reason = WhyNot(*grant, where, product_line, route, date);
    if (reason.empty()) {
      return {true, grant,
              StrCat(asked, ": ", grant->name(), " covers regions/", CoveringRegion(*grant, where), " then")};
    }
    if (reasons.size() < kMostTold) reasons.push_back(StrCat(grant->name(), " ", reason));
  }
  if (grants.empty()) return {false, nullptr, StrCat(asked, ": the partner has no grant")};
  TerritoryVerdict verdict{.why = StrCat(asked, ": no grant covers it: ", StrJoin(reasons, "; "))};
  if (grants.size() > reasons.size()) StrAppend(&verdict.why, "; and ", grants.size() - reasons.size(), " more");
  return verdict;
}

}  // namespace tributary::inventory
