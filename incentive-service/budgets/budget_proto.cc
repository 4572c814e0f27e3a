#include "incentive-service/budgets/budget_proto.h"

#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

absl::StatusOr<std::string> BudgetIdOf(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "budgets/{budget}", field));
  return std::move(ids.front());
}

absl::StatusOr<std::pair<std::string, std::string>> ParseAllocationName(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/fundAllocations/{fund_allocation}", field));
  return std::pair(std::move(ids[0]), std::move(ids[1]));
}

v1::Budget ToProto(const Budget& budget) {
  v1::Budget message;
  message.set_name(budget.name());
  message.set_uid(budget.uid.ToString());
  message.set_etag(EtagOf(budget.version));
  *message.mutable_create_time() = wire::ToProto(budget.create_time);
  *message.mutable_update_time() = wire::ToProto(budget.update_time);
  message.set_display_name(budget.display_name);
  *message.mutable_amount() = MoneyToProto(budget.amount, budget.currency);
  *message.mutable_effective_from() = wire::ToProto(budget.effective.start);
  *message.mutable_effective_to() = wire::ToProto(budget.effective.end);
  message.set_claim_days(budget.claim_days);
  *message.mutable_allocated() = MoneyToProto(budget.allocated, budget.currency);
  *message.mutable_available() = MoneyToProto(budget.available(), budget.currency);
  return message;
}

v1::FundAllocation ToProto(const FundAllocation& allocation) {
  v1::FundAllocation message;
  message.set_name(allocation.name());
  message.set_uid(allocation.uid.ToString());
  message.set_etag(EtagOf(allocation.version));
  *message.mutable_create_time() = wire::ToProto(allocation.create_time);
  *message.mutable_update_time() = wire::ToProto(allocation.update_time);
  message.set_budget(StrCat("budgets/", allocation.budget));
  *message.mutable_amount() = MoneyToProto(allocation.amount, allocation.currency);
  *message.mutable_requested() = MoneyToProto(allocation.requested, allocation.currency);
  *message.mutable_claimed() = MoneyToProto(allocation.claimed, allocation.currency);
  *message.mutable_available() = MoneyToProto(allocation.available(), allocation.currency);
  return message;
}

absl::StatusOr<Budget> FromProto(const v1::Budget& message) {
  FieldReader fields;
  Budget budget{.display_name = message.display_name(),
                .currency = message.amount().currency_code(),
                .claim_days = message.claim_days()};
  budget.amount = fields.Take("budget", MinorFromProto(message.amount(), budget.currency, "amount"));
  budget.effective.start = fields.Take("budget.effective_from", wire::FromProto(message.effective_from()));
  budget.effective.end = fields.Take("budget.effective_to", wire::FromProto(message.effective_to()));
  RETURN_IF_ERROR(fields.status());
  return budget;
}

}  // namespace tributary::incentive
