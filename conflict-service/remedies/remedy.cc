#include "conflict-service/remedies/remedy.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

// Collects what is wrong with one measure.
class MeasureCheck {
 public:
  MeasureCheck(size_t index, std::vector<FieldViolation>* violations)
      : place_(StrCat("measures[", index, "].")), violations_(violations) {}
  void Want(bool holds, std::string_view field, std::string_view got, std::string_view want) {
    if (!holds) violations_->push_back({StrCat(place_, field), std::string(got), std::string(want)});
  }
  void Party(std::string_view field, const std::string& partner, const std::vector<std::string>& parties) {
    Want(std::find(parties.begin(), parties.end(), partner) != parties.end(), field, partner,
         StrCat("one of ", StrJoin(parties, ", ")));
  }
  // Minor units; 0 where something is wrong.
  int64_t Amount(const std::optional<Money>& amount) {
    if (!amount) {
      Want(false, "amount", "nothing", "an amount");
      return 0;
    }
    const std::optional<int> decimals = CurrencyExponent(amount->currency);
    Want(decimals.has_value(), "amount.currency_code", amount->currency, "a currency of ISO 4217, or PTS for points");
    if (!decimals) return 0;
    const bool fits = amount->amount > Decimal() && amount->amount.scale() <= *decimals;
    Want(fits, "amount", amount->amount.ToString(), StrCat("above 0, with at most ", *decimals, " decimals"));
    return fits ? ToMinorUnits(Rational(amount->amount), amount->currency, Rounding::kDown).value_or(0) : 0;
  }
  // What a share comes to.
  void Shared(size_t share, int64_t amount, std::string_view currency) {
    Want(amount > 0, StrCat("shares[", share, "].weight"), FormatMinorUnits(amount, currency),
         "enough for the smallest unit of the currency");
  }

 private:
  const std::string place_;
  std::vector<FieldViolation>* violations_;
};

bool MovesNoMoney(RemedyKind kind) {
  return kind == RemedyKind::kWarning || kind == RemedyKind::kReassignTerritory || IsOwn(kind);
}
bool IsCharge(RemedyKind kind) { return kind == RemedyKind::kClawback || kind == RemedyKind::kPenalty; }

// Of its units, what holds whatever was clawed back already.
void CheckUnits(const RemedyMeasure& measure, const std::optional<Decimal>& most_units, MeasureCheck* check) {
  if (!measure.units) return;
  const std::string units = measure.units->ToString();
  check->Want(IsCharge(measure.kind), "units", units, "none: they are of CLAWBACK and PENALTY");
  check->Want(*measure.units > Decimal(), "units", units, "above 0");
  check->Want(measure.kind == RemedyKind::kClawback || !most_units || *measure.units <= *most_units, "units", units,
              StrCat("at most ", most_units.value_or(Decimal()).ToString(), ", the lower bound of the mass balance"));
}

// The units that a CLAWBACK rests on, of at most `most` of which `taken` are clawed back already.
Decimal ClawedBack(const RemedyMeasure& measure, Decimal most, Decimal taken, MeasureCheck* check) {
  const Decimal left = most - taken;
  const std::string already = StrCat(taken.ToString(), " are clawed back already");
  if (measure.units) {
    check->Want(*measure.units <= left, "units", measure.units->ToString(),
                taken.zero() ? StrCat("at most ", most.ToString(), ", the lower bound of the mass balance")
                             : StrCat("at most ", left.ToString(), ": of the lower bound of the mass balance, ",
                                      most.ToString(), ", ", already));
    return *measure.units;
  }
  check->Want(left > Decimal(), "units", "nothing",
              taken.zero()
                  ? std::string("no CLAWBACK: the mass balance shows no flow any more")
                  : StrCat("no CLAWBACK: of the lower bound of the mass balance, ", most.ToString(), ", ", already));
  return left;
}

