#pragma once

// The RPCs of adjustments.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/adjustments/adjustment_store.h"
#include "incentive-service/programs/program_store.h"
#include "tributary/incentive/v1/adjustment.pb.h"

namespace tributary::incentive {

class AdjustmentService {
 public:
  explicit AdjustmentService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetAdjustmentRequest& request,
                   v1::Adjustment* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAdjustmentsRequest& request,
                    v1::ListAdjustmentsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateAdjustmentRequest& request,
                      v1::Adjustment* reply);
  absl::Status ApproveAdjustment(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveAdjustmentRequest& request,
                                 v1::Adjustment* reply);
  absl::Status RejectAdjustment(const rpc::Call& call, rpc::Unit& unit, const v1::RejectAdjustmentRequest& request,
                                v1::Adjustment* reply);
  absl::Status GetLimit(const rpc::Call& call, rpc::Unit& unit, const v1::GetAdjustmentLimitRequest& request,
                        v1::AdjustmentLimit* reply);
  absl::Status UpdateLimit(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateAdjustmentLimitRequest& request,
                           v1::AdjustmentLimit* reply);

 private:
  // Reads one for update; checks the etag.
  template <typename Request>
  absl::StatusOr<Adjustment> Load(rpc::Unit& unit, const Request& request) const;
  // REFERENCE_NOT_FOUND where it is about a program that is not there.
  absl::Status CheckProgram(mysql::Transaction& sql, const Adjustment& adjustment) const;
  // What the caller may approve in a currency.
  absl::StatusOr<Authority> AuthorityOf(const rpc::Call& call, rpc::Unit& unit, std::string_view currency) const;

  const PageTokens& tokens_;
  AdjustmentStore adjustments_;
  ProgramStore programs_;
};

}  // namespace tributary::incentive
