#include "inventory-service/units/unit_conversion_proto.h"

#include "common/paging/etag.h"
#include "common/wire/wire.h"

namespace tributary::inventory {

v1::UnitConversion ToProto(const UnitConversion& unit) {
  v1::UnitConversion out;
  out.set_name(unit.name());
  out.set_uid(unit.uid.ToString());
  out.set_etag(EtagOf(unit.version));
  *out.mutable_create_time() = wire::ToProto(unit.create_time);
  *out.mutable_update_time() = wire::ToProto(unit.update_time);
  out.set_display_name(unit.display_name);
  out.set_factor_num(unit.factor_num);
  out.set_factor_den(unit.factor_den);
  out.set_pack(unit.pack);
  out.set_gtin(unit.gtin);
  return out;
}

UnitConversion WithContent(UnitConversion unit, const v1::UnitConversion& content) {
  unit.display_name = content.display_name();
  unit.factor_num = content.factor_num();
  unit.factor_den = content.factor_den() == 0 ? 1 : content.factor_den();
  unit.pack = content.pack();
  unit.gtin = content.gtin();
  return unit;
}

}  // namespace tributary::inventory