void CheckTerritory(const RemedyMeasure& measure, MeasureCheck* check) {
  constexpr std::string_view kNone = "none: it is of REASSIGN_TERRITORY alone";
  if (measure.kind != RemedyKind::kReassignTerritory) {
    check->Want(measure.territory_grant.empty(), "territory_grant", measure.territory_grant, kNone);
    check->Want(measure.recipient.empty(), "recipient", measure.recipient, kNone);
    check->Want(!measure.effective_from, "effective_from", measure.effective_from.value_or(Date()).ToString(), kNone);
    return;
  }
  const bool named =
      ParseResourceName(measure.territory_grant, "partners/{partner}/territoryGrants/{territory_grant}").ok();
  check->Want(named && measure.territory_grant.starts_with(StrCat(measure.partner, "/")), "territory_grant",
              measure.territory_grant, "a territory grant of the partner's");
  check->Want(measure.recipient.empty() || ParseResourceName(measure.recipient, "partners/{partner}").ok(), "recipient",
              measure.recipient, "partners/{partner}, or none");
  check->Want(measure.recipient.empty() || measure.recipient != measure.partner, "recipient", measure.recipient,
              "another partner");
  check->Want(measure.effective_from.has_value(), "effective_from", "nothing", "a day");
}

void CheckRoles(const RemedyMeasure& measure, const std::vector<std::string>& parties, MeasureCheck* check) {
  const bool clarifies = measure.kind == RemedyKind::kClarifyRoles;
  check->Want(clarifies != measure.roles.empty(), "roles", StrCat(measure.roles.size()),
              clarifies ? "at least one" : "none: they are of CLARIFY_ROLES alone");
  std::set<std::string> seen;
  for (size_t i = 0; i < measure.roles.size(); ++i) {
    const RemedyRole& role = measure.roles[i];
    check->Party(StrCat("roles[", i, "].partner"), role.partner, parties);
    check->Want(seen.insert(role.partner).second, StrCat("roles[", i, "].partner"), role.partner, "each partner once");
  }
}

void CheckPriceAction(const RemedyMeasure& measure, MeasureCheck* check) {
  constexpr std::string_view kNone = "none: it is of PRICE_ACTION alone";
  if (measure.kind != RemedyKind::kPriceAction) {
    check->Want(measure.price_rule.empty(), "price_rule", measure.price_rule, kNone);
    check->Want(!measure.due_on, "due_date", measure.due_on.value_or(Date()).ToString(), kNone);
    return;
  }
  check->Want(ParseResourceName(measure.price_rule, "priceRules/{price_rule}").ok(), "price_rule", measure.price_rule,
              "priceRules/{price_rule}");
  check->Want(measure.due_on.has_value(), "due_date", "nothing", "a day");
}

void CheckMeasure(const RemedyMeasure& measure, const std::vector<std::string>& parties,
                  const std::optional<Decimal>& most_units, MeasureCheck* check) {
  const bool split = measure.kind == RemedyKind::kSplitCredit, moneyless = MovesNoMoney(measure.kind);
  check->Want(measure.kind != RemedyKind::kUnspecified, "kind", NameOf(measure.kind),
              "CLAWBACK, PENALTY, SPLIT_CREDIT, WARNING, REASSIGN_TERRITORY, CLARIFY_ROLES or PRICE_ACTION");
  if (split) {
    check->Want(measure.partner.empty(), "partner", measure.partner, "none of a SPLIT_CREDIT: its shares have them");
  } else if (measure.kind == RemedyKind::kClarifyRoles) {
    check->Want(measure.partner.empty(), "partner", measure.partner, "none of a CLARIFY_ROLES: its roles have them");
  } else {
    check->Party("partner", measure.partner, parties);
  }
  check->Want(split != measure.shares.empty(), "shares", StrCat(measure.shares.size()),
              split ? "at least one" : "none: they are of SPLIT_CREDIT alone");
  const std::string none = StrCat("none of a ", NameOf(measure.kind));
  check->Want(!moneyless || !measure.amount, "amount", "an amount", none);
  check->Want(!moneyless || measure.program.empty(), "program", measure.program, none);
  check->Want(measure.program.empty() || ParseResourceName(measure.program, "programs/{program}").ok(), "program",
              measure.program, "programs/{program}");
  CheckUnits(measure, most_units, check);
  CheckTerritory(measure, check);
  CheckRoles(measure, parties, check);
  CheckPriceAction(measure, check);
  std::set<std::string> seen;
  for (size_t i = 0; i < measure.shares.size(); ++i) {
    const RemedyShare& share = measure.shares[i];
    check->Party(StrCat("shares[", i, "].partner"), share.partner, parties);
    check->Want(seen.insert(share.partner).second, StrCat("shares[", i, "].partner"), share.partner,
                "each partner once");
    check->Want(share.weight > Decimal(), StrCat("shares[", i, "].weight"), share.weight.ToString(), "above 0");
  }
}

