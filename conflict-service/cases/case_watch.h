#pragma once

#include "absl/status/status.h"
#include "common/events/watch.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/cases/party_store.h"
#include "tributary/conflict/v1/case.pb.h"
#include "tributary/conflict/v1/partner_case.pb.h"

namespace tributary::conflict {

// WatchCases of CaseService and WatchPartnerCases of PartnerCaseService: cases as they change, by this service's own
// feed. What a party sees is told there by itself, so that its watch does not stir at what it does not see.
class CaseWatch {
 public:
  // All outlive it.
  explicit CaseWatch(const events::WatchParts& parts) : parts_(parts) {}
  void Register(rpc::Server& server);

  absl::Status Watch(const rpc::Call& call, const v1::WatchCasesRequest& request, rpc::StreamWriter& writer);
  absl::Status WatchAsParty(const rpc::Call& call, const v1::WatchPartnerCasesRequest& request,
                            rpc::StreamWriter& writer);

 private:
  const events::WatchParts parts_;
  CaseStore cases_;
  PartyStore parties_;
};

}  // namespace tributary::conflict
