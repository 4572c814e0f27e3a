#pragma once

// The RPCs of deductions.

#include <optional>
#include <string>

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/claims/claim_store.h"
#include "incentive-service/deductions/deduction_store.h"
#include "incentive-service/deductions/invoice_gross_store.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/statements/statement_store.h"
#include "tributary/incentive/v1/deduction.pb.h"

namespace tributary::incentive {

class DeductionService {
 public:
  explicit DeductionService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDeductionRequest& request,
                   v1::Deduction* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDeductionsRequest& request,
                    v1::ListDeductionsResponse* reply);
  absl::Status GetAged(const rpc::Call& call, rpc::Unit& unit, const v1::GetAgedDeductionsRequest& request,
                       v1::AgedDeductions* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateDeductionRequest& request,
                      v1::Deduction* reply);
  absl::Status MatchDeduction(const rpc::Call& call, rpc::Unit& unit, const v1::MatchDeductionRequest& request,
                              v1::Deduction* reply);
  absl::Status UnmatchDeduction(const rpc::Call& call, rpc::Unit& unit, const v1::UnmatchDeductionRequest& request,
                                v1::Deduction* reply);
  absl::Status WriteOffDeduction(const rpc::Call& call, rpc::Unit& unit, const v1::WriteOffDeductionRequest& request,
                                 v1::Deduction* reply);
  absl::Status ChargeBackDeduction(const rpc::Call& call, rpc::Unit& unit,
                                   const v1::ChargeBackDeductionRequest& request, v1::Deduction* reply);

 private:
  // Reads one for update; checks the etag.
  template <typename Request>
  absl::StatusOr<Deduction> Load(rpc::Unit& unit, const Request& request) const;
  // The deduction matched to a claim or statement of the partner's, which is stored and told as it is then. Without an
  // amount what is open of both.
  absl::StatusOr<Deduction> MatchClaim(const rpc::Call& call, rpc::Unit& unit, const Deduction& deduction,
                                       const std::string& id, std::optional<int64_t> amount) const;
  absl::StatusOr<Deduction> MatchStatement(const rpc::Call& call, rpc::Unit& unit, const Deduction& deduction,
                                           const StatementKey& key, std::optional<int64_t> amount) const;
  // What was taken of a claim or statement given back to it, which is stored and told as it is then.
  absl::Status RestoreClaim(const rpc::Call& call, rpc::Unit& unit, const Deduction& deduction, const std::string& id,
                            int64_t amount) const;
  absl::Status RestoreStatement(const rpc::Call& call, rpc::Unit& unit, const StatementKey& key, int64_t amount) const;
  absl::Status TellStatement(rpc::Unit& unit, std::string_view verb, const Statement& statement) const;

  const PageTokens& tokens_;
  DeductionStore deductions_;
  InvoiceGrossStore invoices_;
  ClaimStore claims_;
  StatementStore statements_;
  ProgramStore programs_;
  LedgerStore ledger_;
};

}  // namespace tributary::incentive
