#include "partner-service/sales_targets/sales_target.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

constexpr int64_t kMillionth = 1;

// In which unit a total is shared, in millionths.
int64_t UnitOf(Decimal total, std::string_view currency) {
  int64_t unit = Decimal::kUnit;
  if (!currency.empty()) {
    for (int i = CurrencyExponent(currency).value_or(0); i > 0; --i) unit /= 10;
  }
  return total.micros() % unit == 0 ? unit : kMillionth;
}

// The target with another figure.
SalesTarget Moved(const SalesTarget& target, Decimal figure, const Adjustment& adjustment, absl::Time now) {
  SalesTarget next = target;
  next.figure = figure;
  next.revision = target.revision.Next(now);
  next.revisions.push_back({target.revisions.empty() ? 1 : target.revisions.back().number + 1, figure,
                            adjustment.reason, adjustment.principal, now});
  return next;
}

// The parts of a whole, in the order of their names.
std::vector<const SalesTarget*> PartsOf(const TargetTree& tree, std::string_view whole) {
  std::vector<const SalesTarget*> parts;
  for (const auto& [name, target] : tree) {
    if (target.parent == whole) parts.push_back(&target);
  }
  return parts;
}

// Moves a target and, by their weights, what lies below.
void MoveDown(const TargetTree& tree, const SalesTarget& target, Decimal figure, const Adjustment& adjustment,
              absl::Time now, TargetTree* changed) {
  if (target.figure == figure) return;
  changed->insert_or_assign(target.name(), Moved(target, figure, adjustment, now));
  const std::vector<const SalesTarget*> parts = PartsOf(tree, target.name());
  if (parts.empty()) return;
  std::vector<Decimal> weights;
  for (const SalesTarget* part : parts) weights.push_back(part->weight);
  const std::vector<Decimal> shares = Share(figure, target.currency, weights);
  for (size_t i = 0; i < parts.size(); ++i) MoveDown(tree, *parts[i], shares[i], adjustment, now, changed);
}

bool Within(const std::vector<std::string>& some, const std::vector<std::string>& all) {
  return std::all_of(some.begin(), some.end(),
                     [&](const std::string& one) { return std::find(all.begin(), all.end(), one) != all.end(); });
}

void CheckNames(const std::vector<std::string>& names, std::string_view field, std::string_view pattern,
                std::vector<FieldViolation>* violations) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (ParseResourceName(names[i], pattern).ok()) continue;
    violations->push_back({StrCat(field, "[", i, "]"), Printable(names[i]), std::string(pattern)});
  }
}

}  // namespace

std::string_view NameOf(TargetBasis basis) {
  switch (basis) {
    case TargetBasis::kOrder:
      return "ORDER";
    case TargetBasis::kSellIn:
      return "SELL_IN";
    case TargetBasis::kSellThrough:
      return "SELL_THROUGH";
  }
  return "BASIS_UNSPECIFIED";
}

std::string_view NameOf(MissConsequence consequence) {
  switch (consequence) {
    case MissConsequence::kNone:
      return "CONSEQUENCE_UNSPECIFIED";
    case MissConsequence::kNotice:
      return "NOTICE";
    case MissConsequence::kReview:
      return "REVIEW";
    case MissConsequence::kLevelAtRisk:
      return "LEVEL_AT_RISK";
    case MissConsequence::kGrantAtRisk:
      return "GRANT_AT_RISK";
    case MissConsequence::kBlock:
      return "BLOCK";
  }
  return "CONSEQUENCE_UNSPECIFIED";
}

std::string SalesTarget::name() const { return StrCat("partners/", partner_id, "/targets/", id); }

SalesTarget Begin(SalesTarget target, std::string_view principal, absl::Time now) {
  target.revision = Revision::First(now);
  target.revisions = {{1, target.figure, "", std::string(principal), now}};
  return target;
}

absl::Status CheckContent(const SalesTarget& target) {
  std::vector<FieldViolation> violations;
  CheckNames(target.product_lines, "product_lines", "productLines/{product_line}", &violations);
  CheckNames(target.products, "products", "products/{product}", &violations);
  CheckOneLine("display_name", target.display_name, &violations);
  CheckOneLine("consequence_note", target.consequence_note, &violations);
  return AllOf(std::move(violations));
}

std::vector<Decimal> Share(Decimal total, std::string_view currency, const std::vector<Decimal>& weights) {
  const int64_t unit = UnitOf(total, currency);
  std::vector<Decimal> shares;
  for (const int64_t part : AllocateLargestRemainder(static_cast<int64_t>(total.micros() / unit), weights)) {
    shares.push_back(Decimal::FromMicros(absl::int128(part) * unit));
  }
  return shares;
}

