#include "inventory-service/units/unit_conversion_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/wire/wire.h"
#include "inventory-service/units/unit_conversion_proto.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "products/{product}/units/{unit}";

// Products belong to no partner: the key of an event is the product's name.
void Tell(rpc::Unit& unit, std::string_view verb, const UnitConversion& conversion) {
  unit.Emit(events::Draft(StrCat("products/", conversion.product), verb, conversion.name(), ToProto(conversion)));
}

}  // namespace

void UnitConversionService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.UnitConversionService", this)
      .Unary("GetUnitConversion", &UnitConversionService::Get)
      .Unary("ListUnitConversions", &UnitConversionService::List)
      .Unary("CreateUnitConversion", &UnitConversionService::Create)
      .Unary("UpdateUnitConversion", &UnitConversionService::Update)
      .Unary("DeleteUnitConversion", &UnitConversionService::Delete)
      .Unary("ConvertQuantity", &UnitConversionService::Convert);
}

absl::Status UnitConversionService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetUnitConversionRequest& request,
                                        v1::UnitConversion* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const UnitConversion conversion, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(conversion);
  return absl::OkStatus();
}

absl::Status UnitConversionService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListUnitConversionsRequest& request,
                                         v1::ListUnitConversionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "products/{product}", "parent"));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, UnitConversionStore::Fields(), request.parent()));
  RETURN_IF_ERROR(products_.Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(std::vector<UnitConversion> units,
                   store_.List(unit.sql(), ids[0], page.after(0), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&units, [](const UnitConversion& last) { return std::vector{last.id}; }));
  for (const UnitConversion& conversion : units) *reply->add_unit_conversions() = ToProto(conversion);
  return absl::OkStatus();
}

absl::Status UnitConversionService::Create(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::CreateUnitConversionRequest& request, v1::UnitConversion* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "products/{product}", "parent"));
  ASSIGN_OR_RETURN(const auto found, products_.FindForUpdate(unit.sql(), {ids[0]}));
  if (found.empty()) return NotFound(request.parent());
  const Product& product = found.begin()->second;
  if (product.state != LifeState::kActive) return WrongState(product.name(), "createUnit", "INACTIVE", "ACTIVE");
  const UnitConversion conversion = WithContent({.product = product.id,
                                                 .id = request.unit_conversion_id(),
                                                 .uid = Uuid::New(call.now),
                                                 .create_time = call.now,
                                                 .update_time = call.now},
                                                request.unit_conversion());
  RETURN_IF_ERROR(AtField(CheckForm(conversion, product.unit()), "unit_conversion"));
  RETURN_IF_ERROR(store_.Insert(unit.sql(), conversion));
  Tell(unit, "created", conversion);
  *reply = ToProto(conversion);
  return absl::OkStatus();
}

absl::Status UnitConversionService::Update(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::UpdateUnitConversionRequest& request, v1::UnitConversion* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name", "factor_num", "factor_den", "pack", "gtin"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.unit_conversion().name(), kPattern, "unit_conversion.name"));
  ASSIGN_OR_RETURN(const UnitConversion known, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(known.name(), request.unit_conversion().etag(), known.version));
  v1::UnitConversion merged = ToProto(known);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.unit_conversion(), &merged, kMayChange));
  UnitConversion changed = WithContent(known, merged);
  changed.update_time = call.now;
  ++changed.version;
  ASSIGN_OR_RETURN(const Product product, products_.Get(unit.sql(), known.product));
  RETURN_IF_ERROR(AtField(CheckForm(changed, product.unit()), "unit_conversion"));
  RETURN_IF_ERROR(store_.Update(unit.sql(), changed));
  Tell(unit, "updated", changed);
  *reply = ToProto(changed);
  return absl::OkStatus();
}

absl::Status UnitConversionService::Delete(const rpc::Call&, rpc::Unit& unit,
                                           const v1::DeleteUnitConversionRequest& request, google::protobuf::Empty*) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const UnitConversion known, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(known.name(), request.etag(), known.version));
  RETURN_IF_ERROR(store_.Delete(unit.sql(), known));
  Tell(unit, "deleted", known);
  return absl::OkStatus();
}

absl::Status UnitConversionService::Convert(const rpc::Call&, rpc::Unit& unit,
                                            const v1::ConvertQuantityRequest& request, v1::ConvertedQuantity* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "products/{product}"));
  const auto quantity = wire::FromProto(request.quantity());
  if (!quantity.ok()) return AtField(quantity.status(), "quantity");
  ASSIGN_OR_RETURN(const Product product, products_.Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const auto units, store_.Of(unit.sql(), {product.id}));
  const auto found = units.find(product.id);
  ASSIGN_OR_RETURN(const Decimal base,
                   ToBaseUnits(product.unit(), found == units.end() ? std::vector<UnitConversion>() : found->second,
                               *quantity, request.unit()));
  *reply->mutable_quantity() = wire::ToProto(base);
  reply->set_base_unit(product.base_unit);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
