#include "partner-service/bank_accounts/bank_account_service.h"

#include <optional>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/bank_accounts/bank_account_proto.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "partners/{partner}/bankAccounts/{bank_account}";
}  // namespace

void BankAccountService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.BankAccountService", this)
      .Unary("GetBankAccount", &BankAccountService::Get)
      .Unary("ListBankAccounts", &BankAccountService::List)
      .Unary("CreateBankAccount", &BankAccountService::Create)
      .Unary("UpdateBankAccount", &BankAccountService::Update)
      .Unary("DeleteBankAccount", &BankAccountService::Delete)
      .Unary("VerifyBankAccount", &BankAccountService::Verify)
      .Unary("RejectBankAccount", &BankAccountService::Reject)
      .Unary("RevealBankAccount", &BankAccountService::Reveal);
}

template <typename Request>
absl::StatusOr<BankAccount> BankAccountService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(BankAccount account, accounts_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(account.name(), request.etag(), account.revision.version));
  return account;
}

absl::Status BankAccountService::AskForApproval(rpc::Unit& unit, const BankAccount& account, absl::Time now) const {
  // Every policy for bank accounts says who approves them.
  ASSIGN_OR_RETURN(const std::optional<ApprovalAuthority> authority,
                   approvals_.AuthorityOver(unit.sql(), ApprovalSubjectKind::kBankAccount, std::nullopt));
  return approvals_
      .Ask(unit,
           {.kind = ApprovalSubjectKind::kBankAccount,
            .subject = account.name(),
            .partner_id = account.partner_id,
            .subject_version = account.revision.version,
            .requesters = account.asked_by},
           authority, now)
      .status();
}

absl::Status BankAccountService::Finish(const rpc::Call& call, rpc::Unit& unit, AccessAction action,
                                        std::string_view verb, const BankAccount& account,
                                        std::vector<std::string> fields, v1::BankAccount* reply) const {
  RETURN_IF_ERROR(
      records_.Add(unit.sql(), RecordOf(action, account.name(), call.identity->subject, call.now, std::move(fields))));
  unit.Emit(Told(verb, account));
  if (reply != nullptr) *reply = Pseudonymous(account);
  return absl::OkStatus();
}

absl::Status BankAccountService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetBankAccountRequest& request,
                                     v1::BankAccount* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const BankAccount account, accounts_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(account);
  return absl::OkStatus();
}

absl::Status BankAccountService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListBankAccountsRequest& request, v1::ListBankAccountsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, BankAccountStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<BankAccount> accounts, accounts_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&accounts, [](const BankAccount& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const BankAccount& account : accounts) *reply->add_bank_accounts() = ToProto(account);
  return absl::OkStatus();
}

absl::Status BankAccountService::Create(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CreateBankAccountRequest& request, v1::BankAccount* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createBankAccount"));
  const Revision first = Revision::First(call.now);
  const BankAccount blank{.partner_id = partner.id,
                          .id = request.bank_account_id().empty() ? first.uid.ToString() : request.bank_account_id()};
  auto account = Ask(blank, FromProto(request.bank_account()), call.identity->subject, call.now);
  if (!account.ok()) return AtField(account.status(), "bank_account");
  account->revision = first;
  RETURN_IF_ERROR(accounts_.Create(unit.sql(), *account));
  RETURN_IF_ERROR(AskForApproval(unit, *account, call.now));
  return Finish(call, unit, AccessAction::kCreated, "created", *account, {}, reply);
}

absl::Status BankAccountService::Update(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::UpdateBankAccountRequest& request, v1::BankAccount* reply) {
  static const std::vector<std::string_view> kMayChange = {"holder_name", "bank_name",   "bic",
                                                           "currency",    "number_type", "account_number"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.bank_account().name(), kPattern, "bank_account.name"));
  ASSIGN_OR_RETURN(const BankAccount account, accounts_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(account.name(), request.bank_account().etag(), account.revision.version));
  v1::BankAccount merged = Whole(account);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.bank_account(), &merged, kMayChange));
  const BankAccountTerms terms = FromProto(merged);
  const auto asked = Ask(account, terms, call.identity->subject, call.now);
  if (!asked.ok()) return AtField(asked.status(), "bank_account");
  RETURN_IF_ERROR(accounts_.Update(unit.sql(), *asked));
  RETURN_IF_ERROR(AskForApproval(unit, *asked, call.now));
  return Finish(call, unit, AccessAction::kUpdated, "updated", *asked, FieldsThatDiffer(account.latest(), terms),
                reply);
}

absl::Status BankAccountService::Delete(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::DeleteBankAccountRequest& request, google::protobuf::Empty*) {
  ASSIGN_OR_RETURN(const BankAccount account, Load(unit, request));
  RETURN_IF_ERROR(accounts_.Delete(unit.sql(), account));
  RETURN_IF_ERROR(approvals_.Withdraw(call, unit, account.name()));
  return Finish(call, unit, AccessAction::kDeleted, "deleted", account, {}, nullptr);
}

absl::Status BankAccountService::Decide(const rpc::Call& call, rpc::Unit& unit, const BankAccount& account,
                                        ApprovalVerdict verdict, std::string_view comment,
                                        v1::BankAccount* reply) const {
  const bool approve = verdict == ApprovalVerdict::kApprove;
  ASSIGN_OR_RETURN(const BankAccount decided, approve ? partner::Verify(account, call.identity->subject, call.now)
                                                      : partner::Reject(account, call.now));
  RETURN_IF_ERROR(accounts_.Update(unit.sql(), decided));
  RETURN_IF_ERROR(approvals_.Settle(call, unit, account.name(), verdict, comment));
  return Finish(call, unit, approve ? AccessAction::kVerified : AccessAction::kRejected,
                approve ? "verified" : "rejected", decided, {}, reply);
}

absl::Status BankAccountService::Verify(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::VerifyBankAccountRequest& request, v1::BankAccount* reply) {
  ASSIGN_OR_RETURN(const BankAccount account, Load(unit, request));
  return Decide(call, unit, account, ApprovalVerdict::kApprove, "", reply);
}

absl::Status BankAccountService::Reject(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::RejectBankAccountRequest& request, v1::BankAccount* reply) {
  ASSIGN_OR_RETURN(const BankAccount account, Load(unit, request));
  return Decide(call, unit, account, ApprovalVerdict::kReject, "", reply);
}

absl::Status BankAccountService::DecideAsked(const rpc::Call& call, rpc::Unit& unit, const ApprovalTask& task,
                                             ApprovalVerdict verdict, std::string_view comment) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(task.ask.subject, kPattern));
  ASSIGN_OR_RETURN(const BankAccount account, accounts_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  return Decide(call, unit, account, verdict, comment, nullptr);
}

absl::Status BankAccountService::Reveal(const rpc::Call& call, rpc::Unit&, const v1::RevealBankAccountRequest& request,
                                        v1::RevealBankAccountResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  std::vector<FieldViolation> violations;
  CheckOneLine("purpose", request.purpose(), &violations);
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  BankAccount account;
  RETURN_IF_ERROR(database_.Transact({.deadline = call.deadline}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(account, accounts_.Get(sql, ids[0], ids[1]));
    return records_.Add(sql, RecordOf(AccessAction::kRevealed, account.name(), call.identity->subject, call.now,
                                      {"account_number"}, request.purpose()));
  }));
  reply->set_account_number(account.shown().number);
  if (account.verified.has_value() && account.asked.has_value()) {
    reply->set_pending_account_number(account.asked->number);
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
