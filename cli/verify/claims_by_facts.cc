#include "cli/verify/claims_by_facts.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "cli/verify/arithmetic.h"

namespace tributary::cli {
namespace {

using incentive::v1::Claim;
using incentive::v1::ClaimLine;
using verify::Billionths;
using verify::Fraction;
using verify::Integer;
using verify::Text;
using verify::Whole;

Integer BillionthsIn(const google::type::Money& money) { return Billionths(money).value_or(0); }
Integer BillionthsIn(const google::type::Decimal& decimal) { return Billionths(decimal).value_or(0); }

// What something is worth by the facts: exactly, or between two values.
struct Range {
  Fraction low;
  Fraction high;
  bool exact() const { return verify::Equal(low, high); }
};
const Fraction& Lesser(const Fraction& a, const Fraction& b) { return verify::Less(b, a) ? b : a; }
const Fraction& Greater(const Fraction& a, const Fraction& b) { return verify::Less(a, b) ? b : a; }
Range Plus(const Range& a, const Range& b) { return {verify::Plus(a.low, b.low), verify::Plus(a.high, b.high)}; }
// `factor` 0 or more.
Range Times(const Range& a, const Fraction& factor) {
  return {verify::Times(a.low, factor), verify::Times(a.high, factor)};
}
Range AtMost(const Range& a, const Fraction& most) { return {Lesser(a.low, most), Lesser(a.high, most)}; }
// What it is beyond `from`, 0 where it is not.
Range Beyond(const Range& a, const Fraction& from) {
  return {Greater(verify::Minus(a.low, from), Fraction()), Greater(verify::Minus(a.high, from), Fraction())};
}

class ClaimWork {
 public:
  ClaimWork(const Claim& claim, const ClaimGrounds& grounds, ClaimsByFacts::Used* used, ClaimFindings* findings)
      : claim_(claim),
        grounds_(grounds),
        partner_(claim.name().substr(0, claim.name().find("/claims/"))),
        currency_(claim.amount().currency_code()),
        used_(*used),
        findings_(*findings) {}

  void Run() {
    const auto facts = grounds_.facts.find(partner_);
    if (facts == grounds_.facts.end()) return Open("the partner's facts are not known");
    facts_ = &facts->second;
    if (const auto decided = grounds_.decided.find(claim_.name()); decided != grounds_.decided.end()) {
      // What a stock rotation pays is a share of what was bought of all products.
      later_ = facts_->Later(claim_.product(), decided->second);
      later_of_any_ = facts_->Later("", decided->second);
    }
    switch (claim_.kind()) {
      case Claim::SHIP_AND_DEBIT:
        return With(grounds_.special_prices, claim_.special_price(), [&](const auto& one) { ShipAndDebit(one); });
      case Claim::PRICE_PROTECTION:
        return With(grounds_.price_changes, claim_.price_change(), [&](const auto& one) { PriceProtection(one); });
      case Claim::SPIFF:
        return With(grounds_.spiffs, claim_.spiff(), [&](const auto& one) { OfSpiff(one); });
      case Claim::STOCK_ROTATION:
        return With(grounds_.stock_rotations, claim_.stock_rotation(), [&](const auto& one) { Rotation(one); });
      default:
        return;
    }
  }

 private:
  void Open(const std::string& what) { findings_.open.push_back(prefix_ + what); }
  void Differ(const std::string& what) { Differ(what, later_); }
  void Differ(const std::string& what, bool later) {
    if (later) return Open(what + "; facts came after it was approved");
    findings_.differences.push_back(prefix_ + what);
  }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    if (!holds) Differ(what + ": stated " + stated + ", by the facts " + found);
  }

  template <typename Subjects, typename Then>
  void With(const Subjects& subjects, const std::string& name, Then then) {
    const auto found = subjects.find(name);
    if (found == subjects.end()) return findings_.differences.push_back(name + ": there is none");
    then(found->second);
  }

  void Deadline(const google::type::Date& deadline) {
    const std::string day =
        absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(claim_.create_time().seconds()), absl::UTCTimeZone());
    Want(day <= Text(deadline), "create_time", day, "until " + Text(deadline));
  }
  void Against(const std::string& product, const google::type::Money& money) {
    Want(claim_.product() == product, "product", claim_.product(), product);
    Want(currency_ == money.currency_code(), "currency", currency_, money.currency_code());
  }
  void SetLine(int i) { prefix_ = "lines[" + std::to_string(i) + "]: "; }

