#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "google/protobuf/empty.pb.h"
#include "partner-service/access_records/access_record_store.h"
#include "partner-service/approvals/approvals.h"
#include "partner-service/bank_accounts/bank_account_store.h"
#include "partner-service/partners/partner_store.h"
#include "tributary/partner/v1/bank_account.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.BankAccountService.
class BankAccountService {
 public:
  // Both outlive the service.
  BankAccountService(mysql::Database& database, const PageTokens& tokens) : database_(database), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetBankAccountRequest& request,
                   v1::BankAccount* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListBankAccountsRequest& request,
                    v1::ListBankAccountsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateBankAccountRequest& request,
                      v1::BankAccount* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateBankAccountRequest& request,
                      v1::BankAccount* reply);
  absl::Status Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeleteBankAccountRequest& request,
                      google::protobuf::Empty* reply);
  absl::Status Verify(const rpc::Call& call, rpc::Unit& unit, const v1::VerifyBankAccountRequest& request,
                      v1::BankAccount* reply);
  absl::Status Reject(const rpc::Call& call, rpc::Unit& unit, const v1::RejectBankAccountRequest& request,
                      v1::BankAccount* reply);
  // A read to its caller; its record is written by a transaction of its own, and where that fails nothing is shown.
  absl::Status Reveal(const rpc::Call& call, rpc::Unit& unit, const v1::RevealBankAccountRequest& request,
                      v1::RevealBankAccountResponse* reply);

  // What an approval task about a bank account decides.
  absl::Status DecideAsked(const rpc::Call& call, rpc::Unit& unit, const ApprovalTask& task, ApprovalVerdict verdict,
                           std::string_view comment);

 private:
  // The account that a verb is about, locked, with the etag that the caller wants.
  template <typename Request>
  absl::StatusOr<BankAccount> Load(rpc::Unit& unit, const Request& request) const;
  // What waits holds from now on, or does not; its approval task is decided with it.
  absl::Status Decide(const rpc::Call& call, rpc::Unit& unit, const BankAccount& account, ApprovalVerdict verdict,
                      std::string_view comment, v1::BankAccount* reply) const;
  // What waits for a second person has a task.
  absl::Status AskForApproval(rpc::Unit& unit, const BankAccount& account, absl::Time now) const;
  // The end of every change: record, tell, reply.
  absl::Status Finish(const rpc::Call& call, rpc::Unit& unit, AccessAction action, std::string_view verb,
                      const BankAccount& account, std::vector<std::string> fields, v1::BankAccount* reply) const;

  mysql::Database& database_;
  const PageTokens& tokens_;
  BankAccountStore accounts_;
  AccessRecordStore records_;
  PartnerStore partners_;
  Approvals approvals_;
};

}  // namespace tributary::partner
