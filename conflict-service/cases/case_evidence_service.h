#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/cases/case_evidence_store.h"
#include "conflict-service/cases/case_store.h"
#include "tributary/conflict/v1/case_evidence.pb.h"

namespace tributary::conflict {

// What cases rest on, for the vendor's staff.
class CaseEvidenceService {
 public:
  explicit CaseEvidenceService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetCaseEvidenceRequest& request,
                   v1::CaseEvidence* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCaseEvidenceRequest& request,
                    v1::ListCaseEvidenceResponse* reply);
  absl::Status Verify(const rpc::Call& call, rpc::Unit& unit, const v1::VerifyCaseEvidenceRequest& request,
                      v1::VerifyCaseEvidenceResponse* reply);

 private:
  const PageTokens& tokens_;
  CaseStore cases_;
  CaseEvidenceStore evidence_;
};

}  // namespace tributary::conflict
