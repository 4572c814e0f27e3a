#include "incentive-service/special_prices/special_price.h"

#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

absl::Status CheckState(const SpecialPriceAuthorization& authorization, std::string_view verb) {
  if (authorization.state == SpecialPriceState::kRequested) return absl::OkStatus();
  return WrongState(authorization.name(), verb, NameOf(authorization.state), NameOf(SpecialPriceState::kRequested));
}

SpecialPriceAuthorization Moved(SpecialPriceAuthorization authorization, SpecialPriceState state, absl::Time now) {
  authorization.state = state;
  authorization.update_time = now;
  ++authorization.version;
  return authorization;
}

absl::StatusOr<SpecialPriceAuthorization> Decide(SpecialPriceAuthorization authorization, SpecialPriceState state,
                                                 std::string_view verb, std::string_view note,
                                                 std::string_view principal, absl::Time now) {
  RETURN_IF_ERROR(CheckState(authorization, verb));
  if (principal == authorization.requester) {
    return SecondPersonRequired(authorization.name(), "who asks for it", "decide it");
  }
  authorization.decider = principal;
  authorization.decision_note = note;
  return Moved(std::move(authorization), state, now);
}

}  // namespace

std::string_view NameOf(SpecialPriceState state) {
  switch (state) {
    case SpecialPriceState::kRequested:
      return "REQUESTED";
    case SpecialPriceState::kApproved:
      return "APPROVED";
    case SpecialPriceState::kRejected:
      return "REJECTED";
    case SpecialPriceState::kWithdrawn:
      return "WITHDRAWN";
  }
  return {};
}

absl::Status CheckSpecialPrice(const SpecialPriceAuthorization& authorization) {
  std::vector<FieldViolation> violations;
  const DateRange& window = authorization.window;
  if (window.end <= window.start) {
    violations.push_back({"special_price.sale_to", window.end.ToString(),
                          StrCat("a day after ", window.start.ToString(), ", where it begins")});
  }
  if (authorization.claim_deadline < window.end.AddDays(-1)) {
    violations.push_back({"special_price.claim_deadline", authorization.claim_deadline.ToString(),
                          StrCat(window.end.AddDays(-1).ToString(), ", the last day of sale, or a later day")});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return absl::OkStatus();
}

absl::StatusOr<SpecialPriceAuthorization> Approve(SpecialPriceAuthorization authorization, std::string_view note,
                                                  std::string_view principal, absl::Time now) {
  return Decide(std::move(authorization), SpecialPriceState::kApproved, "approve", note, principal, now);
}

absl::StatusOr<SpecialPriceAuthorization> Reject(SpecialPriceAuthorization authorization, std::string_view note,
                                                 std::string_view principal, absl::Time now) {
  return Decide(std::move(authorization), SpecialPriceState::kRejected, "reject", note, principal, now);
}

absl::StatusOr<SpecialPriceAuthorization> Withdraw(SpecialPriceAuthorization authorization, absl::Time now) {
  RETURN_IF_ERROR(CheckState(authorization, "withdraw"));
  return Moved(std::move(authorization), SpecialPriceState::kWithdrawn, now);
}

SpecialPrice TermsOf(const SpecialPriceAuthorization& authorization) {
  return {.customer = authorization.end_customer,
          .window = authorization.window,
          .approved_cost = Rational(authorization.approved_cost),
          .currency = authorization.currency,
          .quantity = authorization.quantity,
          .claim_deadline = authorization.claim_deadline};
}

}  // namespace tributary::incentive
