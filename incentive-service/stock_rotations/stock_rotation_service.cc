#include "incentive-service/stock_rotations/stock_rotation_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/stock_rotations/stock_rotation_proto.h"

namespace tributary::incentive {

void StockRotationService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.StockRotationService", this)
      .Unary("GetStockRotation", &StockRotationService::Get)
      .Unary("ListStockRotations", &StockRotationService::List)
      .Unary("CreateStockRotation", &StockRotationService::Create)
      .Unary("ApproveStockRotation", &StockRotationService::ApproveRotation);
}

absl::Status StockRotationService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetStockRotationRequest& request,
                                       v1::StockRotation* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseStockRotationName(request.name()));
  ASSIGN_OR_RETURN(const StockRotation found, rotations_.Get(unit.sql(), name.first, name.second));
  *reply = ToProto(found);
  return absl::OkStatus();
}

absl::Status StockRotationService::List(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ListStockRotationsRequest& request,
                                        v1::ListStockRotationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, StockRotationStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<StockRotation> found,
                   rotations_.List(unit.sql(), partner, query.After(0), query.After(1), query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &found, [](const StockRotation& last) {
    return std::vector{last.partner, last.id};
  }));
  for (const StockRotation& one : found) *reply->add_stock_rotations() = ToProto(one);
  return absl::OkStatus();
}

absl::Status StockRotationService::Create(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::CreateStockRotationRequest& request, v1::StockRotation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  ASSIGN_OR_RETURN(StockRotation rotation, FromProto(request.stock_rotation(), ids[0]));
  RETURN_IF_ERROR(CheckStockRotation(rotation));
  rotation.uid = Uuid::New(call.now);
  rotation.id = request.stock_rotation_id().empty() ? rotation.uid.ToString() : request.stock_rotation_id();
  rotation.create_time = rotation.update_time = call.now;
  rotation.creator = call.identity->subject;
  RETURN_IF_ERROR(rotations_.Insert(unit.sql(), rotation));
  *reply = ToProto(rotation);
  unit.Emit(events::Draft(rotation.partner, "created", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status StockRotationService::ApproveRotation(const rpc::Call& call, rpc::Unit& unit,
                                                   const v1::ApproveStockRotationRequest& request,
                                                   v1::StockRotation* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseStockRotationName(request.name()));
  ASSIGN_OR_RETURN(StockRotation rotation, rotations_.GetForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(rotation.name(), request.etag(), rotation.version));
  ASSIGN_OR_RETURN(const StockRotation approved, Approve(std::move(rotation), call.identity->subject, call.now));
  RETURN_IF_ERROR(rotations_.Update(unit.sql(), approved));
  *reply = ToProto(approved);
  unit.Emit(events::Draft(approved.partner, "approved", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
