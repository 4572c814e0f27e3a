#include "inventory-service/prices/price_list_service.h"

#include <string>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "inventory-service/prices/price_proto.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kListPattern = "priceLists/{price_list}";

void Tell(rpc::Unit& unit, std::string_view verb, const PriceList& list) {
  unit.Emit(events::Draft(list.name(), verb, list.name(), ToProto(list)));
}

}  // namespace

void PriceListService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.PriceListService", this)
      .Unary("GetPriceList", &PriceListService::Get)
      .Unary("ListPriceLists", &PriceListService::List)
      .Unary("CreatePriceList", &PriceListService::Create)
      .Unary("UpdatePriceList", &PriceListService::Update)
      .Unary("DeactivatePriceList", &PriceListService::Deactivate);
}

absl::Status PriceListService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPriceListRequest& request,
                                   v1::PriceList* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kListPattern));
  ASSIGN_OR_RETURN(const PriceList list, store_.Get(unit.sql(), ids[0]));
  *reply = ToProto(list);
  return absl::OkStatus();
}

absl::Status PriceListService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceListsRequest& request,
                                    v1::ListPriceListsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, PriceListStore::Fields(),
                                             request.show_deleted() ? "all" : ""));
  ASSIGN_OR_RETURN(std::vector<PriceList> lists,
                   store_.List(unit.sql(), page.after(0), request.show_deleted(), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&lists, [](const PriceList& last) { return std::vector{last.id}; }));
  for (const PriceList& list : lists) *reply->add_price_lists() = ToProto(list);
  return absl::OkStatus();
}

absl::Status PriceListService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePriceListRequest& request,
                                      v1::PriceList* reply) {
  PriceList list{.uid = Uuid::New(call.now),
                 .create_time = call.now,
                 .update_time = call.now,
                 .display_name = request.price_list().display_name()};
  list.id = request.price_list_id().empty() ? list.uid.ToString() : request.price_list_id();
  RETURN_IF_ERROR(store_.Insert(unit.sql(), list));
  Tell(unit, "created", list);
  *reply = ToProto(list);
  return absl::OkStatus();
}

absl::Status PriceListService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePriceListRequest& request,
                                      v1::PriceList* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.price_list().name(), kListPattern, "price_list.name"));
  ASSIGN_OR_RETURN(PriceList list, store_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(list.name(), request.price_list().etag(), list.version));
  v1::PriceList merged = ToProto(list);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.price_list(), &merged, {"display_name"}));
  list.display_name = merged.display_name();
  list.update_time = call.now;
  ++list.version;
  RETURN_IF_ERROR(store_.Update(unit.sql(), list));
  Tell(unit, "updated", list);
  *reply = ToProto(list);
  return absl::OkStatus();
}

absl::Status PriceListService::Deactivate(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::DeactivatePriceListRequest& request, v1::PriceList* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kListPattern));
  ASSIGN_OR_RETURN(const PriceList known, store_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(known.name(), request.etag(), known.version));
  if (known.state != LifeState::kActive) return WrongState(known.name(), "deactivate", "INACTIVE", "ACTIVE");
  const PriceList list = inventory::Deactivate(known, call.now);
  RETURN_IF_ERROR(store_.Update(unit.sql(), list));
  Tell(unit, "deactivated", list);
  *reply = ToProto(list);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
