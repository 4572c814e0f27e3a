#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/support_requests/support_store.h"
#include "tributary/partner/v1/support_request.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.SupportRequestService.
class SupportRequestService {
 public:
  // `tokens` outlives the service.
  explicit SupportRequestService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSupportRequestRequest& request,
                   v1::SupportRequest* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSupportRequestsRequest& request,
                    v1::ListSupportRequestsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSupportRequestRequest& request,
                      v1::SupportRequest* reply);
  absl::Status Assign(const rpc::Call& call, rpc::Unit& unit, const v1::AssignSupportRequestRequest& request,
                      v1::SupportRequest* reply);
  absl::Status Answer(const rpc::Call& call, rpc::Unit& unit, const v1::AnswerSupportRequestRequest& request,
                      v1::SupportRequest* reply);
  absl::Status Confirm(const rpc::Call& call, rpc::Unit& unit, const v1::ConfirmSupportRequestRequest& request,
                       v1::SupportRequest* reply);
  absl::Status Reopen(const rpc::Call& call, rpc::Unit& unit, const v1::ReopenSupportRequestRequest& request,
                      v1::SupportRequest* reply);

 private:
  // The request that a verb is about, locked, with the etag that the caller wants.
  template <typename Request>
  absl::StatusOr<SupportRequest> Load(rpc::Unit& unit, const Request& request) const;
  absl::Status Store(rpc::Unit& unit, std::string_view verb, const absl::StatusOr<SupportRequest>& next,
                     v1::SupportRequest* reply) const;
  // By when it is due where it is asked now. REFERENCE_NOT_FOUND: no such policy; INVALID_FIELD severity: it has no
  // term.
  absl::StatusOr<absl::Time> DueOf(rpc::Unit& unit, const SupportRequest& request, absl::Time now) const;

  const PageTokens& tokens_;
  SupportRequestStore requests_;
  SupportPolicyStore policies_;
  FiscalCalendarStore calendars_;
  PartnerStore partners_;
};

}  // namespace tributary::partner