absl::StatusOr<std::vector<SalesTarget>> Cascade(const SalesTarget& whole, bool has_parts,
                                                 const std::vector<PartWanted>& wanted, const FiscalCalendar& calendar,
                                                 std::string_view principal, absl::Time now) {
  if (has_parts) return WrongState(whole.name(), "cascade", "divided into parts", "a target without parts");
  std::vector<FieldViolation> violations;
  std::set<std::string> names = {whole.name()};
  std::vector<SalesTarget> parts;
  std::vector<Decimal> weights;
  for (size_t i = 0; i < wanted.size(); ++i) {
    const PartWanted& want = wanted[i];
    const std::string at = StrCat("parts[", i, "]");
    SalesTarget part = whole;
    part.decide_time.reset();
    part.missed = false;
    part.partner_id = want.partner_id;
    part.id = want.id;
    part.parent = whole.name();
    part.weight = want.weight;
    if (!names.insert(part.name()).second) {
      violations.push_back({StrCat(at, ".target_id"), part.name(), "a target that is no other part, nor the whole"});
    }
    if (!want.period.empty()) {
      const auto period = std::find_if(calendar.periods.begin(), calendar.periods.end(),
                                       [&](const FiscalPeriod& one) { return one.id == want.period; });
      const std::string lies = StrCat("a period of ", calendar.name(), " that lies in ", whole.period, " [",
                                      whole.days.start.ToString(), ", ", whole.days.end.ToString(), ")");
      if (period == calendar.periods.end() || period->days.start < whole.days.start ||
          whole.days.end < period->days.end) {
        violations.push_back({StrCat(at, ".period"), Printable(want.period), lies});
      } else {
        part.period = period->id;
        part.days = period->days;
        part.decision_due = DecisionDueOf(part, calendar);
      }
    }
    if (!want.product_lines.empty() || !want.products.empty()) {
      part.product_lines = want.product_lines;
      part.products = want.products;
      const absl::Status named = CheckContent(part);
      for (FieldViolation violation : DetailOf(named).violations) {
        violation.field = StrCat(at, ".", violation.field);
        violations.push_back(std::move(violation));
      }
      const bool all = whole.product_lines.empty() && whole.products.empty();
      if (!all && !Within(part.product_lines, whole.product_lines)) {
        violations.push_back({StrCat(at, ".product_lines"), StrJoin(part.product_lines, ", "),
                              StrCat("lines of the whole's: ", StrJoin(whole.product_lines, ", "))});
      }
      if (!all && !Within(part.products, whole.products)) {
        violations.push_back({StrCat(at, ".products"), StrJoin(part.products, ", "),
                              StrCat("products of the whole's: ", StrJoin(whole.products, ", "))});
      }
    }
    weights.push_back(want.weight);
    parts.push_back(std::move(part));
  }
  if (std::all_of(weights.begin(), weights.end(), [](Decimal weight) { return weight.zero(); })) {
    violations.push_back({"parts[0].weight", "0", "a weight above 0 for at least one of the parts"});
  }
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  const std::vector<Decimal> shares = Share(whole.figure, whole.currency, weights);
  for (size_t i = 0; i < parts.size(); ++i) {
    parts[i].figure = shares[i];
    parts[i] = Begin(std::move(parts[i]), principal, now);
  }
  return parts;
}

absl::StatusOr<std::vector<SalesTarget>> Adjust(const TargetTree& tree, const Adjustment& adjustment, absl::Time now) {
  const SalesTarget& target = tree.at(adjustment.name);
  TargetTree changed;
  if (target.parent.empty()) {
    if (!adjustment.counterpart.empty()) {
      return InvalidField("counterpart", adjustment.counterpart, "none, since the target is a part of none");
    }
    MoveDown(tree, target, adjustment.figure, adjustment, now, &changed);
  } else {
    if (adjustment.counterpart.empty()) {
      return WrongState(target.name(), "adjust", StrCat("a part of ", target.parent),
                        StrCat("a counterpart that takes the difference, or another figure of ", target.parent));
    }
    const auto other = tree.find(adjustment.counterpart);
    if (other == tree.end() || other->second.parent != target.parent || other->first == target.name()) {
      return InvalidField("counterpart", adjustment.counterpart, StrCat("another part of ", target.parent));
    }
    const Decimal left = other->second.figure - (adjustment.figure - target.figure);
    if (left.negative()) {
      return InvalidField("counterpart", StrCat(other->first, " with ", other->second.figure.ToString()),
                          StrCat("one with ", (adjustment.figure - target.figure).ToString(), " or more"));
    }
    MoveDown(tree, target, adjustment.figure, adjustment, now, &changed);
    MoveDown(tree, other->second, left, adjustment, now, &changed);
    // From now on the whole is shared as it lies.
    for (const SalesTarget* part : PartsOf(tree, target.parent)) {
      const auto moved = changed.find(part->name());
      SalesTarget next = moved == changed.end() ? *part : moved->second;
      if (next.weight == next.figure) continue;
      next.weight = next.figure;
      if (moved == changed.end()) next.revision = part->revision.Next(now);
      changed.insert_or_assign(part->name(), std::move(next));
    }
  }
  std::vector<SalesTarget> targets;
  for (auto& [name, one] : changed) targets.push_back(std::move(one));
  return targets;
}

absl::Time DecisionDueOf(const SalesTarget& target, const FiscalCalendar& calendar) {
  return StartOf(calendar, target.days.end.AddDays(target.grace_days));
}

SalesTarget Decided(const SalesTarget& target, bool missed, absl::Time now) {
  SalesTarget decided = target;
  decided.revision = target.revision.Next(now);
  decided.decide_time = now;
  decided.missed = missed;
  return decided;
}

absl::StatusOr<SalesTarget> Change(const SalesTarget& target, const SalesTarget& changed, absl::Time now) {
  if (target.decide_time.has_value() && changed.consequence != target.consequence) {
    return WrongState(target.name(), "update consequence", target.missed ? "missed" : "met",
                      "a target of which that is not decided");
  }
  SalesTarget next = target;
  next.display_name = changed.display_name;
  next.consequence = changed.consequence;
  next.consequence_note = changed.consequence_note;
  next.revision = target.revision.Next(now);
  RETURN_IF_ERROR(CheckContent(next));
  return next;
}

}  // namespace tributary::partner
