#include "inventory-service/partner_codes/partner_code_proto.h"

#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/effective_days.h"

namespace tributary::inventory {

v1::PartnerCode ToProto(const PartnerCode& code) {
  v1::PartnerCode out;
  out.set_name(code.name());
  out.set_uid(code.uid.ToString());
  out.set_etag(EtagOf(code.version));
  *out.mutable_create_time() = wire::ToProto(code.create_time);
  *out.mutable_update_time() = wire::ToProto(code.update_time);
  out.set_kind(static_cast<v1::PartnerCode::Kind>(code.kind));
  out.set_code(code.code);
  out.set_target(code.target);
  PutDays(code.effective, &out);
  return out;
}

absl::StatusOr<PartnerCode> FromProto(const v1::PartnerCode& code) {
  FieldReader fields;
  PartnerCode out;
  out.kind = static_cast<CodeKind>(code.kind());
  out.code = code.code();
  out.target = code.target();
  out.effective = TakeDays(code, fields);
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
