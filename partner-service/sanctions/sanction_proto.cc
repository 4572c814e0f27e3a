#include "partner-service/sanctions/sanction_proto.h"

#include "common/status/status.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::Sanction ToProto(const Sanction& sanction) {
  v1::Sanction out;
  out.set_name(sanction.name());
  PutRevision(sanction.revision, &out);
  out.set_kind(static_cast<v1::Sanction::Kind>(sanction.kind));
  out.set_level(sanction.level);
  out.set_reason(sanction.reason);
  out.set_cause(sanction.cause);
  for (const std::string& grant : sanction.territory_grants) out.add_territory_grants(grant);
  PutDays(sanction.effective, &out);
  out.set_state(static_cast<v1::Sanction::State>(sanction.state));
  out.set_principal(sanction.principal);
  out.set_lift_reason(sanction.lift_reason);
  out.set_lifter(sanction.lifter);
  if (sanction.lift_time.has_value()) *out.mutable_lift_time() = wire::ToProto(*sanction.lift_time);
  return out;
}

absl::StatusOr<Sanction> FromProto(const v1::Sanction& sanction, Date today) {
  v1::Sanction with_days = sanction;
  if (!sanction.has_effective_from()) *with_days.mutable_effective_from() = wire::ToProto(today);
  Sanction out{.kind = static_cast<SanctionKind>(sanction.kind()),
               .level = sanction.level(),
               .reason = sanction.reason(),
               .cause = sanction.cause(),
               .territory_grants = {sanction.territory_grants().begin(), sanction.territory_grants().end()}};
  ASSIGN_OR_RETURN(out.effective, DaysOf(with_days));
  return out;
}

events::EventDraft Told(std::string_view verb, const Sanction& sanction) {
  return events::Draft(sanction.partner_id, verb, sanction.name(), ToProto(sanction));
}

}  // namespace tributary::partner
