#include "inventory-service/stock_findings/stock_finding.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/digest/sha256.h"
#include "common/text/text.h"
#include "inventory-service/counts/count.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/lots/lot.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {
namespace {

// Those of the postings whose facts stand: neither reversals nor reversed.
std::vector<Posting> Standing(absl::Span<const Posting> postings) {
  std::set<std::string> gone;
  for (const Posting& posting : postings) {
    if (std::optional<std::string> before = ReversedBy(posting.cause)) {
      gone.insert(*std::move(before));
      gone.insert(posting.cause);
    }
  }
  std::vector<Posting> standing;
  for (const Posting& posting : postings) {
    if (!gone.contains(posting.cause)) standing.push_back(posting);
  }
  return standing;
}

// The same movement with a quantity that is not negative.
Posting Forward(Posting posting) {
  if (!posting.quantity.negative()) return posting;
  std::swap(posting.from, posting.to);
  posting.quantity = -posting.quantity;
  return posting;
}

// Collects the facts that break a rule.
class Breaches {
 public:
  void Add(const Posting& posting) { Add(posting.effective_date, posting.cause, posting.quantity); }
  void Add(Date day, const std::string& name, Decimal units) {
    if (names_.empty() || day < first_day_) first_day_ = day;
    names_.insert(name);
    units_ += units;
  }
  std::optional<Conclusion> ConclusionOf(const FindingSubject& subject, std::optional<Date> limit) const {
    if (names_.empty()) return std::nullopt;
    Conclusion conclusion{.subject = subject, .first_day = first_day_, .quantity = units_, .limit_day = limit};
    Name(&conclusion);
    return conclusion;
  }
  void Name(Conclusion* conclusion) const {
    conclusion->facts = static_cast<int64_t>(names_.size());
    for (const std::string& name : names_) {
      if (conclusion->evidence.size() == kMostEvidence) break;
      conclusion->evidence.push_back(name);
    }
  }

 private:
  std::set<std::string> names_;
  Date first_day_;
  Decimal units_;
};

bool IsAt(std::string_view place, const FindingSubject& subject) {
  return IsSite(place) && SiteOf(place) == subject.site && BucketOf(place) == subject.bucket;
}

}  // namespace

std::string_view NameOf(StockRule rule) {
  switch (rule) {
    case StockRule::kNegativeStock:
      return "NEGATIVE_STOCK";
    case StockRule::kSerialElsewhere:
      return "SERIAL_ELSEWHERE";
    case StockRule::kExpiredLot:
      return "EXPIRED_LOT";
    case StockRule::kClosedSite:
      return "CLOSED_SITE";
    case StockRule::kCountOff:
      return "COUNT_OFF";
    case StockRule::kOutsideTerritory:
      return "OUTSIDE_TERRITORY";
  }
  return {};
}

std::string_view NameOf(FindingState state) { return state == FindingState::kOpen ? "OPEN" : "WITHDRAWN"; }

std::string FindingId(const FindingSubject& subject) {
  const std::string text = StrCat(NameOf(subject.rule), "\n", subject.partner, "\n", subject.product, "\n",
                                  subject.site, "\n", NameOf(subject.bucket), "\n", subject.lot, "\n", subject.serial);
  return Hex(Sha256(text).substr(0, 16));
}

std::string StockFinding::name() const {
  return StrCat(PartnerName(conclusion.subject.partner), "/stockFindings/", id);
}

