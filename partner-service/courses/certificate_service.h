#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/courses/certificate_store.h"
#include "partner-service/courses/course_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/tier_assignments/tier_review_store.h"
#include "tributary/partner/v1/certificate.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.CertificateService.
class CertificateService {
 public:
  // `tokens` outlives the service.
  explicit CertificateService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetCertificateRequest& request,
                   v1::Certificate* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCertificatesRequest& request,
                    v1::ListCertificatesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateCertificateRequest& request,
                      v1::Certificate* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateCertificateRequest& request,
                      v1::Certificate* reply);

 private:
  const PageTokens& tokens_;
  CertificateStore certificates_;
  CourseStore courses_;
  PartnerStore partners_;
  TierReviewStore reviews_;
};

}  // namespace tributary::partner
