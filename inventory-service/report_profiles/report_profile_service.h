#pragma once

// ReportProfileService: how partners' files are read.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/report_profiles/report_profile_store.h"
#include "tributary/inventory/v1/report_profile.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class ReportProfileService {
 public:
  // Both outlive it.
  ReportProfileService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetReportProfileRequest& request,
                   v1::ReportProfile* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReportProfilesRequest& request,
                    v1::ListReportProfilesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateReportProfileRequest& request,
                      v1::ReportProfile* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateReportProfileRequest& request,
                      v1::ReportProfile* reply);

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  ReportProfileStore store_;
};

}  // namespace tributary::inventory
