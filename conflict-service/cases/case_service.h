#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/cases/case_deadlines_store.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/cases/party_store.h"
#include "conflict-service/remedies/remedy_store.h"
#include "tributary/conflict/v1/case.pb.h"

namespace tributary::conflict {

// Cases, for the vendor's staff.
class CaseService {
 public:
  explicit CaseService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetCaseRequest& request, v1::Case* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCasesRequest& request,
                    v1::ListCasesResponse* reply);
  absl::Status ListMessages(const rpc::Call& call, rpc::Unit& unit, const v1::ListCaseMessagesRequest& request,
                            v1::ListCaseMessagesResponse* reply);
  absl::Status Triage(const rpc::Call& call, rpc::Unit& unit, const v1::TriageCaseRequest& request, v1::Case* reply);
  absl::Status Mediate(const rpc::Call& call, rpc::Unit& unit, const v1::MediateCaseRequest& request, v1::Case* reply);
  absl::Status Resolve(const rpc::Call& call, rpc::Unit& unit, const v1::ResolveCaseRequest& request, v1::Case* reply);
  absl::Status Close(const rpc::Call& call, rpc::Unit& unit, const v1::CloseCaseRequest& request, v1::Case* reply);
  absl::Status Reopen(const rpc::Call& call, rpc::Unit& unit, const v1::ReopenCaseRequest& request, v1::Case* reply);
  absl::Status AddMessage(const rpc::Call& call, rpc::Unit& unit, const v1::AddCaseMessageRequest& request,
                          v1::CaseMessage* reply);

 private:
  using Decide = absl::FunctionRef<absl::StatusOr<Case>(Case)>;
  // Loads the case, moves it, stores it, shows it to its parties where it is triaged, and tells it.
  absl::StatusOr<Case> Move(rpc::Unit& unit, std::string_view verb, const std::string& name, const std::string& etag,
                            Decide decide);

  const PageTokens& tokens_;
  CaseStore cases_;
  CaseDeadlinesStore deadlines_;
  PartyStore parties_;
  RemedyStore remedies_;
};

}  // namespace tributary::conflict
