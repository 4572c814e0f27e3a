#include "common/imports/import_proto.h"

#include <string>

#include "common/paging/etag.h"
#include "common/wire/wire.h"

namespace tributary::imports {
api::v1::Import ToProto(const Import& import) {
  api::v1::Import out;
  out.set_name(import.name());
  out.set_uid(import.id.ToString());
  out.set_etag(EtagOf(import.version));
  *out.mutable_create_time() = wire::ToProto(import.create_time);
  *out.mutable_update_time() = wire::ToProto(import.update_time);
  out.set_state(static_cast<api::v1::Import::State>(import.state));
  out.set_target(import.target);
  out.set_mapping(import.mapping);
  out.set_file(import.file);
  out.set_source_sha256(import.source_sha256);
  api::v1::ImportCounts& counts = *out.mutable_counts();
  counts.set_received(import.counts.received);
  counts.set_accepted(import.counts.accepted);
  counts.set_duplicate(import.counts.duplicate);
  counts.set_rejected(import.counts.rejected);
  counts.set_undone(import.counts.undone);
  return out;
}

api::v1::RowError ToProto(const RowError& error) {
  api::v1::RowError out;
  out.set_row(error.row);
  out.set_column(error.column);
  out.set_got(error.got);
  out.set_want(error.want);
  out.set_reason(std::string(NameOf(error.reason)));
  return out;
}

RowError FromProto(const api::v1::RowError& error) {
  return {.row = error.row(),
          .column = error.column(),
          .got = error.got(),
          .want = error.want(),
          .reason = ReasonFromName(error.reason())};
}

void ToProto(const BatchResult& result, api::v1::BatchImportResponse* reply) {
  reply->set_accepted(static_cast<int32_t>(result.accepted));
  reply->set_duplicate(static_cast<int32_t>(result.duplicate));
  for (const RowError& error : result.errors) *reply->add_errors() = ToProto(error);
}

}  // namespace tributary::imports
