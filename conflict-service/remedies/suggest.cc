#include "conflict-service/remedies/suggest.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/money/rational.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

using Suggestions = std::vector<SuggestedRemedy>;

std::string PartnerNameOf(std::string_view subject) { return StrCat("partners/", PartnerOf(subject)); }

bool IsNamed(std::string_view subject, std::string_view pattern) { return ParseResourceName(subject, pattern).ok(); }

// The first line of that field whose value was not erased.
const EvidenceLine* LineWith(const CaseEvidence& evidence, std::string_view field) {
  const auto line = std::find_if(evidence.lines.begin(), evidence.lines.end(), [&](const EvidenceLine& candidate) {
    return candidate.field == field && !candidate.erased();
  });
  return line == evidence.lines.end() ? nullptr : &*line;
}

std::optional<Decimal> FigureOf(const CaseEvidence& evidence, std::string_view field) {
  const EvidenceLine* line = LineWith(evidence, field);
  if (line == nullptr) return std::nullopt;
  const absl::StatusOr<Decimal> figure = Decimal::Parse(line->value);
  return figure.ok() ? std::optional(*figure) : std::nullopt;
}

// What was paid less than the least for all units.
std::optional<Money> MissingIn(const CaseEvidence& evidence) {
  const std::optional<Decimal> paid = FigureOf(evidence, "price_depth.paid");
  const std::optional<Decimal> least = FigureOf(evidence, "price_depth.least");
  const std::optional<Decimal> units = FigureOf(evidence, "price_depth.units");
  const EvidenceLine* currency = LineWith(evidence, "price_depth.currency");
  if (!paid || !least || !units || currency == nullptr) return std::nullopt;
  const Rational missing = Rational(*least) * Rational(*units) - Rational(*paid);
  const absl::StatusOr<Decimal> exact = Decimal::Parse(missing.ToDecimalString());
  if (!exact.ok()) return std::nullopt;  // more decimals than an amount has
  return Money{currency->value, *exact};
}

std::map<std::string, Money> LossesIn(const CaseEvidence& evidence) {
  std::map<std::string, Money> losses;
  const EvidenceLine* currency = LineWith(evidence, "currency");
  for (const EvidenceLine& line : evidence.lines) {
    if (line.field != "loss.amount" || currency == nullptr) continue;
    const absl::StatusOr<Decimal> amount = Decimal::Parse(line.value);
    if (amount.ok() && *amount > Decimal()) losses.emplace(line.source, Money{currency->value, *amount});
  }
  return losses;
}

// Of the two sales that the evidence dates the later one's partner; of one day the second by name.
std::string LaterSellerIn(const CaseEvidence& evidence) {
  std::pair<std::string, std::string> latest;  // day, name
  for (const EvidenceLine& line : evidence.lines) {
    if (line.field != "date" || !IsNamed(line.source, "partners/{partner}/sales/{sale}")) continue;
    latest = std::max(latest, std::pair(line.value, line.source));
  }
  return latest.second.empty() ? std::string() : PartnerNameOf(latest.second);
}

void AddSplit(const Case& one, std::string explanation, Suggestions* suggestions) {
  std::vector<std::string> parties = one.parties();
  if (parties.empty()) return;
  suggestions->push_back(
      {.kind = RemedyKind::kSplitCredit, .partners = std::move(parties), .explanation = std::move(explanation)});
}

void AddRoles(const Case& one, Suggestions* suggestions) {
  std::vector<std::string> parties = one.parties();
  // No party is shown a case of duplicate deals.
  if (parties.empty() || one.kind == FindingKind::kDuplicateDeal) return;
  suggestions->push_back({.kind = RemedyKind::kClarifyRoles,
                          .partners = std::move(parties),
                          .explanation = "Who is to do what there is not clear: tell each what is its own."});
}

// Each grant that the case is about may be given to another.
void AddTerritories(const Case& one, Suggestions* suggestions) {
  for (const std::string& subject : one.subjects) {
    if (!IsNamed(subject, "partners/{partner}/territoryGrants/{territory_grant}")) continue;
    suggestions->push_back({.kind = RemedyKind::kReassignTerritory,
                            .partners = {PartnerNameOf(subject)},
                            .territory_grant = subject,
                            .explanation = "The same territory is promised twice: end this grant, or give it to the "
                                           "other holder."});
  }
}

void AddWarning(const std::string& partner, std::string explanation, Suggestions* suggestions) {
  if (partner.empty()) return;
  suggestions->push_back({.kind = RemedyKind::kWarning, .partners = {partner}, .explanation = std::move(explanation)});
}

// Who reported the sale that the case is about.
std::string SellerIn(const Case& one) {
  for (const std::string& subject : one.subjects) {
    if (IsNamed(subject, "partners/{partner}/sales/{sale}")) return PartnerNameOf(subject);
  }
  return {};
}

