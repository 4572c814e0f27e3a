#pragma once

#include "common/rpc/server.h"
#include "google/longrunning/operations.pb.h"
#include "incentive-service/operations/operation_store.h"
#include "tributary/incentive/v1/operation.pb.h"

namespace tributary::incentive {

class OperationService {
 public:
  void Register(rpc::Server& server) {
    server.Add("tributary.incentive.v1.OperationService", this).Unary("GetOperation", &OperationService::Get);
  }

  absl::Status Get(const rpc::Call&, rpc::Unit& unit, const v1::GetOperationRequest& request,
                   google::longrunning::Operation* reply) {
    ASSIGN_OR_RETURN(*reply, operations_.Get(unit.sql(), request.name()));
    return absl::OkStatus();
  }

 private:
  OperationStore operations_;
};

}  // namespace tributary::incentive
