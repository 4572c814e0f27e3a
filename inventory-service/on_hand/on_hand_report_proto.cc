#include "inventory-service/on_hand/on_hand_report_proto.h"

#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/kit_parts_proto.h"
#include "inventory-service/facts/quantity_proto.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {

v1::OnHandReport ToProto(const OnHandReport& report) {
  v1::OnHandReport out;
  out.set_name(NameOf(report));
  out.set_document(report.document);
  out.set_line(report.line);
  *out.mutable_date() = wire::ToProto(report.date);
  out.set_boundary(static_cast<v1::OnHandReport::Boundary>(report.boundary));
  out.set_site(SiteName(report.partner, report.site));
  out.set_product(ProductName(report.product));
  out.set_lot(report.lot);
  PutQuantity(report, &out);
  if (!report.product_line.empty()) out.set_product_line(StrCat("productLines/", report.product_line));
  if (IsReversal(report.generation)) {
    OnHandReport reversed = report;
    --reversed.generation;
    out.set_reverses(NameOf(reversed));
  }
  out.set_report(StrCat("partners/", report.partner, "/reports/", report.report.ToString()));
  *out.mutable_record_time() = wire::ToProto(report.recorded_at);
  PutParts(report.parts, &out);
  return out;
}

}  // namespace tributary::inventory