std::string Explain(const Conclusion& conclusion) {
  const FindingSubject& subject = conclusion.subject;
  const std::string what =
      StrCat(ProductName(subject.product), subject.lot.empty() ? "" : StrCat(" of lot ", subject.lot));
  const std::string day = conclusion.first_day.ToString();
  switch (subject.rule) {
    case StockRule::kNegativeStock:
      return StrCat(what, " went below zero in ", LocationName(subject.partner, PlaceOf(subject.site, subject.bucket)),
                    " on ", day, " and was at its lowest ", conclusion.quantity.ToString(), " units below");
    case StockRule::kSerialElsewhere:
      return StrCat("unit ", subject.serial, " of ", what, " left on ", day,
                    " from where, by the fact before, it was not");
    case StockRule::kExpiredLot:
      return StrCat(conclusion.quantity.ToString(), " units of ", what, " moved after its last day, ",
                    conclusion.limit_day.value_or(Date()).ToString(), ", first on ", day);
    case StockRule::kClosedSite:
      return StrCat(conclusion.quantity.ToString(), " units of ", what, " came to or left ",
                    SiteName(subject.partner, subject.site), ", which closed on ",
                    conclusion.limit_day.value_or(Date()).ToString(), ", first on ", day);
    case StockRule::kCountOff:
      return StrCat("what was told after counts of ", what, " at ", SiteName(subject.partner, subject.site),
                    " were approved makes them differ from the books by up to ", conclusion.quantity.ToString(),
                    " units, more than the site tolerates, first on ", day);
    case StockRule::kOutsideTerritory:
      return StrCat(conclusion.quantity.ToString(), " units of ", what, " were taken over from other partners at ",
                    SiteName(subject.partner, subject.site), ", where no territory grant of ",
                    PartnerName(subject.partner), " covered them, first on ", day);
  }
  return {};
}

std::vector<FindingChange> Reconcile(const std::vector<StockFinding>& stored,
                                     const std::vector<Conclusion>& conclusions, absl::Time now) {
  std::map<std::string, const Conclusion*> concluded;
  for (const Conclusion& conclusion : conclusions) concluded.emplace(FindingId(conclusion.subject), &conclusion);
  std::vector<FindingChange> changes;
  const auto change = [&](std::string_view verb, StockFinding finding) {
    ++finding.version;
    finding.update_time = now;
    changes.push_back({verb, std::move(finding)});
  };
  for (const StockFinding& before : stored) {
    const auto found = concluded.find(before.id);
    StockFinding after = before;
    if (found == concluded.end()) {
      if (before.state == FindingState::kWithdrawn) continue;
      after.state = FindingState::kWithdrawn;
      change("withdrawn", std::move(after));
      continue;
    }
    after.state = FindingState::kOpen;
    after.conclusion = *found->second;
    if (before.state == FindingState::kWithdrawn) {
      change("reopened", std::move(after));
    } else if (!(before.conclusion == after.conclusion)) {
      change("changed", std::move(after));
    }
    concluded.erase(found);
  }
  for (const auto& [id, conclusion] : concluded) {
    changes.push_back(
        {"opened",
         StockFinding{
             .id = id, .uid = Uuid::New(now), .create_time = now, .update_time = now, .conclusion = *conclusion}});
  }
  return changes;
}

std::optional<BelowZero> LowestOf(const std::map<Date, Decimal>& changes) {
  std::optional<BelowZero> lowest;
  Decimal units;
  for (const auto& [day, change] : changes) {
    units += change;
    if (!units.negative()) continue;
    if (!lowest.has_value()) lowest = BelowZero{day, Decimal()};
    lowest->depth = std::max(lowest->depth, -units);
  }
  return lowest;
}

void AddTakers(absl::Span<const Posting> postings, Conclusion* conclusion) {
  const FindingSubject& subject = conclusion->subject;
  Breaches takers;
  for (const Posting& told : Standing(postings)) {
    const Posting posting = Forward(told);
    if (!subject.lot.empty() && posting.lot != subject.lot) continue;
    if (IsAt(posting.from, subject) && !IsAt(posting.to, subject)) takers.Add(posting);
  }
  takers.Name(conclusion);
}

std::optional<Conclusion> ExpiredLot(const FindingSubject& subject, Date expires_on,
                                     absl::Span<const Posting> postings) {
  Breaches breaches;
  for (const Posting& told : Standing(postings)) {
    const Posting posting = Forward(told);
    if (!IsExpired(expires_on, posting.effective_date) || posting.lot != subject.lot) continue;
    // To be scrapped, counted, put aside or sent back is what should happen to it, and so may what customers return.
    const bool used = posting.to == kCustomer || posting.to == kTransfer;
    const bool stocked = IsSite(posting.to) && BucketOf(posting.to) != Bucket::kQuarantine &&
                         (posting.from == kVendor || posting.from == kTransfer ||
                          (IsSite(posting.from) && SiteOf(posting.from) != SiteOf(posting.to)));
    if (used || stocked) breaches.Add(posting);
  }
  return breaches.ConclusionOf(subject, expires_on);
}

