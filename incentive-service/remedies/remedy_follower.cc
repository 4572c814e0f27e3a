#include "incentive-service/remedies/remedy_follower.h"

#include <utility>
#include <vector>

#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/money/money.h"
#include "common/remedies/remedy_answer.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/adjustments/adjustment_proto.h"
#include "incentive-service/remedies/remedy_answer.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

const std::string& RemedyPayload() { return conflict::v1::Remedy::descriptor()->full_name(); }

absl::Status RemedyFollower::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                                   events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(const std::vector<Remedy> remedies, events::PayloadsOf<Remedy>(batch));
  for (const Remedy& remedy : remedies) {
    for (const RemedyStep& step : remedy.steps()) {
      if (!step.has_amount()) continue;
      if (step.state() == RemedyStep::ORDERED) RETURN_IF_ERROR(Order(sql, remedy, step, now, outbox));
      if (step.state() == RemedyStep::COMPENSATING) RETURN_IF_ERROR(Compensate(sql, remedy, step, now, outbox));
    }
  }
  return absl::OkStatus();
}

absl::Status RemedyFollower::Order(mysql::Transaction& sql, const Remedy& remedy, const RemedyStep& step,
                                   absl::Time now, events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(const std::vector<Adjustment> made,
                   adjustments_.OfStep(sql, remedy.name(), remedy.uid(), step.order()));
  if (!made.empty()) return absl::OkStatus();
  Adjustment adjustment{.currency = step.amount().currency_code(),
                        .reason = step.reason(),
                        .remedy = remedy.name(),
                        .remedy_uid = remedy.uid(),
                        .step = step.order(),
                        .requester = remedy.principal()};
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(step.partner(), "partners/{partner}"));
  adjustment.partner = std::move(ids[0]);
  ASSIGN_OR_RETURN(adjustment.amount, MinorFromProto(step.amount(), adjustment.currency, "amount"));
  if (!step.program().empty()) {
    ASSIGN_OR_RETURN(ids, ParseResourceName(step.program(), "programs/{program}"));
    adjustment.program = std::move(ids[0]);
    const auto refuse = [&](const std::string& note) {
      outbox.Add(remedies::Answered(remedies::KeyOf(remedy, step), conflict::v1::RemedyAnswer::REFUSED, "", note));
      return absl::OkStatus();
    };
    const absl::StatusOr<Program> program = programs_.Get(sql, adjustment.program);
    if (absl::IsNotFound(program.status())) {
      return refuse(StrCat("program: got ", step.program(), ", want a program that there is"));
    }
    RETURN_IF_ERROR(program);
    const std::string& pays = program->terms.currency;
    if ((pays == kPoints) != (adjustment.currency == kPoints)) {
      return refuse(StrCat("amount.currency_code: got ", adjustment.currency, ", want ",
                           pays == kPoints ? "PTS: " : "money: ", step.program(), " pays ", pays));
    }
  }
  adjustment.create_time = adjustment.update_time = now;
  return Add(sql, "requested", std::move(adjustment), now, outbox);
}

absl::Status RemedyFollower::Compensate(mysql::Transaction& sql, const Remedy& remedy, const RemedyStep& step,
                                        absl::Time now, events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(const std::vector<Adjustment> made,
                   adjustments_.OfStep(sql, remedy.name(), remedy.uid(), step.order()));
  // It was applied by one that is APPROVED; a second one takes that back already.
  if (made.size() != 1 || made[0].state != AdjustmentState::kApproved) return absl::OkStatus();
  return Add(sql, "approved", TakeBack(made[0], now), now, outbox);
}

absl::Status RemedyFollower::Add(mysql::Transaction& sql, std::string_view verb, Adjustment adjustment, absl::Time now,
                                 events::Outbox& outbox) const {
  adjustment.uid = Uuid::New(now);
  adjustment.id = adjustment.uid.ToString();
  RETURN_IF_ERROR(adjustments_.Insert(sql, adjustment));
  outbox.Add(events::Draft(adjustment.partner, verb, adjustment.name(), ToProto(adjustment)));
  if (auto answer = AnswerOf(adjustment)) outbox.Add(*std::move(answer));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
