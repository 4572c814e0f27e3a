#pragma once

// ReconciliationService: what partners report to have against what the books say.

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/reconciliation/evidence_store.h"
#include "inventory-service/reconciliation/reconciliation_store.h"
#include "tributary/inventory/v1/reconciliation.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class ReconciliationService {
 public:
  // Both outlive it.
  ReconciliationService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetReconciliationRequest& request,
                   v1::Reconciliation* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReconciliationsRequest& request,
                    v1::ListReconciliationsResponse* reply);
  absl::Status ListRevisions(const rpc::Call& call, rpc::Unit& unit,
                             const v1::ListReconciliationRevisionsRequest& request,
                             v1::ListReconciliationRevisionsResponse* reply);
  absl::Status Run(const rpc::Call& call, rpc::Unit& unit, const v1::RunReconciliationsRequest& request,
                   v1::RunReconciliationsResponse* reply);
  absl::Status Accept(const rpc::Call& call, rpc::Unit& unit, const v1::AcceptReconciliationRequest& request,
                      v1::Reconciliation* reply);

 private:
  // What the facts say now, of one product or of all; with what was known before. Under the partner's lock.
  absl::StatusOr<std::map<ReconciliationKey, ReconciliationFigures>> FiguresOf(
      rpc::Unit& unit, const std::string& partner, std::string_view product, Date from, Date to,
      const std::map<ReconciliationKey, Reconciliation>& before) const;

  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  ReconciliationStore store_;
  EvidenceStore evidence_;
};

}  // namespace tributary::inventory
