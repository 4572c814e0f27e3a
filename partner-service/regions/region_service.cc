#include "partner-service/regions/region_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/events/outbox.h"
#include "common/ids/resource_name.h"
#include "common/imports/batch.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/regions/region_proto.h"

namespace tributary::partner {
namespace {

events::EventDraft Told(std::string_view verb, const Region& region) {
  const std::string name = region.name();
  return events::Draft(name, verb, name, ToProto(region));
}

}  // namespace

void RegionService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.RegionService", this)
      .Inline("GetRegion", &RegionService::GetFromMemory, &RegionService::Get)
      .Unary("ListRegions", &RegionService::List)
      .Unary("BatchImportRegions", &RegionService::BatchImport);
}

bool RegionService::GetFromMemory(const rpc::Call&, const v1::GetRegionRequest& request, v1::Region* reply) {
  return index_.Find(request.name(), reply);
}

absl::Status RegionService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetRegionRequest& request,
                                v1::Region* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "regions/{region}"));
  ASSIGN_OR_RETURN(const Region region, regions_.Get(unit.sql(), ids.front()));
  *reply = ToProto(region);
  return absl::OkStatus();
}

absl::Status RegionService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListRegionsRequest& request,
                                 v1::ListRegionsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(tokens_, call, request, RegionStore::Fields(), request.show_deleted() ? "all" : "active"));
  ASSIGN_OR_RETURN(std::vector<Region> regions, regions_.List(unit.sql(), page, request.show_deleted()));
  reply->set_next_page_token(page.Cut(&regions, [](const Region& last) { return std::vector{last.id}; }));
  for (const Region& region : regions) *reply->add_regions() = ToProto(region);
  return absl::OkStatus();
}

absl::Status RegionService::BatchImport(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::BatchImportRegionsRequest& request,
                                        api::v1::BatchImportResponse* reply) {
  ASSIGN_OR_RETURN(const auto import_id, imports::OpenImport(call, unit, request.import(), "regions"));
  const std::string brought_by = import_id.has_value() ? import_id->ToString() : "";

  std::vector<std::string> named;
  for (const v1::RegionRow& row : request.rows()) {
    for (const std::string& name : {row.region().name(), row.region().parent_region()}) {
      if (ParseResourceName(name, "regions/{region}").ok()) named.push_back(name);
    }
  }
  ASSIGN_OR_RETURN(RegionMap known, regions_.GetWithAncestors(unit.sql(), named));
  const auto active_parent_of = [&known](std::string_view name) -> std::optional<std::string> {
    const auto it = known.find(Abseil(name));
    if (it == known.end() || it->second.state != RegionState::kActive) return std::nullopt;
    return it->second.parent_region;
  };

  imports::BatchResult result;
  std::vector<Region> fresh;
  std::vector<Region> replacing;
  // Row after row, since a row may lie in one before it.
  imports::TakeRows<v1::RegionRow>(request.rows(), "region", result, [&](const v1::RegionRow& row) -> absl::Status {
    ASSIGN_OR_RETURN(Region region, FromProto(row.region()));
    const auto stored = known.find(region.name());
    const bool there = stored != known.end();
    ASSIGN_OR_RETURN(const RegionArrival arrival,
                     Arrive(there ? std::optional(stored->second) : std::nullopt, region, active_parent_of));
    if (arrival == RegionArrival::kAgain) {
      ++result.duplicate;
      return absl::OkStatus();
    }
    region.revision = Revision::First(call.now);
    if (there) region.revision.version = stored->second.revision.version + 1;
    known.insert_or_assign(region.name(), region);
    (there ? replacing : fresh).push_back(std::move(region));
    ++result.accepted;
    return absl::OkStatus();
  });

  RETURN_IF_ERROR(regions_.Insert(unit.sql(), fresh, brought_by));
  for (const Region& region : replacing) RETURN_IF_ERROR(regions_.Replace(unit.sql(), region, brought_by));
  for (const Region& region : fresh) unit.Emit(Told("created", region));
  for (const Region& region : replacing) unit.Emit(Told("created", region));
  return imports::CloseBatch(call, unit, import_id, result, reply);
}

absl::StatusOr<int> RegionService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit) {
  ASSIGN_OR_RETURN(std::vector<Region> regions, regions_.BroughtBy(unit.sql(), import_id, limit));
  for (Region& region : regions) region = TakeBack(region, call.now);
  RETURN_IF_ERROR(regions_.Deactivate(unit.sql(), regions));
  for (const Region& region : regions) unit.Emit(Told("deactivated", region));
  return static_cast<int>(regions.size());
}

}  // namespace tributary::partner
