#pragma once

// SuggestionService: what to order.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/movements/movement_store.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/replenishment/policy_store.h"
#include "inventory-service/replenishment/suggestion_store.h"
#include "inventory-service/units/unit_conversion_store.h"
#include "tributary/inventory/v1/suggestion.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class SuggestionService {
 public:
  // `page_tokens` outlives it.
  explicit SuggestionService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSuggestionRequest& request,
                   v1::Suggestion* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSuggestionsRequest& request,
                    v1::ListSuggestionsResponse* reply);
  absl::Status Recompute(const rpc::Call& call, rpc::Unit& unit, const v1::RecomputeSuggestionsRequest& request,
                         v1::RecomputeSuggestionsResponse* reply);
  absl::Status Accept(const rpc::Call& call, rpc::Unit& unit, const v1::AcceptSuggestionRequest& request,
                      v1::Suggestion* reply);
  absl::Status Dismiss(const rpc::Call& call, rpc::Unit& unit, const v1::DismissSuggestionRequest& request,
                       v1::Suggestion* reply);

 private:
  // The suggestion that a verb is about, its etag checked.
  template <typename Request>
  absl::StatusOr<Suggestion> Load(rpc::Unit& unit, const Request& request) const;
  // The policies that were named, or all of the partner; locked, so that nobody else recomputes them.
  absl::StatusOr<std::vector<ReplenishmentPolicy>> PoliciesOf(rpc::Unit& unit, const std::string& partner,
                                                              const v1::RecomputeSuggestionsRequest& request) const;
  // What each of the policies is worked out from, in their order. Those that are in units of their product get the pack
  // size of today.
  absl::StatusOr<std::vector<ProposalInputs>> InputsOf(rpc::Unit& unit, const std::string& partner,
                                                       std::vector<ReplenishmentPolicy>& policies,
                                                       const AsOf& as_of) const;

  const PageTokens& page_tokens_;
  ReplenishmentPolicyStore policies_;
  SuggestionStore suggestions_;
  MovementStore movements_;
  OrderStore orders_;
  UnitConversionStore units_;
};

}  // namespace tributary::inventory
