#include "inventory-service/territories/territory_store.h"

#include <algorithm>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::inventory {
namespace {

// No scheme of regions is as deep.
constexpr size_t kDeepest = 64;

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Ids of a list of names of one pattern.
absl::StatusOr<std::vector<std::string>> IdsOf(const google::protobuf::RepeatedPtrField<std::string>& names,
                                               std::string_view pattern) {
  std::vector<std::string> ids;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(std::vector<std::string> parts, ParseResourceName(name, pattern));
    ids.push_back(std::move(parts.front()));
  }
  return ids;
}

absl::Status Apply(mysql::Transaction& sql, const partner::v1::Region& told) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(told.name(), "regions/{region}"));
  std::string parent;
  if (!told.parent_region().empty()) {
    ASSIGN_OR_RETURN(std::vector<std::string> above, ParseResourceName(told.parent_region(), "regions/{region}"));
    parent = std::move(above.front());
  }
  return TerritoryStore().PutRegion(sql, ids[0], parent, told.state() == partner::v1::Region::ACTIVE);
}

absl::Status Apply(mysql::Transaction& sql, const partner::v1::TerritoryGrant& told) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(told.name(), "partners/{partner}/territoryGrants/{territory_grant}"));
  TerritoryGrant grant{.partner = ids[0], .id = ids[1], .active = told.state() == partner::v1::TerritoryGrant::ACTIVE};
  ASSIGN_OR_RETURN(grant.regions, IdsOf(told.regions(), "regions/{region}"));
  ASSIGN_OR_RETURN(grant.product_lines, IdsOf(told.product_lines(), "productLines/{product_line}"));
  grant.routes.assign(told.routes().begin(), told.routes().end());
  ASSIGN_OR_RETURN(grant.effective.start, wire::FromProto(told.effective_from()));
  grant.effective.end = OpenEnd();
  if (told.has_effective_to()) {
    ASSIGN_OR_RETURN(grant.effective.end, wire::FromProto(told.effective_to()));
  }
  return TerritoryStore().PutGrant(sql, grant);
}

template <typename T>
absl::Status ApplyAs(mysql::Transaction& sql, const events::Event& event) {
  T told;
  if (!told.ParseFromString(event.payload)) {
    return Error(Reason::kMalformedRequest, StrCat("the payload of ", event.name, " is no ", event.type));
  }
  return Apply(sql, told);
}

}  // namespace

absl::Status TerritoryStore::PutRegion(mysql::Transaction& sql, std::string_view id, std::string_view parent,
                                       bool active) const {
  return sql
      .Execute(
          "INSERT INTO region (id, parent, active) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE "
          "parent = VALUES(parent), active = VALUES(active)",
          {id, parent, active})
      .status();
}

absl::Status TerritoryStore::PutGrant(mysql::Transaction& sql, const TerritoryGrant& grant) const {
  const std::string regions = StrJoin(grant.regions, "\n"), lines = StrJoin(grant.product_lines, "\n"),
                    routes = StrJoin(grant.routes, "\n");
  return sql
      .Execute(
          "INSERT INTO territory_grant (partner, id, active, regions, product_lines, routes, effective_from, "
          "effective_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE active = VALUES(active), "
          "regions = VALUES(regions), product_lines = VALUES(product_lines), routes = VALUES(routes), "
          "effective_from = VALUES(effective_from), effective_to = VALUES(effective_to)",
          {grant.partner, grant.id, grant.active, regions, lines, routes, grant.effective.start, grant.effective.end})
      .status();
}

absl::StatusOr<std::vector<TerritoryGrant>> TerritoryStore::GrantsOf(mysql::Transaction& sql,
                                                                     std::string_view partner) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT id, active, regions, product_lines, routes, effective_from, effective_to "
                             "FROM territory_grant WHERE partner = ? ORDER BY id",
                             {partner}));
  std::vector<TerritoryGrant> grants;
  for (const mysql::Row& row : rows) {
    grants.push_back({.partner = std::string(partner),
                      .id = row.Text(0),
                      .active = row.Bool(1),
                      .regions = Lines(row.Bytes(2)),
                      .product_lines = Lines(row.Bytes(3)),
                      .routes = Lines(row.Bytes(4)),
                      .effective = {row.Day(5), row.Day(6)}});
  }
  return grants;
}

absl::StatusOr<ShipTo> TerritoryStore::ShipToOf(mysql::Transaction& sql, std::string_view partner,
                                                std::string_view site) const {
  ShipTo where{.site = std::string(site)};
  ASSIGN_OR_RETURN(const mysql::Rows found,
                   sql.Query("SELECT p.home_region, COALESCE(s.region, '') FROM partner p LEFT JOIN site s ON "
                             "s.partner = p.id AND s.id = ? WHERE p.id = ?",
                             {site, partner}));
  if (!found.empty()) where.region = found.front().Text(found.front().Text(1).empty() ? 0 : 1);
  for (std::string at = where.region; !at.empty() && where.lies_in.size() < kDeepest;) {
    // A circle ends where it closes.
    if (std::find(where.lies_in.begin(), where.lies_in.end(), at) != where.lies_in.end()) break;
    where.lies_in.push_back(at);
    ASSIGN_OR_RETURN(const mysql::Rows above, sql.Query("SELECT parent FROM region WHERE id = ? AND active = 1", {at}));
    at = above.empty() ? std::string() : above.front().Text(0);
  }
  return where;
}

std::vector<std::string> TerritoryPayloads() {
  return {partner::v1::Region::descriptor()->full_name(), partner::v1::TerritoryGrant::descriptor()->full_name()};
}

absl::Status ApplyTerritory(mysql::Transaction& sql, const events::Event& event) {
  if (event.type == partner::v1::Region::descriptor()->full_name()) return ApplyAs<partner::v1::Region>(sql, event);
  return ApplyAs<partner::v1::TerritoryGrant>(sql, event);
}

}  // namespace tributary::inventory
