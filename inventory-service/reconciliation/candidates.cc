#include "inventory-service/reconciliation/candidates.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/facts/serials.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {
namespace {

Date DayOf(const SellThroughSale& sale) { return sale.sale_date; }
Date DayOf(const ShipmentLine& line) { return line.ship_date; }
Date DayOf(const StockMovement& movement) { return movement.effective_date; }

// The rows of each document among rows that are alike, but for those of the document that is taken to be right.
template <typename F>
std::vector<const F*> Repeated(const std::vector<const F*>& alike) {
  struct Document {
    std::vector<const F*> rows;
    Date oldest = OpenEnd();
  };
  std::map<std::string, Document> documents;
  for (const F* fact : alike) {
    Document& document = documents[fact->document];
    document.rows.push_back(fact);
    document.oldest = std::min(document.oldest, DayOf(*fact));
  }
  // The first of those that are best.
  const auto right = std::min_element(documents.begin(), documents.end(), [](const auto& a, const auto& b) {
    const size_t rows_of_a = a.second.rows.size(), rows_of_b = b.second.rows.size();
    return std::tie(rows_of_b, a.second.oldest) < std::tie(rows_of_a, b.second.oldest);
  });
  std::vector<const F*> repeated;
  for (auto at = documents.begin(); at != documents.end(); ++at) {
    if (at != right) repeated.insert(repeated.end(), at->second.rows.begin(), at->second.rows.end());
  }
  return repeated;
}

// The same of rows that are alike but for their days: of each run of days that are near each other, where exactly two
// documents tell of it.
template <typename F>
std::vector<const F*> NearlyRepeated(std::vector<const F*> alike) {
  std::sort(alike.begin(), alike.end(), [](const F* a, const F* b) { return DayOf(*a) < DayOf(*b); });
  std::vector<const F*> repeated;
  for (size_t first = 0; first < alike.size();) {
    size_t end = first + 1;
    while (end < alike.size() && DayOf(*alike[end]).days() - DayOf(*alike[end - 1]).days() <= kNearDays) ++end;
    std::set<std::string_view> documents;
    for (size_t i = first; i < end; ++i) documents.insert(alike[i]->document);
    if (documents.size() == 2) {
      std::vector<const F*> rows = Repeated(std::vector<const F*>(alike.begin() + first, alike.begin() + end));
      repeated.insert(repeated.end(), rows.begin(), rows.end());
    }
    first = end;
  }
  return repeated;
}

// The candidates among facts by what makes them the same, and by what makes them near; those of a kit are of each of
// its parts. `units_of`: what the books would gain if a fact of so many units never happened.
template <typename F, typename Same, typename Near, typename UnitsOf>
std::vector<LotCandidate> Alike(const std::map<Same, std::vector<const F*>>& same,
                                const std::map<Near, std::vector<const F*>>& near, Date from, UnitsOf units_of) {
  std::vector<LotCandidate> candidates;
  const auto add = [&](const F& fact, bool is_near) {
    if (DayOf(fact) < from) return;
    for (const MovedUnits& moved : MovedBy(fact)) {
      candidates.push_back({{moved.product, moved.lot},
                            {.kind = CandidateKind::kLookAlikeRow,
                             .fact = NameOf(fact),
                             .date = DayOf(fact),
                             .units = units_of(fact, moved.quantity)},
                            is_near});
    }
  };
  std::set<const F*> told_twice;  // all rows of sets of the same
  for (const auto& [content, facts] : same) {
    const std::vector<const F*> repeated = Repeated(facts);
    if (!repeated.empty()) told_twice.insert(facts.begin(), facts.end());
    for (const F* fact : repeated) add(*fact, false);
  }
  for (const auto& [content, facts] : near) {
    for (const F* fact : NearlyRepeated(facts)) {
      // Of those that are the same it is decided already which are right.
      if (!told_twice.contains(fact)) add(*fact, true);
    }
  }
  return candidates;
}

// Whether the place is one where a count finds units of the partner.
bool OnShelf(std::string_view place) { return IsSite(place) && BucketOf(place) != Bucket::kInTransit; }
bool InTransit(std::string_view place) { return IsSite(place) && BucketOf(place) == Bucket::kInTransit; }

}  // namespace

std::vector<LotCandidate> LookAlikes(const std::vector<SellThroughSale>& sales, Date from) {
  using Content = std::tuple<std::string, std::string, int, Decimal, std::string, std::string, std::optional<Decimal>,
                             std::string, std::string>;
  std::map<std::tuple<Content, std::string, Date>, std::vector<const SellThroughSale*>> same;
  std::map<Content, std::vector<const SellThroughSale*>> near;
  for (const SellThroughSale& sale : sales) {
    const Content content{sale.product,    sale.lot,          static_cast<int>(sale.activity),
                          sale.quantity,   sale.end_customer, sale.region,
                          sale.unit_price, sale.currency,     SerialsText(sale.serials)};
    same[{content, sale.site, sale.sale_date}].push_back(&sale);
    if (!sale.end_customer.empty()) near[content].push_back(&sale);
  }
  return Alike(same, near, from, [](const SellThroughSale& sale, Decimal units) {
    // Without it the books have what it took from the shelf, or do not have what it laid there.
    const bool found = sale.activity == SellThroughSale::Activity::kAdjustment;
    return found ? -units : units;
  });
}

