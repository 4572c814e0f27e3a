// Random histories of stock: shipments, receipts, sales, movements and counts, told in any order, twice, in pieces,
// corrected and taken back, and contradicted by what is not taken; some lines are of kits. Whatever the order, each
// position is what the lines that stand come to since its last count, a count holds at its day, positions are the sums
// of their postings, and no unit comes or goes.

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "common/money/decimal.h"
#include "common/text/text.h"
#include "inventory-service/counts/rederivation.h"
#include "inventory-service/facts/fact_postings.h"
#include "inventory-service/facts/intake.h"
#include "inventory-service/products/kit.h"
#include "inventory-service/receipts/receipt.h"
#include "inventory-service/sell_through/sell_through_sale.h"
#include "inventory-service/shipments/shipment.h"
#include "inventory-service/stock_movements/stock_movement.h"

namespace tributary::inventory {
namespace {

constexpr int kHistories = 10000;
constexpr int kDays = 20;

Date HistoryDay(int day) { return Date::FromDays(20000 + day); }

using AnyLine = std::variant<ShipmentLine, ReceiptLine, SellThroughSale, StockMovement>;
using Positions = std::map<BucketKey, Decimal>;

// A line, as it is first told and as it is told after that was taken back.
struct LineStory {
  AnyLine first;
  std::optional<AnyLine> corrected;
  bool taken_back = false;  // and not told again
};
struct CountStory {
  PositionKey key;
  int day = 0;
  Decimal counted;
};

// What a line that stands changes, worked out without postings.
struct Change {
  PositionKey key;
  Bucket bucket;
  Date day;
  Decimal units;
};

std::vector<Change> ChangesOf(const ShipmentLine& line) {
  return {{{line.partner, line.site, line.product, line.lot},
           line.awaits_receipt ? Bucket::kInTransit : Bucket::kOnHand,
           line.ship_date,
           line.quantity}};
}
std::vector<Change> ChangesOf(const ReceiptLine& line) {
  const PositionKey key{line.partner, line.site, line.product, line.lot};
  std::vector<Change> changes = {{key, Bucket::kInTransit, line.receive_date, -line.quantity}};
  if (!line.lost) changes.push_back({key, Bucket::kOnHand, line.receive_date, line.quantity});
  return changes;
}
std::vector<Change> ChangesOf(const SellThroughSale& sale) {
  const bool adjusted = sale.activity == SellThroughSale::Activity::kAdjustment;
  return {{{sale.partner, sale.site, sale.product, sale.lot},
           Bucket::kOnHand,
           sale.sale_date,
           adjusted ? sale.quantity : -sale.quantity}};
}
std::vector<Change> ChangesOf(const StockMovement& movement) {
  std::vector<Change> changes;
  const auto add = [&](const std::string& partner, const std::string& place, Decimal units) {
    if (!IsSite(place)) return;
    changes.push_back({{partner, std::string(SiteOf(place)), movement.product, movement.lot},
                       BucketOf(place),
                       movement.effective_date,
                       units});
  };
  add(movement.partner, movement.from, -movement.quantity);
  add(movement.to_partner.empty() ? movement.partner : movement.to_partner, movement.to, movement.quantity);
  return changes;
}

// A set is two bikes and a pump in the first half of the days, then a bike and three pumps.
constexpr int kSetChanges = kDays / 2;

// The same, with what sets consist of in their place: of no lot.
template <typename F>
std::vector<Change> PartChangesOf(const F& fact) {
  std::vector<Change> changes;
  for (const Change& whole : ChangesOf(fact)) {
    if (whole.key.product != "set") {
      changes.push_back(whole);
      continue;
    }
    const bool later = HistoryDay(kSetChanges) <= whole.day;
    for (const auto& [part, each] : {std::pair("bike", later ? 1 : 2), std::pair("pump", later ? 3 : 1)}) {
      Change& change = changes.emplace_back(whole);
      change.key.product = part;
      change.key.lot.clear();
      for (int i = 1; i < each; ++i) change.units += whole.units;
    }
  }
  return changes;
}

// What facts/kit_parts.h gives a fact, of this catalog.
void TakeParts(Date day, Fact* fact) {
  if (fact->product != "set") return;
  static const DateRange first = {HistoryDay(0), HistoryDay(kSetChanges)}, then = {first.end, OpenEnd()};
  static const Kits kits = {{"set",
                             {{"bike", Decimal::FromInt(2), first},
                              {"pump", Decimal::FromInt(1), first},
                              {"bike", Decimal::FromInt(1), then},
                              {"pump", Decimal::FromInt(3), then}}}};
  fact->parts = StockedParts(Explode(kits, "set", fact->quantity, day).value(), {"bike", "pump"});
}

// A world drawn by a seed, and what must come of it.
class World {
 public:
  explicit World(uint64_t seed) : random_(seed) {
    for (int i = 0, n = 3 + Upto(7); i < n; ++i) {
      LineStory story{.first = NewLine(i)};
      const int fate = Upto(5);
      if (fate == 0) story.taken_back = true;
      if (fate == 1) story.corrected = Otherwise(story.first, 2);
      lines.push_back(std::move(story));
    }
    std::set<std::pair<PositionKey, int>> taken;
    for (int i = Upto(3); i > 0; --i) {
      const CountStory count{
          {Pick({"acme", "bolt"}), Pick({"main", "north"}), Pick({"bike", "pump"}), Pick({"", "L9"})},
          Upto(kDays),
          Decimal::FromInt(Upto(40))};
      if (taken.emplace(count.key, count.day).second) counts.push_back(count);
    }
  }

