#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/cases/case_deadlines_store.h"
#include "tributary/conflict/v1/case_deadlines.pb.h"

namespace tributary::conflict {

// How long the steps of cases may take, for the vendor's staff.
class CaseDeadlinesService {
 public:
  explicit CaseDeadlinesService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetCaseDeadlinesRequest& request,
                   v1::CaseDeadlines* reply);
  absl::Status ListVersions(const rpc::Call& call, rpc::Unit& unit, const v1::ListCaseDeadlinesVersionsRequest& request,
                            v1::ListCaseDeadlinesVersionsResponse* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateCaseDeadlinesRequest& request,
                      v1::CaseDeadlines* reply);

 private:
  const PageTokens& tokens_;
  const CaseDeadlinesStore deadlines_{};
};

}  // namespace tributary::conflict
