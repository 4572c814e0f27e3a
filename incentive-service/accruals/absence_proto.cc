#include "incentive-service/accruals/absence_proto.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "common/money/money.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"

namespace tributary::incentive {
namespace {

std::string Instant(absl::Time time) { return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", time, absl::UTCTimeZone()); }

struct GotAndWant {
  std::string got, want;
};

GotAndWant OutsideDays(const Program& program, Date day) {
  if (program.effective.Contains(day)) {
    return {day.ToString(),
            StrCat("a day before ", program.period.days().end.ToString(), ", until which fiscalCalendars/",
                   program.fiscal_calendar, " reaches: it counts once that is extended")};
  }
  return {day.ToString(),
          StrCat("a day from ", program.effective.start.ToString(),
                 program.effective.end == OpenEnd() ? " on" : " until before " + program.effective.end.ToString())};
}

GotAndWant Differing(const Program& program, AbsenceReason reason, const FactLine& line, const ClosedPeriod* close) {
  const std::string recorded = StrCat("recorded ", Instant(line.recorded_at));
  switch (reason) {
    case AbsenceReason::kUnknownLine:
      return {"no line of that name", "one that inventory-service has told"};
    case AbsenceReason::kProgramNotActive:
      return {"a draft", "a program that is or was active"};
    case AbsenceReason::kIsReversal:
      return {StrCat("a reversal of ", line.refers), "a line or a return"};
    case AbsenceReason::kReversed:
      return {StrCat("reversed ", Instant(line.reversed->recorded_at)), "no reversal"};
    case AbsenceReason::kPartnerNotEligible: {
      std::optional<Unfit> unfit;
      if (program.eligibility.Includes(line.partner) && line.standing != nullptr) {
        unfit = program.eligibility.WhyUnfit(*line.standing);
      }
      if (unfit.has_value()) return {std::move(unfit->got), std::move(unfit->want)};
      return {StrCat("partners/", line.partner), "a partner that is eligible"};
    }
    case AbsenceReason::kCustomerNotEligible: {
      std::optional<Unfit> unfit = program.eligibility.WhyCustomerUnfit(*line.standing);
      return {std::move(unfit->got), std::move(unfit->want)};
    }
    case AbsenceReason::kProductNotIncluded:
      return {StrCat(line.product, line.product_line.empty() ? "" : " of ", line.product_line),
              "a product that the program includes"};
    case AbsenceReason::kOutsideEffectiveDates:
      return OutsideDays(program, line.BasisDate(program.basis));
    case AbsenceReason::kLateBeyondGrace:
      return {recorded, StrCat("before ", Instant(close->grace_until))};
    case AbsenceReason::kLateBeyondClawback:
      return {recorded, StrCat("before ", Instant(close->clawback_until))};
    case AbsenceReason::kReturnsUncountedLine:
      return {StrCat("a return of ", line.refers, ", recorded ", Instant(line.original->recorded_at)),
              StrCat("a return of a line recorded before ", Instant(close->grace_until))};
    case AbsenceReason::kOtherCurrency:
      return {line.currency, StrCat(program.terms.currency, ", since the program has no rate_type")};
    case AbsenceReason::kOtherBasis:
      return {StrCat("one of the ", NameOf(line.source)), StrCat("one of the ", NameOf(SourceOf(program.basis)))};
    case AbsenceReason::kIsAdjustment:
      return {"an adjustment of the partner's stock", "a sale or a return"};
    case AbsenceReason::kNoAmount:
      return {"no net amount", "a net amount, since not only units are paid"};
    case AbsenceReason::kCountsWithSuccessor:
      return {StrCat("a line of partners/", line.partner),
              StrCat("one of partners/", line.earner, ", which took it over: it counts there")};
    case AbsenceReason::kCountsWithGroup:
      return {StrCat("a line of partners/", line.partner),
              StrCat("one of partners/", line.earner, ", with which it earns on that day: it counts there")};
    case AbsenceReason::kNoCost: {
      const bool vendor = program.terms.margin.has_value() && program.terms.margin->of == MarginOf::kVendor;
      return {StrCat("no known cost of ", line.product),
              vendor ? StrCat("a standard cost in ", line.currency, " that holds on ",
                              line.BasisDate(program.basis).ToString())
                     : StrCat("units of which the partner's price layers tell what they cost, in ", line.currency)};
    }
    case AbsenceReason::kUnpriced:
      return {StrCat(line.currency, " on ", line.BasisDate(program.basis).ToString()),
              StrCat("an exchange rate exchangeRates/", program.rate_type, ".", line.currency, ".",
                     program.terms.currency, ".", line.BasisDate(program.basis).ToString())};
  }
  return {};
}

}  // namespace

v1::Absence AbsenceToProto(const Program& program, std::optional<AbsenceReason> reason, const FactLine& line,
                           const ClosedPeriod* close, std::string_view period) {
  v1::Absence message;
  message.set_program(program.name());
  message.set_period(std::string(period));
  if (!reason.has_value()) return message;
  message.set_reason(static_cast<v1::Absence::Reason>(*reason));
  GotAndWant differing = Differing(program, *reason, line, close);
  message.set_got(std::move(differing.got));
  message.set_want(std::move(differing.want));
  return message;
}

v1::AccrualLine ToProto(const JudgedLine& judged, std::string_view partner, std::string_view currency) {
  const StatementLine& line = judged.line;
  v1::AccrualLine message;
  message.set_fact(line.name(partner));
  *message.mutable_basis_date() = wire::ToProto(line.basis_date);
  message.set_product(line.product);
  *message.mutable_quantity() = wire::ToProto(line.quantity);
  *message.mutable_amount() = wire::ToProto(Money{line.currency, line.amount});
  *message.mutable_share() = MoneyToProto(line.share, currency);
  message.set_ordinal(line.ordinal);
  message.set_counted_as(line.counted_as);
  if (line.unit_cost.has_value()) message.mutable_unit_cost()->set_value(line.unit_cost->ToDecimalString());
  if (!line.matched.empty()) message.set_matched(StrCat("partners/", partner, "/", line.matched));
  if (judged.absent.has_value()) message.set_reason(static_cast<v1::Absence::Reason>(*judged.absent));
  return message;
}

v1::TrueUp ToProto(const TrueUp& true_up, std::string_view currency) {
  v1::TrueUp message;
  message.set_fact(true_up.fact);
  *message.mutable_recorded_time() = wire::ToProto(true_up.recorded_at);
  *message.mutable_amount() = MoneyToProto(true_up.amount, currency);
  *message.mutable_value_after() = MoneyToProto(true_up.value_after, currency);
  return message;
}

}  // namespace tributary::incentive
