#include "partner-service/access_records/access_record_service.h"

#include <string>
#include <vector>

#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/wire/wire.h"

namespace tributary::partner {
namespace {

void ToProto(const AccessRecord& record, v1::AccessRecord* out) {
  out->set_name(record.name());
  *out->mutable_create_time() = wire::ToProto(record.create_time);
  out->set_action(static_cast<v1::AccessRecord::Action>(record.action));
  out->set_resource(record.resource);
  out->set_principal(record.principal);
  for (const std::string& field : record.fields) out->add_fields(field);
  out->set_purpose(record.purpose);
}

}  // namespace

void AccessRecordService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.AccessRecordService", this).Unary("ListAccessRecords", &AccessRecordService::List);
}

absl::Status AccessRecordService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListAccessRecordsRequest& request,
                                       v1::ListAccessRecordsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, AccessRecordStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<AccessRecord> records, records_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&records, [](const AccessRecord& last) {
    return std::vector{last.partner_id, last.id.ToString()};
  }));
  for (const AccessRecord& record : records) ToProto(record, reply->add_access_records());
  return absl::OkStatus();
}

}  // namespace tributary::partner
