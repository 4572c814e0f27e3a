#include "partner-service/leads/routing_policy.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {

std::string RoutingPolicy::name() const { return StrCat("routingPolicies/", id); }

absl::Status CheckTerms(const RoutingPolicy& policy) {
  std::vector<FieldViolation> violations;
  CheckOneLine("display_name", policy.display_name, &violations);
  const RoutingTerms& terms = policy.terms;
  const int sum = terms.territory_weight + terms.proximity_weight + terms.product_line_weight + terms.segment_weight;
  if (sum != 100) {
    violations.push_back({"territory_weight",
                          StrCat(terms.territory_weight, " + ", terms.proximity_weight, " + ",
                                 terms.product_line_weight, " + ", terms.segment_weight, " = ", sum),
                          "weights of territory, proximity, product line and segment that sum to 100"});
  }
  absl::flat_hash_set<std::string> seen;
  for (size_t i = 0; i < policy.partner_terms.size(); ++i) {
    const std::string& partner = policy.partner_terms[i].partner_id;
    if (seen.insert(partner).second) continue;
    violations.push_back({StrCat("partner_terms[", i, "].partner"), StrCat("partners/", partner), "each partner once"});
  }
  return AllOf(std::move(violations));
}

void SetTerms(const RoutingPolicy& policy, RoutingInputs* inputs) {
  absl::flat_hash_map<std::string, const PartnerTerms*> own;
  for (const PartnerTerms& terms : policy.partner_terms) own.emplace(terms.partner_id, &terms);
  inputs->terms = policy.terms;
  for (RoutingCandidate& candidate : inputs->candidates) {
    const auto found = own.find(candidate.partner_id);
    const PartnerTerms terms = found == own.end() ? PartnerTerms() : *found->second;
    candidate.share = terms.share == 0 ? 1 : terms.share;
    candidate.capacity = terms.capacity == 0 ? policy.capacity : terms.capacity;
  }
}

}  // namespace tributary::partner
