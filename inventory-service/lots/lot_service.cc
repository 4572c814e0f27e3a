#include "inventory-service/lots/lot_service.h"

#include <string>
#include <string_view>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/lots/lot_proto.h"
#include "inventory-service/products/product_store.h"

namespace tributary::inventory {

void LotService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.LotService", this)
      .Unary("GetLot", &LotService::Get)
      .Unary("ListLots", &LotService::List)
      .Unary("CreateLot", &LotService::Create)
      .Unary("UpdateLot", &LotService::Update)
      .Unary("ListExpiringStock", &LotService::ListExpiring);
}

absl::Status LotService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetLotRequest& request, v1::Lot* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "products/{product}/lots/{lot}"));
  ASSIGN_OR_RETURN(const Lot lot, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(lot);
  return absl::OkStatus();
}

absl::Status LotService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListLotsRequest& request,
                              v1::ListLotsResponse* reply) {
  std::string product;
  if (request.parent() != "products/-") {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                     ParseResourceName(request.parent(), "products/{product}", "parent"));
    product = ids[0];
  }
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, LotStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Lot> lots,
                   store_.List(unit.sql(), product, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&lots, [](const Lot& last) { return std::vector{last.product, last.id}; }));
  for (const Lot& lot : lots) *reply->add_lots() = ToProto(lot);
  return absl::OkStatus();
}

absl::Status LotService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateLotRequest& request,
                                v1::Lot* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "products/{product}", "parent"));
  if (!IsDocumentSegment(request.lot_id())) {
    return InvalidField("lot_id", request.lot_id(), "1 to 64 of A-Za-z0-9._~-");
  }
  auto wanted = FromProto(request.lot());
  if (!wanted.ok()) return AtField(wanted.status(), "lot");
  Lot lot = *std::move(wanted);
  lot.product = ids[0];
  lot.id = request.lot_id();
  lot.uid = Uuid::New(call.now);
  lot.create_time = lot.update_time = call.now;
  ASSIGN_OR_RETURN(const auto products, FindProducts(unit.sql(), {lot.product}));
  if (products.empty()) {
    return Error(Reason::kReferenceNotFound,
                 StrCat("parent: got ", request.parent(), ", want a product that is in use"),
                 {{"resource", request.parent()}});
  }
  RETURN_IF_ERROR(store_.Insert(unit.sql(), lot));
  *reply = ToProto(lot);
  unit.Emit(events::Draft(lot.name(), "created", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status LotService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateLotRequest& request,
                                v1::Lot* reply) {
  static const std::vector<std::string_view> kMayChange = {"expires_on"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.lot().name(), "products/{product}/lots/{lot}", "lot.name"));
  ASSIGN_OR_RETURN(const Lot lot, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(lot.name(), request.lot().etag(), lot.version));
  v1::Lot merged = ToProto(lot);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.lot(), &merged, kMayChange));
  const auto wanted = FromProto(merged);
  if (!wanted.ok()) return AtField(wanted.status(), "lot");
  const Lot changed = Change(lot, *wanted, call.now);
  RETURN_IF_ERROR(store_.Update(unit.sql(), changed));
  *reply = ToProto(changed);
  unit.Emit(events::Draft(changed.name(), "updated", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status LotService::ListExpiring(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListExpiringStockRequest& request,
                                      v1::ListExpiringStockResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  const auto until = wire::FromProto(request.until_date());
  if (!until.ok()) return AtField(until.status(), "until_date");
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, {}, StrCat(request.parent(), " ", until->ToString())));
  const PositionKey after{std::string(page.after(0)), std::string(page.after(1)), std::string(page.after(2)),
                          std::string(page.after(3))};
  ASSIGN_OR_RETURN(std::vector<ExpiringStock> stock,
                   store_.ListExpiring(unit.sql(), partner, *until, after, page.limit()));
  reply->set_next_page_token(page.Cut(&stock, [](const ExpiringStock& last) {
    const PositionKey& key = last.position.key;
    return std::vector{key.partner, key.site, key.product, key.lot};
  }));
  for (const ExpiringStock& next : stock) *reply->add_expiring_stock() = ToProto(next);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
