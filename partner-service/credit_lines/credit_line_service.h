#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/approvals/approvals.h"
#include "partner-service/credit_lines/credit_line_store.h"
#include "partner-service/partners/partner_store.h"
#include "tributary/partner/v1/credit_line.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.CreditLineService.
class CreditLineService {
 public:
  // `tokens` outlives the service.
  explicit CreditLineService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetCreditLineRequest& request,
                   v1::CreditLine* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCreditLinesRequest& request,
                    v1::ListCreditLinesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateCreditLineRequest& request,
                      v1::CreditLine* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateCreditLineRequest& request,
                      v1::CreditLine* reply);

  // What an approval task about a credit line decides.
  absl::Status DecideAsked(const rpc::Call& call, rpc::Unit& unit, const ApprovalTask& task, ApprovalVerdict verdict,
                           std::string_view comment);

 private:
  const PageTokens& tokens_;
  CreditLineStore lines_;
  PartnerStore partners_;
  Approvals approvals_;
};

}  // namespace tributary::partner