std::optional<Conclusion> ClosedSite(const FindingSubject& subject, Date closed_on,
                                     absl::Span<const Posting> postings) {
  Breaches breaches;
  for (const Posting& told : Standing(postings)) {
    const Posting posting = Forward(told);
    if (posting.effective_date < closed_on) continue;
    const auto touches = [&](std::string_view place) { return IsSite(place) && SiteOf(place) == subject.site; };
    // What moves within it neither comes nor leaves.
    if (touches(posting.from) != touches(posting.to)) breaches.Add(posting);
  }
  return breaches.ConclusionOf(subject, closed_on);
}

std::optional<Conclusion> CountOff(const FindingSubject& subject, Decimal tolerance,
                                   absl::Span<const Posting> postings) {
  struct Adjusted {
    Date closing;
    Decimal units;  // all in all
    Decimal later;  // by what was told after the approval
  };
  const std::string counts = CountName(subject.partner, "");
  std::map<std::string, Adjusted> adjusted;  // by count
  for (const Posting& posting : postings) {
    if (posting.lot != subject.lot || !posting.cause.starts_with(counts)) continue;
    const bool more = IsSite(posting.to);
    if (SiteOf(more ? posting.to : posting.from) != subject.site) continue;
    const Decimal units = more ? posting.quantity : -posting.quantity;
    Adjusted& count = adjusted[posting.cause];
    count.closing = posting.effective_date;
    count.units += units;
    if (!posting.because.empty()) count.later += units;
  }
  Conclusion conclusion{.subject = subject};
  for (const auto& [name, count] : adjusted) {
    if (count.later.zero() || Abs(count.units) <= tolerance) continue;
    if (conclusion.facts == 0 || count.closing < conclusion.first_day) conclusion.first_day = count.closing;
    conclusion.quantity = std::max(conclusion.quantity, Abs(count.units));
    ++conclusion.facts;
    if (conclusion.evidence.size() < kMostEvidence) conclusion.evidence.push_back(name);
  }
  if (conclusion.facts == 0) return std::nullopt;
  return conclusion;
}

std::vector<Conclusion> OutsideTerritory(absl::Span<const StockMovement> received,
                                         const std::map<std::string, ShipTo>& places,
                                         const std::vector<TerritoryGrant>& grants) {
  std::map<FindingSubject, Breaches> breaches;
  for (const StockMovement& movement : received) {
    const std::string site(SiteOf(movement.to));
    const auto place = places.find(site);
    if (place == places.end() || place->second.region.empty()) continue;
    if (JudgeTerritory(grants, place->second, movement.product_line, {}, movement.effective_date).allowed) continue;
    breaches[{.rule = StockRule::kOutsideTerritory,
              .partner = movement.to_partner,
              .product = movement.product,
              .site = site}]
        .Add(movement.effective_date, NameOf(movement), movement.quantity);
  }
  std::vector<Conclusion> conclusions;
  for (const auto& [subject, of] : breaches) conclusions.push_back(*of.ConclusionOf(subject, std::nullopt));
  return conclusions;
}

std::vector<Conclusion> SerialElsewhere(const SerialUnit& unit) {
  std::map<std::string, Conclusion> by_partner;
  for (const SerialContradiction& one : unit.contradictions) {
    // A direct sale touches no partner: it is told to the one that had the unit.
    const std::string& partner = one.after.partner.empty() ? one.before.partner : one.after.partner;
    if (partner.empty()) continue;
    const auto [conclusion, fresh] =
        by_partner.try_emplace(partner, Conclusion{.subject = {.rule = StockRule::kSerialElsewhere,
                                                               .partner = partner,
                                                               .product = unit.product,
                                                               .serial = unit.serial},
                                                   .first_day = one.after.date});
    conclusion->second.quantity += Decimal::FromInt(1);
    ++conclusion->second.facts;
    for (const SerialMove* move : {&one.before, &one.after}) conclusion->second.evidence.push_back(move->cause);
  }
  std::vector<Conclusion> conclusions;
  for (auto& [partner, conclusion] : by_partner) {
    std::vector<std::string>& evidence = conclusion.evidence;
    std::sort(evidence.begin(), evidence.end());
    evidence.erase(std::unique(evidence.begin(), evidence.end()), evidence.end());
    if (evidence.size() > kMostEvidence) evidence.resize(kMostEvidence);
    conclusions.push_back(std::move(conclusion));
  }
  return conclusions;
}

}  // namespace tributary::inventory
