#pragma once

// The RPCs of funding classes.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/funding_classes/funding_class_store.h"
#include "tributary/incentive/v1/funding_class.pb.h"

namespace tributary::incentive {

class FundingClassService {
 public:
  explicit FundingClassService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetFundingClassRequest& request,
                   v1::FundingClass* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListFundingClassesRequest& request,
                    v1::ListFundingClassesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateFundingClassRequest& request,
                      v1::FundingClass* reply);
  absl::Status EndClass(const rpc::Call& call, rpc::Unit& unit, const v1::EndFundingClassRequest& request,
                        v1::FundingClass* reply);

 private:
  const PageTokens& tokens_;
  FundingClassStore classes_;
};

}  // namespace tributary::incentive
