#pragma once

// PaymentService: payments and what they settle.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/billing/document_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/payments/payment_store.h"
#include "tributary/inventory/v1/payment.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class PaymentService {
 public:
  // Both outlive it.
  PaymentService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPaymentRequest& request, v1::Payment* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPaymentsRequest& request,
                    v1::ListPaymentsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePaymentRequest& request,
                      v1::Payment* reply);
  absl::Status Allocate(const rpc::Call& call, rpc::Unit& unit, const v1::AllocatePaymentRequest& request,
                        v1::Payment* reply);
  absl::Status Reverse(const rpc::Call& call, rpc::Unit& unit, const v1::ReversePaymentRequest& request,
                       v1::Payment* reply);

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  PaymentStore payments_;
  DocumentStore documents_;
};

}  // namespace tributary::inventory