void SuggestForBenefit(const Case& one, const KnownOfCase& known, Suggestions* suggestions) {
  AddSplit(one, "They disagree about who earns by it: share the credit anew.", suggestions);
  if (one.kind != FindingKind::kDuplicateSale) return;
  if (known.sold_later.empty() && known.most_units) {
    for (const std::string& partner : one.parties()) {
      suggestions->push_back({.kind = RemedyKind::kClawback,
                              .partners = {partner},
                              .most_units = known.most_units,
                              .explanation = "So many units of the lot are reported sold that never came to the "
                                             "channel: take back what it was paid for those that are not its own."});
    }
  }
  if (known.sold_later.empty()) return;
  suggestions->push_back({.kind = RemedyKind::kClawback,
                          .partners = {known.sold_later},
                          .most_units = known.most_units,
                          .explanation = "It reported the sale later than the other: take back what it was paid for "
                                         "it."});
}

void SuggestForRole(const Case& one, Suggestions* suggestions) {
  AddRoles(one, suggestions);
  if (one.kind == FindingKind::kExclusiveOverlap) AddTerritories(one, suggestions);
  if (one.kind == FindingKind::kProtectedDeal || one.kind == FindingKind::kDirectVsPartner) {
    AddSplit(one, "What was promised to a partner alone was sold by somebody else: share the credit of the sale.",
             suggestions);
  }
  if (one.kind == FindingKind::kOutOfTerritory || one.kind == FindingKind::kProtectedDeal) {
    AddWarning(SellerIn(one), "It sold where it had no right to.", suggestions);
  }
}

void AddPriceActions(const Case& one, Suggestions* suggestions) {
  std::string rule;
  for (const std::string& subject : one.subjects) {
    if (IsNamed(subject, "priceRules/{price_rule}")) rule = subject;
  }
  if (rule.empty()) return;
  for (const std::string& partner : one.parties()) {
    suggestions->push_back({.kind = RemedyKind::kPriceAction,
                            .partners = {partner},
                            .price_rule = rule,
                            .explanation = "Its price is to keep the rule from a day on; the first one that is seen "
                                           "since tells whether it does."});
  }
}

void SuggestForDiversion(const KnownOfCase& known, Suggestions* suggestions) {
  if (known.short_of_units.empty()) return;
  suggestions->push_back({.kind = RemedyKind::kClawback,
                          .partners = {known.short_of_units},
                          .most_units = known.most_units,
                          .explanation = "No fewer units than these went from it to where it may not sell: take back "
                                         "what it was paid for them."});
  AddWarning(known.short_of_units, "Its units were sold where it may not sell.", suggestions);
}

void SuggestForPrices(const Case& one, const KnownOfCase& known, Suggestions* suggestions) {
  AddPriceActions(one, suggestions);
  for (const auto& [partner, lost] : known.lost) {
    suggestions->push_back({.kind = RemedyKind::kSplitCredit,
                            .partners = {partner},
                            .most_amount = lost,
                            .explanation = "It followed a price cut of another's and lost no more than this by it."});
  }
  if (one.kind != FindingKind::kBelowPrice) return;
  for (const std::string& partner : one.parties()) {
    if (known.paid_too_little) {
      suggestions->push_back({.kind = RemedyKind::kPenalty,
                              .partners = {partner},
                              .most_amount = known.paid_too_little,
                              .explanation = "So much was paid less than the least price of all units."});
    }
    AddWarning(partner, "Its price was below the least that it may be.", suggestions);
  }
}

void SuggestForCompetition(const Case& one, const KnownOfCase& known, Suggestions* suggestions) {
  if (one.kind == FindingKind::kDiversion) return SuggestForDiversion(known, suggestions);
  if (one.kind == FindingKind::kBelowPrice || one.kind == FindingKind::kPriceWar) {
    return SuggestForPrices(one, known, suggestions);
  }
  AddTerritories(one, suggestions);
  AddWarning(SellerIn(one), "It sold against another partner.", suggestions);
}

}  // namespace

KnownOfCase KnownFrom(const Case& one, const CaseEvidence& evidence, std::optional<Decimal> most_units) {
  KnownOfCase known;
  if (one.kind == FindingKind::kDiversion) {
    known.most_units = most_units;
    if (const EvidenceLine* flow = LineWith(evidence, "flow"); flow != nullptr) {
      known.short_of_units = flow->value.substr(0, flow->value.find(" to "));
    }
  }
  if (one.kind == FindingKind::kPriceWar) known.lost = LossesIn(evidence);
  if (one.kind == FindingKind::kBelowPrice) known.paid_too_little = MissingIn(evidence);
  if (one.kind == FindingKind::kDuplicateSale) {
    known.sold_later = LaterSellerIn(evidence);
    known.most_units = FigureOf(evidence, "excess");
  }
  return known;
}

std::vector<SuggestedRemedy> Suggest(const Case& one, const KnownOfCase& known) {
  Suggestions suggestions;
  switch (one.cause) {
    case Cause::kBenefit:
      SuggestForBenefit(one, known, &suggestions);
      break;
    case Cause::kRole:
      SuggestForRole(one, &suggestions);
      break;
    case Cause::kCompetition:
      SuggestForCompetition(one, known, &suggestions);
      break;
  }
  return suggestions;
}

}  // namespace tributary::conflict