  // The same line with another quantity and lot.
  static AnyLine Otherwise(AnyLine line, int times) {
    std::visit(
        [times](auto& fact) {
          const Decimal once = fact.quantity;
          for (int i = 1; i < times; ++i) fact.quantity += once;
          fact.lot = fact.lot.empty() ? "L9" : "";
        },
        line);
    return line;
  }

  // Without the positions at which nothing lies.
  Positions Expected() const {
    std::vector<Change> changes;
    for (const LineStory& story : lines) {
      if (story.taken_back) continue;
      std::visit(
          [&](const auto& fact) {
            for (Change& change : PartChangesOf(fact)) changes.push_back(std::move(change));
          },
          story.corrected.has_value() ? *story.corrected : story.first);
    }
    Positions expected;
    for (const Change& change : changes) expected[{change.key, change.bucket}] += change.units;
    std::map<PositionKey, const CountStory*> last;
    for (const CountStory& count : counts) {
      const CountStory*& known = last[count.key];
      if (known == nullptr || known->day < count.day) known = &count;
    }
    for (const auto& [key, count] : last) {
      // All that lies there, and what of it is not on hand, which counts leave as it is.
      Decimal there = count->counted, elsewhere;
      for (const Change& change : changes) {
        if (change.key != key || change.bucket == Bucket::kInTransit) continue;
        if (HistoryDay(count->day) < change.day) there += change.units;
        if (change.bucket != Bucket::kOnHand) elsewhere += change.units;
      }
      expected[{key, Bucket::kOnHand}] = there - elsewhere;
    }
    std::erase_if(expected, [](const auto& one) { return one.second.zero(); });
    return expected;
  }

  std::vector<LineStory> lines;
  std::vector<CountStory> counts;

 private:
  // 0 to most.
  int Upto(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }
  std::string Pick(const std::vector<const char*>& of) { return of[Upto(static_cast<int>(of.size()) - 1)]; }

