#include "conflict-service/findings/finding_proto.h"

#include "common/paging/etag.h"
#include "common/wire/wire.h"

namespace tributary::conflict {
namespace {

static_assert(static_cast<int>(FindingKind::kDuplicateSale) == v1::Finding::DUPLICATE_SALE);
static_assert(static_cast<int>(FindingKind::kProtectedDeal) == v1::Finding::PROTECTED_DEAL);
static_assert(static_cast<int>(FindingState::kWithdrawn) == v1::Finding::WITHDRAWN);

void Assign(const std::vector<std::string>& names, google::protobuf::RepeatedPtrField<std::string>* field) {
  field->Assign(names.begin(), names.end());
}

}  // namespace

v1::ScopeBox ToProto(const ScopeBox& box) {
  v1::ScopeBox message;
  Assign(box.regions, message.mutable_regions());
  Assign(box.product_lines, message.mutable_product_lines());
  Assign(box.segments, message.mutable_segments());
  Assign(box.routes, message.mutable_routes());
  *message.mutable_effective_from() = wire::ToProto(box.time.start);
  if (box.time.end < OpenEnd()) *message.mutable_effective_to() = wire::ToProto(box.time.end);
  return message;
}

v1::PriceDepth ToProto(const PriceDepth& depth) {
  v1::PriceDepth message;
  *message.mutable_price() = wire::ToProto(Money{depth.currency, depth.price()});
  *message.mutable_least_price() = wire::ToProto(Money{depth.currency, depth.least});
  *message.mutable_depth() = wire::ToProto(Money{depth.currency, depth.depth()});
  message.set_depth_basis_points(depth.basis_points());
  if (depth.units) {
    *message.mutable_paid() = wire::ToProto(Money{depth.currency, depth.paid});
    *message.mutable_units() = wire::ToProto(*depth.units);
  }
  return message;
}

v1::Finding ToProto(const Finding& finding) {
  v1::Finding message;
  message.set_name(finding.name());
  message.set_uid(finding.uid.ToString());
  message.set_etag(EtagOf(finding.version));
  *message.mutable_create_time() = wire::ToProto(finding.create_time);
  *message.mutable_update_time() = wire::ToProto(finding.update_time);
  message.set_state(static_cast<v1::Finding::State>(finding.state));
  message.set_kind(static_cast<v1::Finding::Kind>(finding.conclusion.kind));
  message.set_rule_version(finding.conclusion.rule_version);
  Assign(finding.conclusion.subjects, message.mutable_subjects());
  message.set_explanation(finding.conclusion.explanation);
  if (finding.conclusion.intersection) *message.mutable_intersection() = ToProto(*finding.conclusion.intersection);
  if (finding.conclusion.price_depth) *message.mutable_price_depth() = ToProto(*finding.conclusion.price_depth);
  message.set_evidence_sha256(EvidenceSha256(finding.conclusion));
  return message;
}

events::EventDraft Told(std::string_view verb, const Finding& finding) {
  return events::Draft(finding.name(), verb, finding.name(), ToProto(finding));
}

}  // namespace tributary::conflict