// Of those that are to be taken back, the last one is at it.
void DeriveFailed(Remedy* remedy) {
  remedy->state = RemedyState::kCompensated;
  for (auto step = remedy->steps.rbegin(); step != remedy->steps.rend(); ++step) {
    if (!step->applied) {
      step->state = step->refused ? StepState::kRefused : StepState::kSkipped;
    } else if (step->compensated) {
      step->state = StepState::kCompensated;
    } else {
      step->state = remedy->state == RemedyState::kRunning ? StepState::kApplied : StepState::kCompensating;
      remedy->state = RemedyState::kRunning;
    }
  }
}

}  // namespace

std::string_view NameOf(RemedyState state) {
  constexpr std::string_view kNames[] = {"RUNNING", "APPLIED", "COMPENSATED"};
  return kNames[static_cast<int>(state) - 1];
}

std::string_view NameOf(StepState state) {
  constexpr std::string_view kNames[] = {"WAITING",      "ORDERED",     "APPLIED", "REFUSED",
                                         "COMPENSATING", "COMPENSATED", "SKIPPED"};
  return kNames[static_cast<int>(state) - 1];
}

std::string_view NameOf(RemedyKind kind) {
  constexpr std::string_view kNames[] = {"KIND_UNSPECIFIED", "CLAWBACK",           "PENALTY",       "SPLIT_CREDIT",
                                         "WARNING",          "REASSIGN_TERRITORY", "CLARIFY_ROLES", "PRICE_ACTION"};
  return kNames[static_cast<int>(kind)];
}

bool IsOwn(RemedyKind kind) { return kind == RemedyKind::kClarifyRoles || kind == RemedyKind::kPriceAction; }

std::string Remedy::name() const { return StrCat("cases/", case_id, "/remedies/", number); }

absl::Status CheckRemediable(const Case& one) {
  if (one.state == CaseState::kResolved && one.outcome == Outcome::kConfirmed) return absl::OkStatus();
  const std::string got = one.outcome == Outcome::kNone ? std::string(NameOf(one.state))
                                                        : StrCat(NameOf(one.state), " as ", NameOf(one.outcome));
  return WrongState(one.name(), "applyRemedy", got, "RESOLVED as CONFIRMED");
}

std::map<std::string, Decimal> UnitsClawedBack(const std::vector<Remedy>& remedies) {
  std::map<std::string, Decimal> units;
  for (const Remedy& remedy : remedies) {
    if (remedy.state == RemedyState::kCompensated) continue;
    for (const RemedyStep& step : remedy.steps) {
      if (step.kind == RemedyKind::kClawback && step.units) units[step.partner] += *step.units;
    }
  }
  return units;
}