  template <typename F>
  F NewFact(const char* kind, int i) {
    F fact;
    fact.document = StrCat(kind, i / 3);
    fact.line = i + 1;
    fact.partner = Pick({"acme", "bolt"});
    fact.product = Pick({"bike", "pump", "set"});
    fact.lot = Pick({"", "", "L9"});
    fact.quantity = Decimal::FromInt(1 + Upto(29));
    fact.posted = true;
    return fact;
  }
  AnyLine NewLine(int i) {
    const Date day = HistoryDay(Upto(kDays));
    switch (Upto(4)) {
      case 0: {
        auto line = NewFact<ShipmentLine>("SO", i);
        line.order_date = line.ship_date = day;
        line.site = Pick({"main", "north"});
        line.awaits_receipt = Upto(2) == 0;
        if (Upto(5) == 0) line.quantity = -line.quantity;
        return line;
      }
      case 1: {
        auto line = NewFact<ReceiptLine>("RC", i);
        line.receive_date = day;
        line.site = Pick({"main", "north"});
        line.shipment_document = "SO0";
        line.shipment_line = 1;
        line.lost = Upto(4) == 0;
        return line;
      }
      case 2: {
        auto sale = NewFact<SellThroughSale>("INV", i);
        sale.sale_date = day;
        sale.site = Pick({"main", "north"});
        sale.activity = static_cast<SellThroughSale::Activity>(1 + Upto(2));
        if (sale.activity == SellThroughSale::Activity::kReturn || Upto(3) == 0) sale.quantity = -sale.quantity;
        if (sale.activity == SellThroughSale::Activity::kSale && sale.quantity.negative()) {
          sale.quantity = -sale.quantity;
        }
        return sale;
      }
      default:
        return NewMovement(i, day);
    }
  }
  StockMovement NewMovement(int i, Date day) {
    auto movement = NewFact<StockMovement>("MV", i);
    movement.effective_date = day;
    const std::string site = Pick({"main", "north"});
    switch (Upto(4)) {
      case 0:
        movement.reason = MovementReason::kQuarantine;
        movement.from = site;
        movement.to = PlaceOf(site, Bucket::kQuarantine);
        break;
      case 1:
        movement.reason = MovementReason::kRelease;
        movement.from = PlaceOf(site, Bucket::kQuarantine);
        movement.to = site;
        break;
      case 2:
        movement.reason = MovementReason::kScrap;
        movement.from = site;
        movement.to = std::string(kScrap);
        break;
      case 3:
        movement.reason = MovementReason::kTransfer;
        movement.from = site;
        movement.to = site == "main" ? "north" : "main";
        break;
      default:
        movement.reason = MovementReason::kTransfer;
        movement.from = site;
        movement.to = Pick({"main", "north"});
        movement.to_partner = movement.partner == "acme" ? "bolt" : "acme";
    }
    return movement;
  }

  std::mt19937_64 random_;
};

// The books, as facts/recording.h and the counts keep them.
class Books {
 public:
  template <typename F>
  void State(std::vector<Stated<F>> batch) {
    imports::BatchResult result;
    for (Stated<F>& one : batch) TakeParts(Movements(one.fact).front().effective_date, &one.fact);
    for (F& fact : NewFacts(std::move(batch), std::get<Known<F>>(known_), result)) Record(std::move(fact));
    duplicates_ += result.duplicate;
    refused_ += result.rejected;
  }
  template <typename F>
  void TakeBack(const F& fact) {
    F reversal = std::get<Known<F>>(known_).at(KeyOf(fact));
    ++reversal.generation;
    reversal.quantity = -reversal.quantity;
    for (KitPart& part : reversal.parts) part.quantity = -part.quantity;
    NegateAmounts(&reversal);
    Record(std::move(reversal));
  }
  void Approve(const CountStory& count) {
    const StandingCount standing{
        .count = StrCat("counts/", count.day), .closing = HistoryDay(count.day), .bucket = std::nullopt};
    const Decimal book = UnitsAt(count.key, standing.closing);
    counts_[count.key].emplace(standing.closing, standing);
    if (std::optional<Posting> posting = Adjustment(count.key, standing, count.counted, book))
      Post(*std::move(posting));
  }

