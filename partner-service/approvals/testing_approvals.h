#pragma once

// For tests of approvals through the wire: policies, what waits under them, and what is done about it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "partner-service/testing_masked.h"
#include "tributary/partner/v1/approval_policy.pb.h"
#include "tributary/partner/v1/approval_task.pb.h"

namespace tributary::partner {

inline constexpr char kPolicies[] = "tributary.partner.v1.ApprovalPolicyService/";
inline constexpr char kTasks[] = "tributary.partner.v1.ApprovalTaskService/";

class ApprovalsTest : public MaskedTest {
 protected:
  absl::StatusOr<v1::ApprovalPolicy> CreatePolicy(rpc::Client& client, const std::string& id,
                                                  const v1::ApprovalPolicy& policy) {
    v1::CreateApprovalPolicyRequest request;
    request.set_approval_policy_id(id);
    *request.mutable_approval_policy() = policy;
    request.set_request_id(NewRequestId());
    return As<v1::ApprovalPolicy>(client, kPolicies, "CreateApprovalPolicy", request);
  }
  static v1::ApprovalPolicy AccountsPolicy() {
    v1::ApprovalPolicy policy;
    policy.set_subject_kind(v1::ApprovalPolicy::BANK_ACCOUNT);
    policy.add_bands()->add_approver_subjects("finance-2");
    policy.set_due_hours(24);
    return policy;
  }
  static v1::ApprovalPolicy LimitsPolicy() {
    v1::ApprovalPolicy policy;
    policy.set_subject_kind(v1::ApprovalPolicy::CREDIT_LINE);
    policy.set_currency("EUR");
    v1::ApprovalPolicy::Band& lower = *policy.add_bands();
    lower.mutable_from()->set_value("100000");
    lower.add_approver_roles(api::v1::FINANCE);
    v1::ApprovalPolicy::Band& upper = *policy.add_bands();
    upper.mutable_from()->set_value("1000000");
    upper.add_approver_subjects("cfo");
    return policy;
  }
  absl::StatusOr<v1::BankAccount> CreateAccount(rpc::Client& client, const std::string& id) {
    v1::CreateBankAccountRequest request;
    request.set_parent("partners/p-1");
    request.set_bank_account_id(id);
    request.set_request_id(NewRequestId());
    v1::BankAccount& account = *request.mutable_bank_account();
    account.set_holder_name("Acme Holding GmbH");
    account.set_bank_name("Deutsche Bank");
    account.set_currency("EUR");
    account.set_number_type(v1::BankAccountTerms::IBAN);
    account.set_account_number("DE89370400440532013000");
    return As<v1::BankAccount>(client, kBankAccounts, "CreateBankAccount", request);
  }
  absl::StatusOr<v1::BankAccount> Rename(rpc::Client& client, const std::string& name, const std::string& holder) {
    v1::UpdateBankAccountRequest request;
    request.mutable_bank_account()->set_name(name);
    request.mutable_bank_account()->set_holder_name(holder);
    request.mutable_update_mask()->add_paths("holder_name");
    request.set_request_id(NewRequestId());
    return As<v1::BankAccount>(client, kBankAccounts, "UpdateBankAccount", request);
  }
  absl::StatusOr<v1::BankAccount> Verify(rpc::Client& client, const v1::BankAccount& account) {
    v1::VerifyBankAccountRequest request;
    request.set_name(account.name());
    request.set_etag(account.etag());
    request.set_request_id(NewRequestId());
    return As<v1::BankAccount>(client, kBankAccounts, "VerifyBankAccount", request);
  }
  v1::BankAccount Account(const std::string& name) {
    v1::GetBankAccountRequest request;
    request.set_name(name);
    return *As<v1::BankAccount>(*auditor_, kBankAccounts, "GetBankAccount", request);
  }
  absl::StatusOr<v1::CreditLine> CreateLine(rpc::Client& client, const std::string& id, const char* limit) {
    v1::CreateCreditLineRequest request;
    request.set_parent("partners/p-1");
    request.set_credit_line_id(id);
    *request.mutable_credit_line()->mutable_limit() = wire::ToProto(Money{"EUR", *Decimal::Parse(limit)});
    *request.mutable_credit_line()->mutable_valid_from() = wire::ToProto(*Date::Parse("2026-01-01"));
    request.set_request_id(NewRequestId());
    return As<v1::CreditLine>(client, kCreditLines, "CreateCreditLine", request);
  }
  absl::StatusOr<v1::CreditLine> SetLimit(rpc::Client& client, const std::string& name, const char* limit) {
    v1::UpdateCreditLineRequest request;
    request.mutable_credit_line()->set_name(name);
    *request.mutable_credit_line()->mutable_limit() = wire::ToProto(Money{"EUR", *Decimal::Parse(limit)});
    request.mutable_update_mask()->add_paths("limit");
    request.set_request_id(NewRequestId());
    return As<v1::CreditLine>(client, kCreditLines, "UpdateCreditLine", request);
  }
  v1::CreditLine Line(const std::string& name) {
    return *Get<v1::CreditLine, v1::GetCreditLineRequest>(kCreditLines, "GetCreditLine", name);
  }
  std::vector<v1::ApprovalTask> Tasks(const std::string& filter) {
    v1::ListApprovalTasksRequest list;
    list.set_filter(filter);
    const auto page = As<v1::ListApprovalTasksResponse>(*auditor_, kTasks, "ListApprovalTasks", list);
    EXPECT_OK(page);
    return {page->approval_tasks().begin(), page->approval_tasks().end()};
  }
  v1::ApprovalTask Waiting() {
    const std::vector<v1::ApprovalTask> tasks = Tasks("state = PENDING");
    EXPECT_THAT(tasks, ::testing::SizeIs(1));
    return tasks.empty() ? v1::ApprovalTask() : tasks.front();
  }
  absl::StatusOr<v1::ApprovalTask> Approve(rpc::Client& client, const v1::ApprovalTask& task) {
    v1::ApproveApprovalTaskRequest request;
    request.set_name(task.name());
    request.set_etag(task.etag());
    request.set_comment("called back");
    request.set_request_id(NewRequestId());
    return As<v1::ApprovalTask>(client, kTasks, "ApproveApprovalTask", request);
  }
  absl::StatusOr<v1::ApprovalTask> Reject(rpc::Client& client, const v1::ApprovalTask& task) {
    v1::RejectApprovalTaskRequest request;
    request.set_name(task.name());
    request.set_comment("not theirs");
    request.set_request_id(NewRequestId());
    return As<v1::ApprovalTask>(client, kTasks, "RejectApprovalTask", request);
  }
  absl::StatusOr<v1::ApprovalTask> Delegate(rpc::Client& client, const v1::ApprovalTask& task, const char* delegate) {
    v1::DelegateApprovalTaskRequest request;
    request.set_name(task.name());
    request.set_delegate(delegate);
    request.set_comment("away");
    request.set_request_id(NewRequestId());
    return As<v1::ApprovalTask>(client, kTasks, "DelegateApprovalTask", request);
  }

  const std::unique_ptr<rpc::Client> administrator_ =
      service_.ClientOf({.subject = "admin-1", .roles = {api::v1::ADMINISTRATOR}});
  const std::unique_ptr<rpc::Client> cfo_ = service_.ClientOf({.subject = "cfo", .roles = {api::v1::FINANCE}});
};

}  // namespace tributary::partner