  // The sale of a line, of the product, in the days and of enough units; null where it is not.
  const Fact* SaleOf(const ClaimLine& line, const google::type::Date& from, const google::type::Date& to) {
    const Fact* sale = facts_->Sale(line.sale());
    if (sale == nullptr || sale->adjusts_stock) {
      Differ(line.sale() + ": no such sale");
      return nullptr;
    }
    Want(sale->product == claim_.product(), line.sale() + ": product", claim_.product(), sale->product);
    InDays(line.sale(), sale->date, from, to);
    Once(line.sale(), line, sale->quantity.value_or(0));
    return sale;
  }
  void InDays(const std::string& fact, const std::string& date, const google::type::Date& from,
              const google::type::Date& to) {
    Want(Text(from) <= date && date < Text(to), fact + ": date", Text(from) + " to before " + Text(to), date);
  }
  // No unit is paid for twice by claims of one kind.
  void Once(const std::string& fact, const ClaimLine& line, const Integer& there) {
    Integer& units = used_.units[{static_cast<int>(claim_.kind()), fact}];
    units += BillionthsIn(line.approved_quantity());
    Want(units <= there, fact + ": units of all claims of its kind", Text(units), "at most " + Text(there));
  }

  // The price of a unit of a shipment's line on a day: its own, or one that a price change made of it.
  std::optional<Range> PriceOf(const std::string& line_name, const std::string& day, const std::string& but_for = "") {
    const Fact* line = line_name.empty() ? nullptr : facts_->Line(line_name);
    if (line == nullptr || line->product != claim_.product() || line->currency != currency_ ||
        line->quantity.value_or(0) <= 0) {
      Differ("layers: " + line_name + ": no line of the product that tells a price in " + currency_);
      return std::nullopt;
    }
    return PriceOf(*line, day, but_for);
  }
  Range PriceOf(const Fact& line, const std::string& day, const std::string& but_for = "") const {
    const Fraction own = verify::Over(Whole(line.amount.value_or(0)), Whole(*line.quantity));
    Range price{own, own};
    for (const auto& [name, change] : grounds_.price_changes) {
      if (name == but_for || change.state() != incentive::v1::PriceChange::ANNOUNCED ||
          change.product() != line.product || change.new_price().currency_code() != line.currency ||
          Text(change.effective_date()) > day) {
        continue;
      }
      const Fraction made = Whole(BillionthsIn(change.new_price()));
      price = {Lesser(price.low, made), Greater(price.high, made)};
    }
    return price;
  }

  void ShipAndDebit(const incentive::v1::SpecialPriceAuthorization& special) {
    Against(special.product(), special.approved_cost());
    Deadline(special.claim_deadline());
    Want(special.state() == incentive::v1::SpecialPriceAuthorization::APPROVED, "special_price",
         incentive::v1::SpecialPriceAuthorization::State_Name(special.state()), "APPROVED");
    std::vector<Range> due;
    std::map<std::string, Integer>& debited = used_.debited[special.name()];
    for (int i = 0; i < claim_.lines_size(); ++i) {
      const ClaimLine& line = claim_.lines(i);
      due.emplace_back();
      if (BillionthsIn(line.approved_quantity()) == 0) continue;
      SetLine(i);
      debited[line.sale()] += BillionthsIn(line.approved_quantity());
      const Fact* sale = SaleOf(line, special.sale_from(), special.sale_to());
      if (sale != nullptr) {
        Want(sale->customer == special.end_customer(), line.sale() + ": customer", special.end_customer(),
             sale->customer);
        due.back() = Times(AtMost(DebitOf(line, *sale, Whole(BillionthsIn(special.approved_cost()))),
                                  Whole(BillionthsIn(line.unit_amount()))),
                           Whole(BillionthsIn(line.approved_quantity())));
      }
    }
    prefix_.clear();
    // What came back since may be debited again.
    Integer units = 0;
    for (const auto& [sale, approved] : debited) units += std::min(approved, facts_->UnitsLeft(sale));
    Want(units <= BillionthsIn(special.quantity()), special.name() + ": units of all claims", Text(units),
         "at most " + Text(BillionthsIn(special.quantity())));
    Amounts(due);
  }