  // All that a count finds there at the end of the day.
  Decimal UnitsAt(const PositionKey& key, Date day) const {
    Decimal units;
    for (const Posting& posting : postings_) {
      if (day < posting.effective_date) continue;
      for (const auto& [at, change] : PositionChanges({&posting, 1})) {
        if (at.position == key && Counts(std::nullopt, at.bucket)) units += change;
      }
    }
    return units;
  }
  Positions Standing() const {
    Positions standing = positions_;
    std::erase_if(standing, [](const auto& one) { return one.second.zero(); });
    return standing;
  }
  // "" or what does not hold.
  std::string Broken() const {
    if (PositionChanges(postings_) != positions_) return "positions are not the sums of their postings";
    std::map<std::pair<std::string, std::string>, Decimal> boundaries;  // product, boundary
    std::map<std::string, Decimal> units;                               // product
    for (const Posting& posting : postings_) {
      if (!IsSite(posting.from)) boundaries[{posting.product, posting.from}] -= posting.quantity;
      if (!IsSite(posting.to)) boundaries[{posting.product, posting.to}] += posting.quantity;
    }
    for (const auto& [at, quantity] : positions_) units[at.position.product] += quantity;
    for (const auto& [at, quantity] : boundaries) {
      units[at.first] += quantity;
      if (at.second == kTransfer && !quantity.zero()) return StrCat(quantity.ToString(), " ", at.first, " handed over");
    }
    for (const auto& [product, sum] : units) {
      if (!sum.zero()) return StrCat(sum.ToString(), " ", product, " of nowhere");
    }
    return "";
  }
  int64_t duplicates() const { return duplicates_; }
  int64_t refused() const { return refused_; }
  size_t adjustments() const {
    return static_cast<size_t>(std::count_if(postings_.begin(), postings_.end(),
                                             [](const Posting& one) { return one.cause.starts_with("counts/"); }));
  }

 private:
  template <typename F>
  void Record(F fact) {
    for (Posting& posting : PostingsOf(fact)) Post(std::move(posting));
    std::string key = KeyOf(fact);
    std::get<Known<F>>(known_).insert_or_assign(std::move(key), std::move(fact));
  }
  // With what it asks of the counts that see it.
  void Post(Posting posting) {
    std::vector<Posting> all = {posting};
    std::set<PositionKey> touched;
    for (const auto& [at, change] : PositionChanges({&posting, 1})) touched.insert(at.position);
    for (const PositionKey& key : touched) {
      const auto known = counts_.find(key);
      if (known == counts_.end()) continue;
      std::vector<StandingCount> seeing;
      for (auto at = known->second.lower_bound(posting.effective_date); at != known->second.end(); ++at) {
        seeing.push_back(at->second);
      }
      for (Posting& correction : Corrections(posting, key, seeing)) all.push_back(std::move(correction));
    }
    for (const auto& [at, change] : PositionChanges(all)) positions_[at] += change;
    std::move(all.begin(), all.end(), std::back_inserter(postings_));
  }

  std::tuple<Known<ShipmentLine>, Known<ReceiptLine>, Known<SellThroughSale>, Known<StockMovement>> known_;
  std::map<PositionKey, std::map<Date, StandingCount>> counts_;
  std::vector<Posting> postings_;
  Positions positions_;
  int64_t duplicates_ = 0, refused_ = 0;
};

// Tells a world's story: in the order of its lines, once and one by one; or in a random one, twice, in pieces and with
// contradictions. What happens to one line keeps its order.
class Telling {
 public:
  Telling(const World& world, uint64_t seed, bool messy) : random_(seed), messy_(messy) {
    const size_t lines = world.lines.size();
    std::vector<std::vector<Event>> stories(lines);
    std::vector<size_t> turns;
    for (size_t i = 0; i < lines; ++i) {
      stories[i] = EventsOf(world.lines[i]);
      turns.insert(turns.end(), stories[i].size(), i);
    }
    for (size_t i = 0; i < world.counts.size(); ++i) turns.push_back(lines + i);
    if (messy_) std::shuffle(turns.begin(), turns.end(), random_);
    std::vector<size_t> told(lines);
    for (const size_t turn : turns) {
      if (turn < lines) {
        Tell(world.lines[turn], stories[turn][told[turn]++]);
      } else {
        Flush();
        books.Approve(world.counts[turn - lines]);
      }
      if (!messy_ || random_() % 3 == 0) Flush();
    }
    Flush();
  }
  Books books;