absl::StatusOr<std::vector<RemedyStep>> Plan(const std::vector<RemedyMeasure>& measures,
                                             const std::vector<std::string>& parties,
                                             const std::optional<Decimal>& most_units,
                                             std::map<std::string, Decimal> clawed_back) {
  std::vector<FieldViolation> violations;
  std::vector<RemedyStep> steps;
  for (size_t i = 0; i < measures.size(); ++i) {
    const RemedyMeasure& measure = measures[i];
    MeasureCheck check(i, &violations);
    CheckMeasure(measure, parties, most_units, &check);
    RemedyStep step{.kind = measure.kind,
                    .partner = measure.partner,
                    .units = measure.units,
                    .program = measure.program,
                    .reason = measure.reason};
    if (measure.kind == RemedyKind::kClawback && most_units) {
      Decimal& taken = clawed_back[measure.partner];
      step.units = ClawedBack(measure, *most_units, taken, &check);
      taken += *step.units;
    }
    if (measure.kind == RemedyKind::kReassignTerritory) {
      step.territory =
          Reassignment{measure.territory_grant, measure.recipient, measure.effective_from.value_or(Date())};
    }
    if (measure.kind == RemedyKind::kPriceAction) {
      step.price = PriceAction{.price_rule = measure.price_rule, .due_on = measure.due_on.value_or(Date())};
    }
    if (measure.kind == RemedyKind::kClarifyRoles) {
      for (const RemedyRole& role : measure.roles) {
        step.partner = role.partner;
        step.role = role.role;
        steps.push_back(step);
      }
      continue;
    }
    if (MovesNoMoney(measure.kind)) {
      steps.push_back(std::move(step));
      continue;
    }
    const int64_t amount = check.Amount(measure.amount);
    if (measure.amount) step.currency = measure.amount->currency;
    if (measure.kind != RemedyKind::kSplitCredit) {
      step.amount = -amount;
      steps.push_back(std::move(step));
      continue;
    }
    std::vector<Decimal> weights;
    for (const RemedyShare& share : measure.shares) weights.push_back(share.weight);
    const std::vector<int64_t> parts = AllocateLargestRemainder(amount, weights);
    for (size_t share = 0; share < parts.size(); ++share) {
      if (amount > 0 && weights[share] > Decimal()) check.Shared(share, parts[share], step.currency);
      step.partner = measure.shares[share].partner;
      step.amount = parts[share];
      steps.push_back(step);
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (!steps.empty()) steps.front().state = StepState::kOrdered;
  return steps;
}

std::optional<Remedy> Take(Remedy remedy, const RemedyAnswer& answer, absl::Time now) {
  if (answer.order < 1 || answer.order > static_cast<int>(remedy.steps.size())) return std::nullopt;
  RemedyStep& step = remedy.steps[answer.order - 1];
  const auto note = [](bool* known, std::string* text, const std::string& told) {
    if (std::exchange(*known, true)) return false;
    *text = told;
    return true;
  };
  bool news = false;
  switch (answer.reply) {
    case RemedyReply::kApplied:
      news = note(&step.applied, &step.result, answer.result);
      break;
    case RemedyReply::kRefused:
      news = note(&step.refused, &step.note, answer.note);
      if (news && step.result.empty()) step.result = answer.result;
      break;
    case RemedyReply::kCompensated:
      news = note(&step.compensated, &step.compensation, answer.result);
      break;
  }
  if (!news) return std::nullopt;
  Derive(&remedy);
  remedy.update_time = now;
  ++remedy.version;
  return remedy;
}

void Derive(Remedy* remedy) {
  const auto refused = [](const RemedyStep& step) { return step.refused; };
  if (std::any_of(remedy->steps.begin(), remedy->steps.end(), refused)) return DeriveFailed(remedy);
  remedy->state = RemedyState::kApplied;
  for (RemedyStep& step : remedy->steps) {
    if (step.applied) {
      step.state = StepState::kApplied;
    } else {
      step.state = remedy->state == RemedyState::kRunning ? StepState::kWaiting : StepState::kOrdered;
      remedy->state = RemedyState::kRunning;
    }
  }
}

}  // namespace tributary::conflict
