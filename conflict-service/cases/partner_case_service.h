#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/cases/party_store.h"
#include "tributary/conflict/v1/partner_case.pb.h"

namespace tributary::conflict {

// Cases as their parties see them: from triage on, by numbers of their own, and nothing of another party.
class PartnerCaseService {
 public:
  explicit PartnerCaseService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPartnerCaseRequest& request,
                   v1::PartnerCase* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPartnerCasesRequest& request,
                    v1::ListPartnerCasesResponse* reply);
  absl::Status AddMessage(const rpc::Call& call, rpc::Unit& unit, const v1::AddPartnerCaseMessageRequest& request,
                          v1::PartnerCase* reply);

 private:
  const PageTokens& tokens_;
  CaseStore cases_;
  PartyStore parties_;
};

}  // namespace tributary::conflict
