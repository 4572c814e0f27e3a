#include "incentive-service/accruals/accrual_proto.h"

#include <string>

#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/wire/wire.h"
#include "incentive-service/programs/program_proto.h"

namespace tributary::incentive {

google::type::Money MoneyToProto(int64_t minor, std::string_view currency) {
  return wire::ToProto(Money{std::string(currency), FromMinorUnits(minor, currency).value_or(Decimal())});
}

v1::Evaluation ToProto(const Evaluation& evaluation, const Program& program) {
  v1::Evaluation message;
  message.set_shape(static_cast<v1::Program::Shape>(program.terms.scale.shape));
  message.set_bound(static_cast<v1::Program::Bound>(program.terms.scale.bound));
  for (const TierPart& part : evaluation.parts) {
    v1::Evaluation::TierPart* added = message.add_parts();
    *added->mutable_from_amount() = wire::ToProto(part.from);
    if (part.to.has_value()) *added->mutable_to_amount() = wire::ToProto(*part.to);
    *added->mutable_rate() = wire::ToProto(part.rate);
    *added->mutable_amount() = wire::ToProto(part.amount);
    added->set_value(part.value.ToString());
  }
  message.set_exact_value(evaluation.exact.ToString());
  message.set_rounding(ToProto(program.terms.rounding));
  *message.mutable_value() = MoneyToProto(evaluation.minor, program.terms.currency);
  message.set_program_etag(EtagOf(program.version));
  return message;
}

absl::StatusOr<v1::Accrual> ToProto(const Accrual& accrual, const Program& program) {
  ASSIGN_OR_RETURN(const Evaluation evaluation, Evaluate(program.terms, accrual.qualifying));
  v1::Accrual message;
  message.set_name(accrual.key.name());
  message.set_program(program.name());
  message.set_period(accrual.key.period);
  message.set_lines(accrual.lines);
  *message.mutable_qualifying_amount() = wire::ToProto(Money{program.terms.currency, accrual.qualifying});
  *message.mutable_evaluation() = ToProto(evaluation, program);
  message.set_stated(accrual.stated);
  *message.mutable_update_time() = wire::ToProto(accrual.update_time);
  message.set_other_currency_lines(accrual.other_currency_lines);
  return message;
}

v1::NextTier ToProto(const NextTier& next, std::string_view currency) {
  v1::NextTier message;
  if (next.from.has_value()) *message.mutable_from_amount() = wire::ToProto(*next.from);
  *message.mutable_missing_amount() = wire::ToProto(next.missing);
  *message.mutable_value_now() = MoneyToProto(next.value_now, currency);
  *message.mutable_value_then() = MoneyToProto(next.value_then, currency);
  return message;
}

}  // namespace tributary::incentive
