#include "inventory-service/stock_findings/stock_finding_proto.h"

#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {

v1::StockFinding ToProto(const StockFinding& finding) {
  const Conclusion& conclusion = finding.conclusion;
  const FindingSubject& subject = conclusion.subject;
  v1::StockFinding out;
  out.set_name(finding.name());
  out.set_uid(finding.uid.ToString());
  out.set_etag(EtagOf(finding.version));
  *out.mutable_create_time() = wire::ToProto(finding.create_time);
  *out.mutable_update_time() = wire::ToProto(finding.update_time);
  out.set_state(static_cast<v1::StockFinding::State>(finding.state));
  out.set_rule(static_cast<v1::StockFinding::Rule>(subject.rule));
  out.set_product(ProductName(subject.product));
  if (subject.rule == StockRule::kNegativeStock) {
    out.set_location(LocationName(subject.partner, PlaceOf(subject.site, subject.bucket)));
  } else if (!subject.site.empty()) {
    out.set_location(SiteName(subject.partner, subject.site));
  }
  out.set_lot(subject.lot);
  out.set_serial(subject.serial);
  *out.mutable_first_day() = wire::ToProto(conclusion.first_day);
  *out.mutable_quantity() = wire::ToProto(conclusion.quantity);
  if (conclusion.limit_day.has_value()) *out.mutable_limit_day() = wire::ToProto(*conclusion.limit_day);
  out.set_fact_count(conclusion.facts);
  for (const std::string& name : conclusion.evidence) out.add_evidence(name);
  out.set_explanation(Explain(conclusion));
  return out;
}

events::EventDraft Told(std::string_view verb, const StockFinding& finding) {
  return events::Draft(finding.conclusion.subject.partner, verb, finding.name(), ToProto(finding));
}

}  // namespace tributary::inventory
