#pragma once

// ReportingObligationService: when partners owe reports, and what is overdue.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/reporting_obligations/reporting_obligation_store.h"
#include "tributary/inventory/v1/reporting_obligation.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class ReportingObligationService {
 public:
  // Both outlive it.
  ReportingObligationService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetReportingObligationRequest& request,
                   v1::ReportingObligation* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReportingObligationsRequest& request,
                    v1::ListReportingObligationsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateReportingObligationRequest& request,
                      v1::ReportingObligation* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateReportingObligationRequest& request,
                      v1::ReportingObligation* reply);
  absl::Status ListPeriods(const rpc::Call& call, rpc::Unit& unit, const v1::ListReportingPeriodsRequest& request,
                           v1::ListReportingPeriodsResponse* reply);
  absl::Status ListOverdue(const rpc::Call& call, rpc::Unit& unit, const v1::ListOverdueReportsRequest& request,
                           v1::ListOverdueReportsResponse* reply);

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  ReportingObligationStore store_;
};

}  // namespace tributary::inventory