std::vector<LotCandidate> LookAlikes(const std::vector<ShipmentLine>& lines, Date from) {
  using Content = std::tuple<std::string, std::string, std::string, Date, Decimal, std::string, Decimal, Decimal,
                             std::string, std::string>;
  std::map<Content, std::vector<const ShipmentLine*>> same;
  for (const ShipmentLine& line : lines) {
    if (line.awaits_receipt) continue;
    same[{line.product, line.lot, line.site, line.ship_date, line.quantity, line.currency, line.unit_price,
          line.net_amount, line.original_line, SerialsText(line.serials)}]
        .push_back(&line);
  }
  return Alike(same, std::map<Content, std::vector<const ShipmentLine*>>(), from,
               [](const ShipmentLine&, Decimal units) { return -units; });
}

std::vector<LotCandidate> LookAlikes(std::string_view partner, const std::vector<StockMovement>& movements, Date from) {
  using Content = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string, Decimal, int,
                             std::string, std::string>;
  std::map<std::pair<Content, Date>, std::vector<const StockMovement*>> same;
  std::map<Content, std::vector<const StockMovement*>> near;
  // What the partner's shelves gained by so many units.
  const auto gained = [&](const StockMovement& movement, Decimal moved) {
    const bool takes = movement.partner == partner;
    const bool gets = movement.to_partner.empty() ? takes : movement.to_partner == partner;
    Decimal units;
    if (takes && OnShelf(movement.from)) units -= moved;
    if (gets && OnShelf(movement.to)) units += moved;
    return units;
  };
  for (const StockMovement& movement : movements) {
    if (InTransit(movement.from) || InTransit(movement.to) || gained(movement, movement.quantity).zero()) continue;
    const Content content{movement.partner,     movement.product,
                          movement.lot,         movement.from,
                          movement.to_partner,  movement.to,
                          movement.quantity,    static_cast<int>(movement.reason),
                          movement.reason_code, SerialsText(movement.serials)};
    same[{content, movement.effective_date}].push_back(&movement);
    near[content].push_back(&movement);
  }
  return Alike(same, near, from,
               [&](const StockMovement& movement, Decimal units) { return -gained(movement, units); });
}

std::vector<LotCandidate> OpenTransfers(std::vector<TransitPosting> postings) {
  struct Transfer {
    Date date;
    std::string cause;
    Decimal units;
  };
  struct Lane {
    std::map<std::string, Transfer> in;  // by the movement's name, reversals taken off
    Decimal out;
  };
  std::map<std::pair<ProductLot, std::string>, Lane> lanes;
  for (TransitPosting& posting : postings) {
    Lane& lane = lanes[{posting.what, posting.site}];
    const std::optional<std::string> reversed = ReversedBy(posting.cause);
    // A reversal takes back what its movement did, so a movement out of in_transit stays one whatever its sign.
    const std::string cause = reversed.value_or(posting.cause);
    if (posting.quantity.negative() != reversed.has_value()) {
      lane.out += -posting.quantity;
    } else {
      Transfer& transfer = lane.in[cause];
      transfer.cause = cause;
      transfer.date = posting.date;
      transfer.units += posting.quantity;
    }
  }
  std::vector<LotCandidate> open;
  for (auto& [of, lane] : lanes) {
    std::vector<Transfer> in;
    for (auto& [cause, transfer] : lane.in) in.push_back(std::move(transfer));
    std::sort(in.begin(), in.end(), [](const Transfer& a, const Transfer& b) {
      return std::tie(a.date, a.cause) < std::tie(b.date, b.cause);
    });
    for (Transfer& transfer : in) {
      const Decimal arrived = std::min(lane.out, transfer.units);
      lane.out -= arrived;
      if (transfer.units == arrived) continue;
      open.push_back({of.first,
                      {.kind = CandidateKind::kTransferInTransit,
                       .fact = std::move(transfer.cause),
                       .date = transfer.date,
                       .units = transfer.units - arrived}});
    }
  }
  return open;
}

std::vector<LotCandidate> SentBy(std::string_view sender, std::vector<LotCandidate> open) {
  const std::string movements = StrCat(PartnerName(sender), "/movements/");
  std::erase_if(open, [&](const LotCandidate& one) { return !one.candidate.fact.starts_with(movements); });
  return open;
}

std::vector<Candidate> Searched(const std::vector<LotCandidate>& candidates) {
  const bool all = candidates.size() <= kMostCandidates;
  std::vector<Candidate> searched;
  for (const LotCandidate& one : candidates) {
    if (all || !one.near) searched.push_back(one.candidate);
  }
  return searched;
}

}  // namespace tributary::inventory
