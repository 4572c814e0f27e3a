#include "inventory-service/prices/price_resolution.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "common/text/text.h"

namespace tributary::inventory {
namespace {

struct Passed {
  PriceVerdict verdict;
  std::string why;
};

std::string Wanted(std::string_view field, std::string_view got, std::string_view want) {
  return StrCat(field, ": got ", got.empty() ? "none" : got, ", want ", want);
}

// What an entry may state of who buys what, in the order in which it is asked.
struct Dimension {
  const char* field;
  std::string PriceEntry::*stated;
  PriceVerdict other;
  // What is asked for: none or several; unset where it is not known.
  std::optional<std::vector<std::string>> (*asked)(const PriceQuestion&);
  void (*suppose)(PriceQuestion&, const std::string&);
};

std::optional<std::vector<std::string>> AsList(const std::optional<std::string>& one) {
  if (!one.has_value()) return std::nullopt;
  return one->empty() ? std::vector<std::string>() : std::vector<std::string>{*one};
}

std::optional<std::vector<std::string>> TierNames(const PriceQuestion& q) {
  if (!q.tiers.has_value()) return std::nullopt;
  std::vector<std::string> names;
  for (const HeldTier& held : *q.tiers) names.push_back(held.tier);
  return names;
}

constexpr Dimension kDimensions[] = {
    {"segment", &PriceEntry::segment, PriceVerdict::kOtherSegment,
     [](const PriceQuestion& q) { return AsList(q.segment); },
     [](PriceQuestion& q, const std::string& value) { q.segment = value; }},
    {"tier", &PriceEntry::tier, PriceVerdict::kOtherTier, [](const PriceQuestion& q) { return TierNames(q); },
     [](PriceQuestion& q, const std::string& value) { q.tiers = std::vector<HeldTier>{{.tier = value}}; }},
    {"channel", &PriceEntry::channel, PriceVerdict::kOtherChannel,
     [](const PriceQuestion& q) { return AsList(q.channel); },
     [](PriceQuestion& q, const std::string& value) { q.channel = value; }}};

// Why the entry does not apply; nothing where it does.
std::optional<Passed> WhyNot(const PriceQuestion& q, const PriceCandidate& candidate) {
  const PriceEntry& e = candidate.entry;
  if (e.state != LifeState::kActive) return Passed{PriceVerdict::kInactive, "the entry is out of use"};
  if (!candidate.list_in_use) return Passed{PriceVerdict::kInactive, "its price list is out of use"};
  if (e.price.currency != q.currency) {
    return Passed{PriceVerdict::kOtherCurrency, Wanted("currency", q.currency, e.price.currency)};
  }
  if (q.date < e.effective.start) {
    return Passed{PriceVerdict::kNotYetInForce,
                  Wanted("date", q.date.ToString(), StrCat(e.effective.start.ToString(), " or later"))};
  }
  if (e.effective.end <= q.date) {
    return Passed{PriceVerdict::kNoLongerInForce,
                  Wanted("date", q.date.ToString(), StrCat("before ", e.effective.end.ToString()))};
  }
  if (!e.edition.empty() && e.edition != q.edition) {
    return Passed{PriceVerdict::kOtherEdition, Wanted("edition", q.edition, e.edition)};
  }
  for (const Dimension& one : kDimensions) {
    const std::string& want = e.*one.stated;
    if (want.empty()) continue;
    const std::optional<std::vector<std::string>> got = one.asked(q);
    if (!got.has_value()) return Passed{one.other, StrCat(one.field, ": not known, want ", want)};
    if (std::find(got->begin(), got->end(), want) != got->end()) continue;
    return Passed{one.other, Wanted(one.field, StrJoin(*got, ", "), want)};
  }
  if (q.quantity < e.min_quantity) {
    return Passed{PriceVerdict::kBelowMinimum,
                  Wanted("quantity", q.quantity.ToString(), StrCat(e.min_quantity.ToString(), " or more"))};
  }
  return std::nullopt;
}

using Specificity = std::tuple<bool, bool, bool, bool>;
Specificity SpecificityOf(const PriceEntry& e) {
  return {!e.edition.empty(), !e.segment.empty(), !e.tier.empty(), !e.channel.empty()};
}

bool Beats(const PriceEntry& a, const PriceEntry& b) {
  if (SpecificityOf(a) != SpecificityOf(b)) return SpecificityOf(a) > SpecificityOf(b);
  if (a.min_quantity != b.min_quantity) return a.min_quantity > b.min_quantity;
  if (a.effective.start != b.effective.start) return a.effective.start > b.effective.start;
  return a.name() < b.name();
}

std::string Stated(const PriceEntry& e) {
  std::vector<std::string_view> stated;
  if (!e.edition.empty()) stated.push_back("edition");
  if (!e.segment.empty()) stated.push_back("segment");
  if (!e.tier.empty()) stated.push_back("tier");
  if (!e.channel.empty()) stated.push_back("channel");
  return stated.empty() ? "nothing" : StrJoin(stated, ", ");
}

// Why an entry of that tier applies, where an assignment says so: ", by partners/p1/tierAssignments/a1, from 2026-02-10
// on".
std::string ByAssignment(const PriceQuestion& q, const std::string& tier) {
  if (tier.empty() || !q.tiers.has_value()) return {};
  for (const HeldTier& held : *q.tiers) {
    if (held.tier != tier || held.assignment.empty()) continue;
    return StrCat(", by ", held.assignment, ", from ", held.valid.start.ToString(),
                  held.valid.end == OpenEnd() ? std::string(" on") : StrCat(" to before ", held.valid.end.ToString()));
  }
  return {};
}

// Why `loser`, which applies, stands behind `winner`.
Passed WhyBehind(const PriceEntry& winner, const PriceEntry& loser) {
  if (SpecificityOf(loser) != SpecificityOf(winner)) {
    return {PriceVerdict::kLessSpecific, StrCat("states ", Stated(loser), "; the winner states ", Stated(winner))};
  }
  if (loser.min_quantity != winner.min_quantity) {
    return {PriceVerdict::kLowerMinimum, StrCat("from ", loser.min_quantity.ToString(), " on; the winner from ",
                                                winner.min_quantity.ToString(), " on")};
  }
  if (loser.effective.start != winner.effective.start) {
    return {PriceVerdict::kOlder, StrCat("since ", loser.effective.start.ToString(), "; the winner since ",
                                         winner.effective.start.ToString())};
  }
  return {PriceVerdict::kLaterName, StrCat("alike in all else; the winner's name comes first: ", winner.name())};
}

}  // namespace

PriceResolution ResolvePrice(const PriceQuestion& question, absl::Span<const PriceCandidate> candidates) {
  std::vector<PriceOutcome> apply, passed;
  for (const PriceCandidate& candidate : candidates) {
    std::optional<Passed> why = WhyNot(question, candidate);
    if (why.has_value()) {
      passed.push_back({candidate.entry, why->verdict, std::move(why->why)});
    } else {
      apply.push_back({candidate.entry, PriceVerdict::kWon, {}});
    }
  }
  std::sort(apply.begin(), apply.end(),
            [](const PriceOutcome& a, const PriceOutcome& b) { return Beats(a.entry, b.entry); });
  std::sort(passed.begin(), passed.end(),
            [](const PriceOutcome& a, const PriceOutcome& b) { return a.entry.name() < b.entry.name(); });
  for (size_t i = 1; i < apply.size(); ++i) {
    Passed behind = WhyBehind(apply.front().entry, apply[i].entry);
    apply[i].verdict = behind.verdict;
    apply[i].why = std::move(behind.why);
  }
  if (!apply.empty()) {
    const PriceEntry& winner = apply.front().entry;
    apply.front().why = StrCat("applies, and states ", Stated(winner), ByAssignment(question, winner.tier));
  }
  std::move(passed.begin(), passed.end(), std::back_inserter(apply));
  return {std::move(apply)};
}

std::optional<ConceivablePrice> FindConceivable(const PriceQuestion& question,
                                                absl::Span<const PriceCandidate> candidates,
                                                absl::FunctionRef<bool(const PriceEntry&)> wanted) {
  std::optional<ConceivablePrice> found;
  for (const PriceCandidate& candidate : candidates) {
    const PriceEntry& entry = candidate.entry;
    if (found.has_value() && found->entry->name() < entry.name()) continue;
    PriceQuestion known = question;
    std::vector<std::string> where;
    for (const Dimension& one : kDimensions) {
      if ((entry.*one.stated).empty() || one.asked(question).has_value()) continue;
      one.suppose(known, entry.*one.stated);
      where.push_back(StrCat("the ", one.field, " were ", entry.*one.stated));
    }
    // One that it loses to where no more is known than it states, it loses to whatever else is.
    if (where.empty() || WhyNot(known, candidate).has_value() || !wanted(entry)) continue;
    const bool beaten = std::any_of(candidates.begin(), candidates.end(), [&](const PriceCandidate& other) {
      return Beats(other.entry, entry) && !WhyNot(known, other).has_value();
    });
    if (!beaten) found = ConceivablePrice{&entry, StrJoin(where, " and ")};
  }
  return found;
}

}  // namespace tributary::inventory
