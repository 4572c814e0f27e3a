#pragma once

// The RPCs of accruals: reads, each evaluated when asked.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/programs/program_store.h"
#include "tributary/incentive/v1/accrual.pb.h"

namespace tributary::incentive {

class AccrualService {
 public:
  explicit AccrualService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetAccrualRequest& request, v1::Accrual* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAccrualsRequest& request,
                    v1::ListAccrualsResponse* reply);
  absl::Status TellNext(const rpc::Call& call, rpc::Unit& unit, const v1::WhatNextRequest& request,
                        v1::NextTier* reply);

 private:
  const PageTokens& tokens_;
  AccrualStore accruals_;
  ProgramStore programs_;
};

}  // namespace tributary::incentive
