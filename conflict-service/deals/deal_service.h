#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/facts/partner_directory.h"
#include "tributary/conflict/v1/deal_registration.pb.h"

namespace tributary::conflict {

// Deal registrations. An answer never tells of others' registrations: a duplicate is a finding, which partners do not
// see, and a registration that has one is accepted exactly as one that has none.
class DealService {
 public:
  DealService(const DealStore& deals, const PartnerDirectory& partners, const Detector& detector,
              const PageTokens& tokens)
      : deals_(deals), partners_(partners), detector_(detector), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDealRegistrationRequest& request,
                   v1::DealRegistration* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDealRegistrationsRequest& request,
                    v1::ListDealRegistrationsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateDealRegistrationRequest& request,
                      v1::DealRegistration* reply);
  absl::Status Submit(const rpc::Call& call, rpc::Unit& unit, const v1::SubmitDealRegistrationRequest& request,
                      v1::DealRegistration* reply);
  absl::Status Withdraw(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawDealRegistrationRequest& request,
                        v1::DealRegistration* reply);

 private:
  const DealStore& deals_;
  const PartnerDirectory& partners_;
  const Detector& detector_;
  const PageTokens& tokens_;
};

}  // namespace tributary::conflict
