#pragma once

// The RPCs of disputes.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/adjustments/adjustment_store.h"
#include "incentive-service/disputes/dispute_store.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/statements/statement_store.h"
#include "tributary/incentive/v1/dispute.pb.h"

namespace tributary::incentive {

class DisputeService {
 public:
  explicit DisputeService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDisputeRequest& request, v1::Dispute* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDisputesRequest& request,
                    v1::ListDisputesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateDisputeRequest& request,
                      v1::Dispute* reply);
  absl::Status ResolveDispute(const rpc::Call& call, rpc::Unit& unit, const v1::ResolveDisputeRequest& request,
                              v1::Dispute* reply);

 private:
  // Makes the adjustment that was decided on, and names it in the dispute.
  absl::Status RequestAdjustment(const rpc::Call& call, rpc::Unit& unit, DisputeDecision* decided) const;
  // Stores the statement of what was decided, enters what moved and tells all of it.
  absl::Status Finish(rpc::Unit& unit, std::string_view verb, const DisputeDecision& decided, absl::Time now,
                      v1::Dispute* reply) const;

  const PageTokens& tokens_;
  DisputeStore disputes_;
  StatementStore statements_;
  AdjustmentStore adjustments_;
  ProgramStore programs_;
  LedgerStore ledger_;
};

}  // namespace tributary::incentive