  // What a unit of a sale cost beyond what was approved: the mean of those that did.
  Range DebitOf(const ClaimLine& line, const Fact& sale, const Fraction& approved) {
    Range in_layers;
    Integer units = 0;
    for (const auto& layer : line.layers()) {
      const std::optional<Range> price = PriceOf(layer.shipment_line(), sale.date);
      if (!price.has_value()) continue;
      if (!verify::Less(approved, price->high)) {
        Differ("layers: " + layer.shipment_line() + ": cost no more than was approved");
      }
      in_layers = Plus(in_layers, Times(Beyond(*price, approved), Whole(BillionthsIn(layer.quantity()))));
      units += BillionthsIn(layer.quantity());
    }
    if (units > 0 && units == facts_->UnitsLeft(line.sale())) {
      return Times(in_layers, verify::Over(Whole(verify::Unit()), Whole(units)));
    }
    // Other units of the sale count, too, and may have come with any line.
    std::optional<Range> any;
    for (const Fact* one : facts_->LinesOf(claim_.product())) {
      if (one->currency != currency_ || one->quantity.value_or(0) <= 0) continue;
      const Range debit = Beyond(PriceOf(*one, sale.date), approved);
      if (debit.high.num == 0) continue;
      any = any.has_value() ? Range{Lesser(any->low, debit.low), Greater(any->high, debit.high)} : debit;
    }
    return any.value_or(Range());
  }

  void PriceProtection(const incentive::v1::PriceChange& change) {
    Against(change.product(), change.new_price());
    Deadline(change.claim_deadline());
    Want(change.state() == incentive::v1::PriceChange::ANNOUNCED && !change.reverse(), "price_change",
         incentive::v1::PriceChange::State_Name(change.state()), "one that is announced and no rise");
    const auto exposure = grounds_.exposures.find({partner_, change.name()});
    std::vector<Range> due;
    for (int i = 0; i < claim_.lines_size(); ++i) {
      const ClaimLine& line = claim_.lines(i);
      SetLine(i);
      due.emplace_back();
      for (const auto& layer : line.layers()) {
        const std::optional<Range> price = PriceOf(layer.shipment_line(), Text(change.effective_date()), change.name());
        if (!price.has_value()) continue;
        const Range lost =
            AtMost(Beyond(*price, Whole(BillionthsIn(change.new_price()))), Whole(BillionthsIn(line.unit_amount())));
        due.back() = Plus(due.back(), Times(lost, Whole(BillionthsIn(layer.quantity()))));
        Integer& units =
            used_.protected_units[{partner_, change.name(), LineOf(layer.shipment_line()), layer.in_transit()}];
        units += BillionthsIn(layer.quantity());
        if (exposure != grounds_.exposures.end()) There(exposure->second, layer, units);
      }
      if (line.layers().empty() && BillionthsIn(line.approved_quantity()) > 0) Differ("layers: stated none");
    }
    if (exposure == grounds_.exposures.end())
      Open("what lay there on " + Text(change.effective_date()) + " is not known");
    prefix_.clear();
    Amounts(due);
  }

  // What was paid for of a line against what lay there of it, or was on its way.
  void There(const inventory::v1::PriceProtectionExposure& exposure, const incentive::v1::ApprovedLayer& layer,
             const Integer& units) {
    using Line = inventory::v1::ExposureLine;
    Integer there = 0;
    for (const Line& one : exposure.lines()) {
      // Where the cut is recorded there as well, the units are worth no more than the new price any more.
      const bool lost = one.outcome() == Line::PROTECTED || one.outcome() == Line::NOT_ABOVE;
      if (!lost || one.in_transit() != layer.in_transit()) continue;
      if (LineOf(one.layer().shipment_line()) == LineOf(layer.shipment_line()))
        there += BillionthsIn(one.layer().remaining());
    }
    if (units <= there) return;
    const std::string what = layer.shipment_line() + ": units of all claims: stated " + Text(units) +
                             ", by the books and reports at most " + Text(there);
    // What was on its way when it was approved need not have come in time.
    if (layer.in_transit()) return Open(what + "; they were on their way");
    Differ(what);
  }

  void OfSpiff(const incentive::v1::Spiff& spiff) {
    Against(spiff.product(), spiff.reward());
    Deadline(spiff.claim_deadline());
    Want(spiff.state() == incentive::v1::Spiff::ANNOUNCED, "spiff", incentive::v1::Spiff::State_Name(spiff.state()),
         "ANNOUNCED");
    std::vector<Range> due;
    for (int i = 0; i < claim_.lines_size(); ++i) {
      const ClaimLine& line = claim_.lines(i);
      SetLine(i);
      if (BillionthsIn(line.approved_quantity()) > 0) SaleOf(line, spiff.sale_from(), spiff.sale_to());
      const Fraction each = Whole(std::min(BillionthsIn(line.unit_amount()), BillionthsIn(spiff.reward())));
      due.push_back(Times({each, each}, Whole(BillionthsIn(line.approved_quantity()))));
    }
    prefix_.clear();
    Amounts(due);
  }

