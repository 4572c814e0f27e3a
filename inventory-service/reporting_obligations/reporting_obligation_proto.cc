#include "inventory-service/reporting_obligations/reporting_obligation_proto.h"

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/effective_days.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {

v1::ReportingObligation ToProto(const ReportingObligation& obligation, std::optional<Date> stale_since) {
  v1::ReportingObligation out;
  out.set_name(obligation.name());
  out.set_uid(obligation.uid.ToString());
  out.set_etag(EtagOf(obligation.version));
  *out.mutable_create_time() = wire::ToProto(obligation.create_time);
  *out.mutable_update_time() = wire::ToProto(obligation.update_time);
  out.set_activity(static_cast<v1::PartnerReport::Activity>(obligation.activity));
  if (!obligation.site.empty()) out.set_site(SiteName(obligation.partner, obligation.site));
  out.set_period(static_cast<v1::ReportingObligation::Period>(obligation.period));
  out.set_due_days(obligation.due_days);
  PutDays(obligation.effective, &out);
  if (stale_since.has_value()) *out.mutable_stale_since() = wire::ToProto(*stale_since);
  return out;
}

v1::ReportingPeriod ToProto(const ReportingObligation& obligation, const ReportingPeriod& period) {
  v1::ReportingPeriod out;
  out.set_obligation(obligation.name());
  *out.mutable_start_date() = wire::ToProto(period.start);
  *out.mutable_end_date() = wire::ToProto(period.end);
  *out.mutable_due_date() = wire::ToProto(period.due);
  out.set_standing(static_cast<v1::ReportingPeriod::Standing>(period.standing));
  if (period.received.has_value()) *out.mutable_received_time() = wire::ToProto(*period.received);
  out.set_late(period.late);
  out.set_zero_report(period.zero_report);
  return out;
}

absl::StatusOr<ReportingObligation> FromProto(const v1::ReportingObligation& obligation, std::string_view partner) {
  FieldReader fields;
  ReportingObligation out;
  out.partner = std::string(partner);
  out.activity = static_cast<Activity>(obligation.activity());
  if (!obligation.site().empty()) {
    const auto site = ParseResourceName(obligation.site(), "partners/{partner}/sites/{site}");
    if (!site.ok() || (*site)[0] != partner) {
      fields.Refuse("site", obligation.site(), StrCat("a site of partners/", partner));
    } else {
      out.site = (*site)[1];
    }
  }
  out.period = static_cast<ReportingPeriodKind>(obligation.period());
  out.due_days = obligation.due_days();
  out.effective = TakeDays(obligation, fields);
  RETURN_IF_ERROR(fields.status());
  RETURN_IF_ERROR(CheckObligation(out));
  return out;
}

}  // namespace tributary::inventory
