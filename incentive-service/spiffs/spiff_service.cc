#include "incentive-service/spiffs/spiff_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/spiffs/spiff_proto.h"

namespace tributary::incentive {

void SpiffService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.SpiffService", this)
      .Unary("GetSpiff", &SpiffService::Get)
      .Unary("ListSpiffs", &SpiffService::List)
      .Unary("CreateSpiff", &SpiffService::Create)
      .Unary("AnnounceSpiff", &SpiffService::AnnounceSpiff);
}

absl::Status SpiffService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSpiffRequest& request,
                               v1::Spiff* reply) {
  ASSIGN_OR_RETURN(const std::string id, SpiffIdOf(request.name()));
  ASSIGN_OR_RETURN(const Spiff spiff, spiffs_.Get(unit.sql(), id));
  if (call.identity->IsPartnerUser() && spiff.state == SpiffState::kDraft) return NotFound(spiff.name());
  *reply = ToProto(spiff);
  return absl::OkStatus();
}

absl::Status SpiffService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSpiffsRequest& request,
                                v1::ListSpiffsResponse* reply) {
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, SpiffStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<Spiff> spiffs, spiffs_.List(unit.sql(), !call.identity->IsPartnerUser(), query.After(0),
                                                           query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &spiffs, [](const Spiff& last) { return std::vector{last.id}; }));
  for (const Spiff& spiff : spiffs) *reply->add_spiffs() = ToProto(spiff);
  return absl::OkStatus();
}

absl::Status SpiffService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSpiffRequest& request,
                                  v1::Spiff* reply) {
  ASSIGN_OR_RETURN(Spiff spiff, FromProto(request.spiff()));
  RETURN_IF_ERROR(CheckSpiff(spiff));
  spiff.uid = Uuid::New(call.now);
  spiff.id = request.spiff_id().empty() ? spiff.uid.ToString() : request.spiff_id();
  spiff.create_time = spiff.update_time = call.now;
  spiff.creator = call.identity->subject;
  RETURN_IF_ERROR(spiffs_.Insert(unit.sql(), spiff));
  *reply = ToProto(spiff);
  unit.Emit(events::Draft(reply->name(), "created", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status SpiffService::AnnounceSpiff(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::AnnounceSpiffRequest& request, v1::Spiff* reply) {
  ASSIGN_OR_RETURN(const std::string id, SpiffIdOf(request.name()));
  ASSIGN_OR_RETURN(Spiff spiff, spiffs_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(spiff.name(), request.etag(), spiff.version));
  ASSIGN_OR_RETURN(const Spiff announced, Announce(std::move(spiff), call.identity->subject, call.now));
  RETURN_IF_ERROR(spiffs_.Update(unit.sql(), announced));
  *reply = ToProto(announced);
  unit.Emit(events::Draft(reply->name(), "announced", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
