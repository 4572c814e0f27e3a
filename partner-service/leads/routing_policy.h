#pragma once

// Routing policies: what routing goes by. A policy never changes; another version is another policy. Pure.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "partner-service/leads/routing.h"
#include "partner-service/revision.h"

namespace tributary::partner {

struct PartnerTerms {
  std::string partner_id;
  int share = 0;     // 0: 1
  int capacity = 0;  // 0: the policy's
};

struct RoutingPolicy {
  std::string id;
  Revision revision;
  std::string display_name;
  RoutingTerms terms;
  int capacity = 1;
  int offer_hours = 1;
  std::vector<PartnerTerms> partner_terms;  // by partner id, each once

  std::string name() const;  // routingPolicies/{id}
};

// INVALID_FIELD: the name for people has a control character; the weights do not sum to 100; a partner is named twice.
absl::Status CheckTerms(const RoutingPolicy& policy);

// Gives the candidates what the policy says of them.
void SetTerms(const RoutingPolicy& policy, RoutingInputs* inputs);

}  // namespace tributary::partner
