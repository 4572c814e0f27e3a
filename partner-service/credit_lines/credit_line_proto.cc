#include "partner-service/credit_lines/credit_line_proto.h"

#include "common/status/status.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::CreditLine ToProto(const CreditLine& line) {
  v1::CreditLine out;
  out.set_name(line.name());
  PutRevision(line.revision, &out);
  *out.mutable_limit() = wire::ToProto(line.limit);
  out.set_payment_terms_days(line.payment_terms_days);
  *out.mutable_valid_from() = wire::ToProto(line.valid.start);
  if (line.valid.end != OpenEnd()) *out.mutable_valid_to() = wire::ToProto(line.valid.end);
  out.set_on_hold(line.on_hold);
  if (line.pending_limit.has_value()) {
    *out.mutable_pending_limit() = wire::ToProto(Money{line.limit.currency, *line.pending_limit});
  }
  return out;
}

absl::StatusOr<CreditLine> FromProto(const v1::CreditLine& line) {
  CreditLine out{.payment_terms_days = line.payment_terms_days(), .on_hold = line.on_hold()};
  auto limit = wire::FromProto(line.limit());
  if (!limit.ok()) return AtField(limit.status(), "limit");
  out.limit = *std::move(limit);
  const auto from = wire::FromProto(line.valid_from());
  if (!from.ok()) return AtField(from.status(), "valid_from");
  out.valid = {*from, OpenEnd()};
  if (line.has_valid_to()) {
    const auto to = wire::FromProto(line.valid_to());
    if (!to.ok()) return AtField(to.status(), "valid_to");
    out.valid.end = *to;
  }
  return out;
}

events::EventDraft Told(std::string_view verb, const CreditLine& line) {
  return events::Draft(line.partner_id, verb, line.name(), ToProto(line));
}

}  // namespace tributary::partner
