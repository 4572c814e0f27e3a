#include "inventory-service/reconciliation/evidence.h"

#include <algorithm>
#include <optional>

#include "inventory-service/ledger/posting.h"
#include "inventory-service/partner_reports/derivation.h"

namespace tributary::inventory {
namespace {

// What the books say of some units.
struct Book {
  std::map<std::string, Decimal> opening;  // by site, what lies there
  std::map<std::string, Decimal> closing;
  std::set<std::string> moved;  // sites at which something lay down or was taken within the period
  ReconciliationFigures figures;
};

void Add(Book& book, const BookMovement& movement) {
  const auto place = [&](std::string_view at, Decimal units) {
    if (!IsSite(at)) return;
    if (BucketOf(at) == Bucket::kInTransit) {
      book.figures.in_transit += units;
      if (!movement.within) book.figures.opening_in_transit += units;
      return;
    }
    const std::string site(SiteOf(at));
    book.closing[site] += units;
    book.figures.book += units;
    if (movement.within) {
      book.moved.insert(site);
    } else {
      book.opening[site] += units;
      book.figures.opening_book += units;
    }
  };
  place(movement.from, -movement.quantity);
  place(movement.to, movement.quantity);
  if (!movement.within || IsSite(movement.from) == IsSite(movement.to)) return;
  const bool comes = IsSite(movement.to);
  const std::string_view boundary = comes ? movement.from : movement.to;
  const Decimal gained = comes ? movement.quantity : -movement.quantity;
  if (boundary == kVendor) {
    book.figures.sell_in += gained;
  } else if (boundary == kCustomer) {
    book.figures.sell_through -= gained;
  } else if (boundary == kTransfer) {
    (comes ? book.figures.transferred_in : book.figures.transferred_out) += movement.quantity;
  } else {
    book.figures.adjusted += gained;
  }
}

// Sums what was told of the product, of one lot or of all, at sites that were told of; `untold` gets the sites of which
// nothing was told though they have stock. Unset where nothing was told at all.
std::optional<Decimal> SumTold(const ToldStock& told, const std::string& product, const std::optional<std::string>& lot,
                               const std::map<std::string, Decimal>& books, const std::set<std::string>& moved,
                               std::set<std::string>* untold) {
  std::optional<Decimal> sum;
  std::set<std::string> spoken_of;
  for (const auto& [site, stock] : told) {
    bool named = false;
    Decimal units;
    for (auto at = stock.units.lower_bound({product, ""}); at != stock.units.end() && at->first.product == product;
         ++at) {
      if (lot.has_value() && at->first.lot != *lot) continue;
      named = true;
      units += at->second;
    }
    if (!named && !stock.complete) continue;
    spoken_of.insert(site);
    sum = sum.value_or(Decimal()) + units;
  }
  std::set<std::string> needed = moved;
  for (const auto& [site, units] : books) {
    if (!units.zero()) needed.insert(site);
  }
  for (const std::string& site : needed) {
    if (!spoken_of.contains(site)) untold->insert(site);
  }
  return untold->empty() ? sum : std::nullopt;
}

// The lots of the product that are named, at any site.
std::set<std::string> LotsTold(const ToldStock& told, const std::string& product) {
  std::set<std::string> lots;
  for (const auto& [site, stock] : told) {
    for (auto at = stock.units.lower_bound({product, ""}); at != stock.units.end() && at->first.product == product;
         ++at) {
      lots.insert(at->first.lot);
    }
  }
  return lots;
}

// Whether it tells of the product itself.
bool Names(const ToldSite& stock, const std::string& product) {
  const auto at = stock.units.lower_bound({product, ""});
  return at != stock.units.end() && at->first.product == product;
}

bool NamesALot(const std::set<std::string>& lots) { return !lots.empty() && !lots.rbegin()->empty(); }

}  // namespace

ToldStock ToldAt(Date day, const std::vector<OnHandReport>& after_closing,
                 const std::vector<OnHandReport>& before_next_opening, const std::vector<PartnerReport>& reports,
                 const std::set<std::string>& sites) {
  std::vector<RankedReport> ranked;
  std::map<Uuid, const PartnerReport*> by_id;
  for (const PartnerReport& report : reports) {
    if (!report.tells()) continue;
    ranked.push_back({report.id, report.mode, report.coverage, report.rank});
    by_id.emplace(report.id, &report);
  }
  const Derivation derivation(std::move(ranked));
  // The snapshots that have the say there; several are one file that was sent several times.
  const auto snapshots = [&](const std::string& site, Date date) {
    std::vector<const PartnerReport*> found;
    for (const RankedReport* report : derivation.ContributorsOf({Activity::kOnHand, site, date})) {
      if (report->mode == ReportMode::kSnapshot) found.push_back(by_id.at(report->id));
    }
    return found;
  };
  const auto complete = [&](const std::string& site, Date date) {
    const auto of = snapshots(site, date);
    return std::any_of(of.begin(), of.end(), [](const PartnerReport* one) { return one->counts.rejected == 0; });
  };

  ToldStock told;
  std::map<std::string, std::map<std::string, Decimal>> in_kits;  // by site, of each part
  const auto tell = [&](const OnHandReport& row) {
    ToldSite& stock = told[row.site];
    for (const MovedUnits& there : MovedBy(row)) {
      (row.parts.empty() ? stock.units[{there.product, there.lot}] : in_kits[row.site][there.product]) +=
          there.quantity;
    }
  };
  for (const OnHandReport& row : after_closing) tell(row);
  for (auto& [site, stock] : told) stock.complete = complete(site, day);
  std::set<std::string> next;
  for (const OnHandReport& row : before_next_opening) {
    if (!next.contains(row.site) && told.contains(row.site)) continue;
    next.insert(row.site);
    tell(row);
  }
  for (const std::string& site : next) told[site].complete = complete(site, day.AddDays(1));
  for (const auto& [site, parts] : in_kits) {
    ToldSite& stock = told.at(site);
    for (const auto& [product, units] : parts) {
      if (stock.complete || Names(stock, product)) stock.units[{product, ""}] += units;
    }
  }
  for (const std::string& site : sites) {
    if (told.contains(site)) continue;
    const auto of = snapshots(site, day);
    const bool none = std::any_of(of.begin(), of.end(), [](const PartnerReport* one) { return one->zero_report; });
    if (none) told[site].complete = true;
  }
  return told;
}

std::map<ReconciliationKey, ReconciliationFigures> Reconcile(const std::string& partner, Date from, Date to,
                                                             const Evidence& evidence,
                                                             const std::set<ReconciliationKey>& known) {
  std::map<ProductLot, Book> by_lot;
  std::map<std::string, Book> by_product;
  for (const BookMovement& movement : evidence.movements) {
    Add(by_lot[movement.what], movement);
    Add(by_product[movement.what.product], movement);
  }
  std::map<std::string, std::set<std::string>> told_lots;  // of products that are told of, before the period or after
  const auto named = [&](const ToldStock& told) {
    for (const auto& [site, stock] : told) {
      for (const auto& [what, units] : stock.units) told_lots.try_emplace(what.product);
    }
  };
  named(evidence.closing);
  named(evidence.opening);
  const auto has_book = [](const Book& book) {
    return !book.figures.book.zero() || !book.figures.opening_book.zero() || !book.moved.empty() ||
           !book.figures.in_transit.zero();
  };

  std::set<ReconciliationKey> keys = known;
  std::set<std::string> products;
  for (const auto& [product, book] : by_product) {
    if (has_book(book)) products.insert(product);
  }
  for (auto& [product, lots] : told_lots) {
    products.insert(product);
    lots = LotsTold(evidence.closing, product);
    if (!NamesALot(lots)) {
      // Only where the end of the period does not name the product has the time before it a say.
      const std::set<std::string> before = LotsTold(evidence.opening, product);
      if (lots.empty() && NamesALot(before)) lots = before;
    } else {
      lots.merge(LotsTold(evidence.opening, product));
    }
    if (!NamesALot(lots)) lots.clear();
  }
  for (const std::string& product : products) {
    const auto lots = told_lots.find(product);
    ReconciliationKey key{.partner = partner, .product = product, .from = from, .to = to};
    if (lots == told_lots.end() || lots->second.empty()) {
      keys.insert(key);
      continue;
    }
    std::set<std::string> all = lots->second;
    for (auto at = by_lot.lower_bound({product, ""}); at != by_lot.end() && at->first.product == product; ++at) {
      if (has_book(at->second)) all.insert(at->first.lot);
    }
    for (const std::string& lot : all) {
      key.lot = lot;
      keys.insert(key);
    }
  }

  std::map<ReconciliationKey, ReconciliationFigures> reconciled;
  const Book nothing;
  for (const ReconciliationKey& key : keys) {
    const Book* book = &nothing;
    if (!key.lot.has_value()) {
      if (const auto at = by_product.find(key.product); at != by_product.end()) book = &at->second;
    } else if (const auto at = by_lot.find({key.product, *key.lot}); at != by_lot.end()) {
      book = &at->second;
    }
    ReconciliationFigures figures = book->figures;
    std::set<std::string> untold;
    std::set<std::string> untold_before;
    figures.reported = SumTold(evidence.closing, key.product, key.lot, book->closing, book->moved, &untold);
    figures.opening_reported = SumTold(evidence.opening, key.product, key.lot, book->opening, {}, &untold_before);
    // A product that is told of without its lots says nothing of one of them.
    if (key.lot.has_value()) {
      const auto silent = [&](const ToldStock& told) {
        const std::set<std::string> lots = LotsTold(told, key.product);
        return !lots.empty() && !NamesALot(lots);
      };
      if (silent(evidence.closing)) figures.reported.reset();
      if (silent(evidence.opening)) figures.opening_reported.reset();
    }
    figures.unreported_sites.assign(untold.begin(), untold.end());
    if (const std::optional<Decimal> gap = figures.gap()) {
      std::vector<LotCandidate> candidates;
      for (const LotCandidate& one : evidence.candidates) {
        if (one.what.product != key.product || (key.lot.has_value() && one.what.lot != *key.lot)) continue;
        candidates.push_back(one);
      }
      figures.explanation = Explain(*gap, Searched(candidates));
    }
    reconciled.emplace(key, std::move(figures));
  }
  return reconciled;
}

}  // namespace tributary::inventory
