#include "inventory-service/on_hand/on_hand_report.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string NameOf(const OnHandReport& report) {
  return StrCat("partners/", report.partner, "/onHandReports/",
                SaleSegment(report.document, report.line, report.generation));
}

std::string KeyOf(const OnHandReport& report) { return StrCat(report.partner, "/", report.document, "/", report.line); }

std::optional<FieldViolation> FirstDifference(const OnHandReport& known, const OnHandReport& stated) {
  if (auto d = Differs("date", known.date.ToString(), stated.date.ToString())) return d;
  if (auto d = Differs("boundary", NameOf(known.boundary), NameOf(stated.boundary))) return d;
  if (auto d = Differs("site", known.site, stated.site)) return d;
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = Differs("lot", known.lot, stated.lot)) return d;
  return QuantityDiffers(known, stated);
}

std::vector<Posting> Movements(const OnHandReport&) { return {}; }

}  // namespace tributary::inventory
