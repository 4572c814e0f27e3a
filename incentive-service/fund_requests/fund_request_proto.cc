#include "incentive-service/fund_requests/fund_request_proto.h"

#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

absl::StatusOr<std::pair<std::string, std::string>> ParseFundRequestName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/fundRequests/{fund_request}"));
  return std::pair(std::move(ids[0]), std::move(ids[1]));
}

v1::FundRequest ToProto(const FundRequest& request) {
  v1::FundRequest message;
  message.set_name(request.name());
  message.set_uid(request.uid.ToString());
  message.set_etag(EtagOf(request.version));
  *message.mutable_create_time() = wire::ToProto(request.create_time);
  *message.mutable_update_time() = wire::ToProto(request.update_time);
  message.set_state(static_cast<v1::FundRequest::State>(request.state));
  message.set_fund_allocation(StrCat("partners/", request.partner, "/fundAllocations/", request.allocation));
  message.set_activity(static_cast<v1::FundRequest::Activity>(request.activity));
  message.set_description(request.description);
  *message.mutable_activity_from() = wire::ToProto(request.days.start);
  *message.mutable_activity_to() = wire::ToProto(request.days.end);
  *message.mutable_amount() = MoneyToProto(request.amount, request.currency);
  message.set_requester(request.requester);
  message.set_decider(request.decider);
  message.set_decision_note(request.decision_note);
  *message.mutable_approved() = MoneyToProto(request.approved, request.currency);
  *message.mutable_pending() = MoneyToProto(request.pending, request.currency);
  *message.mutable_claimed() = MoneyToProto(request.claimed, request.currency);
  *message.mutable_returned() = MoneyToProto(request.returned, request.currency);
  if (request.claim_deadline.has_value()) {
    *message.mutable_claim_deadline() = wire::ToProto(*request.claim_deadline);
  }
  return message;
}

absl::StatusOr<FundRequest> FromProto(const v1::FundRequest& message, const FundAllocation& allocation) {
  FieldReader fields;
  FundRequest request{.partner = allocation.partner,
                      .allocation = allocation.id,
                      .activity = static_cast<FundActivity>(message.activity()),
                      .description = message.description(),
                      .currency = allocation.currency};
  request.days.start = fields.Take("fund_request.activity_from", wire::FromProto(message.activity_from()));
  request.days.end = fields.Take("fund_request.activity_to", wire::FromProto(message.activity_to()));
  request.amount = fields.Take("fund_request", MinorFromProto(message.amount(), allocation.currency, "amount"));
  RETURN_IF_ERROR(fields.status());
  return request;
}

}  // namespace tributary::incentive