  void Rotation(const incentive::v1::StockRotation& rotation) {
    using incentive::v1::StockRotation;
    Want(currency_ == rotation.currency(), "currency", currency_, rotation.currency());
    Deadline(rotation.claim_deadline());
    Want(rotation.state() == StockRotation::APPROVED, "stock_rotation", StockRotation::State_Name(rotation.state()),
         "APPROVED");
    const Fraction kept = verify::Minus({1, 1}, Whole(BillionthsIn(rotation.restocking_fee_rate())));
    std::vector<Range> due;
    for (int i = 0; i < claim_.lines_size(); ++i) {
      const ClaimLine& line = claim_.lines(i);
      due.emplace_back();
      if (BillionthsIn(line.approved_quantity()) == 0) continue;
      SetLine(i);
      const PartnerFacts::Moved moved = facts_->Movement(line.movement());
      Once(MovementOf(line.movement()), line, moved.units);
      if (moved.units == 0) continue;
      Want(moved.of_kits || moved.product == claim_.product(), line.movement() + ": product", claim_.product(),
           moved.product);
      InDays(line.movement(), moved.date, rotation.move_from(), rotation.move_to());
      const bool scrapped = moved.to == "scrap";
      const bool credited =
          rotation.way() == StockRotation::RETURN_OR_SCRAP || scrapped == (rotation.way() == StockRotation::SCRAP);
      Want((scrapped || moved.to == "vendor") && credited, line.movement() + ": way",
           StockRotation::Way_Name(rotation.way()), moved.to);
      for (const auto& layer : line.layers()) {
        const std::optional<Range> price = PriceOf(layer.shipment_line(), moved.date);
        if (!price.has_value()) continue;
        const Range each = AtMost(Times(*price, kept), Whole(BillionthsIn(line.unit_amount())));
        due.back() = Plus(due.back(), Times(each, Whole(BillionthsIn(layer.quantity()))));
      }
    }
    prefix_.clear();
    Amounts(due);
    Limit(rotation);
  }

  void Limit(const incentive::v1::StockRotation& rotation) {
    Integer& credited = used_.rotated[rotation.name()];
    credited += BillionthsIn(claim_.approved());
    for (const auto& one : claim_.true_ups()) credited += BillionthsIn(one.amount());
    const Integer bought = facts_->Purchases(Text(rotation.purchases_from()), Text(rotation.purchases_to()), currency_);
    const Fraction limit = verify::Times(Whole(bought), Whole(BillionthsIn(rotation.limit_rate())));
    if (!verify::Less(limit, Whole(credited))) return;
    Differ(rotation.name() + ": credits of all claims: stated " + Text(credited) + ", by the facts at most " +
               verify::Text(limit) + ", the share of " + Text(bought) + " that was bought",
           later_of_any_);
  }

  // What is due of all is rounded once and shared out to the lines by largest remainder.
  void Amounts(const std::vector<Range>& due) {
    Range all;
    for (const Range& one : due) all = Plus(all, one);
    const Integer smallest = verify::Unit() / verify::SmallestUnits(currency_);
    const auto rounded = [&](const Fraction& value) {
      return Integer(
          verify::Round(verify::Times(value, {verify::SmallestUnits(currency_), 1}), verify::RoundingRule::kHalfEven));
    };
    const Integer low = rounded(all.low), high = rounded(all.high);
    const Integer approved = BillionthsIn(claim_.approved());
    const std::string found = low == high ? Text(Integer(low * smallest))
                                          : Text(Integer(low * smallest)) + " to " + Text(Integer(high * smallest));
    Want(low * smallest <= approved && approved <= high * smallest, "approved", Text(approved), found);
    if (!all.exact()) {
      return Open("approved: the facts tell " + found + "; which price units had by then they do not tell");
    }
    std::vector<Fraction> weights;
    for (const Range& one : due) weights.push_back(one.low);
    const std::vector<Integer> shares = verify::Shares(low, weights);
    for (int i = 0; i < claim_.lines_size(); ++i) {
      SetLine(i);
      const Integer share = shares[i] * smallest;
      Want(BillionthsIn(claim_.lines(i).approved()) == share, "approved",
           Text(BillionthsIn(claim_.lines(i).approved())), Text(share));
    }
    prefix_.clear();
  }

  const Claim& claim_;
  const ClaimGrounds& grounds_;
  const std::string partner_;
  const std::string currency_;
  ClaimsByFacts::Used& used_;
  ClaimFindings& findings_;
  const PartnerFacts* facts_ = nullptr;
  bool later_ = false;
  bool later_of_any_ = false;
  std::string prefix_;
};

}  // namespace

ClaimFindings ClaimsByFacts::Add(const Claim& claim) {
  ClaimFindings findings;
  if (claim.state() == Claim::APPROVED || claim.state() == Claim::PAID) {
    ClaimWork(claim, grounds_, &used_, &findings).Run();
  }
  return findings;
}

}  // namespace tributary::cli
