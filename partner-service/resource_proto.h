#pragma once

// Fields that several resources have, on the wire.

#include "absl/status/statusor.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "common/wire/wire.h"
#include "partner-service/revision.h"

namespace tributary::partner {

template <typename Message>
void PutRevision(const Revision& revision, Message* out) {
  out->set_uid(revision.uid.ToString());
  out->set_etag(EtagOf(revision.version));
  *out->mutable_create_time() = wire::ToProto(revision.create_time);
  *out->mutable_update_time() = wire::ToProto(revision.update_time);
}

// effective_from and effective_to; the latter unset where the range is open.
template <typename Message>
void PutDays(const DateRange& effective, Message* out) {
  *out->mutable_effective_from() = wire::ToProto(effective.start);
  if (effective.end != OpenEnd()) *out->mutable_effective_to() = wire::ToProto(effective.end);
}

template <typename Message>
absl::StatusOr<DateRange> DaysOf(const Message& message) {
  const auto start = wire::FromProto(message.effective_from());
  if (!start.ok()) return AtField(start.status(), "effective_from");
  if (!message.has_effective_to()) return DateRange{*start, OpenEnd()};
  const auto end = wire::FromProto(message.effective_to());
  if (!end.ok()) return AtField(end.status(), "effective_to");
  return DateRange{*start, *end};
}

}  // namespace tributary::partner