 private:
  enum class Event { kState, kContradict, kTakeBack, kStateCorrected };

  std::vector<Event> EventsOf(const LineStory& story) {
    std::vector<Event> events;
    const auto state = [&](Event what) {
      events.push_back(what);
      if (messy_ && random_() % 3 == 0) events.push_back(what);
      if (messy_ && random_() % 4 == 0) events.push_back(Event::kContradict);
    };
    state(Event::kState);
    if (story.taken_back || story.corrected.has_value()) events.push_back(Event::kTakeBack);
    if (story.corrected.has_value()) state(Event::kStateCorrected);
    return events;
  }

  void Tell(const LineStory& story, Event event) {
    if (event == Event::kTakeBack) {
      Flush();
      std::visit([this](const auto& fact) { books.TakeBack(fact); }, story.first);
      return;
    }
    AnyLine line = event == Event::kStateCorrected ? *story.corrected : story.first;
    if (event == Event::kContradict) line = World::Otherwise(std::move(line), 3);
    std::visit(
        [this](auto& fact) {
          using F = std::decay_t<decltype(fact)>;
          std::get<std::vector<Stated<F>>>(pending_).push_back({.row = ++row_, .fact = std::move(fact)});
        },
        line);
  }

  void Flush() {
    std::apply([this](auto&... batch) { (books.State(std::exchange(batch, {})), ...); }, pending_);
  }

  std::mt19937_64 random_;
  const bool messy_;
  int64_t row_ = 0;
  std::tuple<std::vector<Stated<ShipmentLine>>, std::vector<Stated<ReceiptLine>>, std::vector<Stated<SellThroughSale>>,
             std::vector<Stated<StockMovement>>>
      pending_;
};

std::string TextOf(const Positions& positions) {
  std::string text;
  for (const auto& [at, units] : positions) {
    StrAppend(&text, at.position.partner, "/", PositionSegment(at.position), " ", NameOf(at.bucket), " ",
              units.ToString(), "\n");
  }
  return text;
}

TEST(StockHistoryProperty, AnyTellingOfAHistoryGivesThePositionsOfItsLines) {
  int64_t duplicates = 0, refused = 0;
  size_t adjustments = 0;
  for (int seed = 0; seed < kHistories; ++seed) {
    const World world(static_cast<uint64_t>(seed));
    const Positions expected = world.Expected();
    for (const bool messy : {false, true}) {
      const Telling telling(world, static_cast<uint64_t>(seed) + 1000000, messy);
      ASSERT_EQ(telling.books.Broken(), "") << "seed " << seed << ", messy " << messy;
      ASSERT_EQ(TextOf(telling.books.Standing()), TextOf(expected)) << "seed " << seed << ", messy " << messy;
      for (const CountStory& count : world.counts) {
        ASSERT_EQ(telling.books.UnitsAt(count.key, HistoryDay(count.day)), count.counted)
            << "seed " << seed << ", messy " << messy << ", " << PositionSegment(count.key) << " on day " << count.day;
      }
      duplicates += telling.books.duplicates();
      refused += telling.books.refused();
      adjustments += telling.books.adjustments();
    }
  }
  // Every way was gone.
  EXPECT_GT(duplicates, kHistories);
  EXPECT_GT(refused, kHistories);
  EXPECT_GT(adjustments, static_cast<size_t>(kHistories));
}

}  // namespace
}  // namespace tributary::inventory
