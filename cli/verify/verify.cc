#include "cli/verify/verify.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "cli/verify/arithmetic.h"
#include "cli/verify/scale.h"

namespace tributary::cli {
namespace {

using incentive::v1::Evaluation;
using incentive::v1::Program;
using incentive::v1::Statement;
using incentive::v1::StatementLine;
using verify::Billionths;
using verify::Fraction;
using verify::Integer;
using verify::ScalePart;
using verify::ScaleTier;
using verify::ScaleValue;
using verify::Text;
using verify::Unit;

class Verifier {
 public:
  Verifier(const Statement& statement, absl::Span<const StatementLine> lines, const FactLookup& facts)
      : statement_(statement), terms_(statement.terms()), lines_(lines), facts_(facts) {}

  std::vector<std::string> Run() && {
    Agreement();
    Period();
    if (!ReadTiers() || !ReadLines()) return std::move(differences_);
    Order();
    Sum();
    Parts();
    Value();
    LineShares();
    if (facts_) {
      for (const StatementLine& line : lines_) Fact(line);
    }
    return std::move(differences_);
  }

 private:
  void Differ(std::string what) { differences_.push_back(std::move(what)); }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    if (!holds) Differ(what + ": stated " + stated + ", worked out " + found);
  }
  std::string Currency() const { return terms_.currency(); }

  // An amount of the statement against what was worked out.
  void WantMoney(const google::type::Money& stated, const Integer& found, const std::string& what) {
    const std::optional<Integer> amount = Billionths(stated);
    Want(stated.currency_code() == Currency(), what + ": currency", stated.currency_code(), Currency());
    Want(amount == found, what, amount.has_value() ? Text(*amount) : "no amount", Text(found));
  }
  void WantDecimal(const google::type::Decimal& stated, const Integer& found, const std::string& what) {
    Want(Billionths(stated) == found, what, stated.value(), Text(found));
  }

  // What the statement says twice.
  void Agreement() {
    const Evaluation& evaluation = statement_.evaluation();
    Want(statement_.state() == Statement::ISSUED, "state", Statement::State_Name(statement_.state()), "ISSUED");
    Want(statement_.program() == terms_.name(), "program", statement_.program(), terms_.name());
    Want(statement_.close() == statement_.program() + "/closes/" + statement_.period(), "close", statement_.close(),
         statement_.program() + "/closes/" + statement_.period());
    Want(evaluation.shape() == terms_.shape(), "evaluation.shape", Program::Shape_Name(evaluation.shape()),
         Program::Shape_Name(terms_.shape()));
    Want(evaluation.bound() == terms_.bound(), "evaluation.bound", Program::Bound_Name(evaluation.bound()),
         Program::Bound_Name(terms_.bound()));
    Want(evaluation.rounding() == terms_.rounding(), "evaluation.rounding",
         Program::Rounding_Name(evaluation.rounding()), Program::Rounding_Name(terms_.rounding()));
    Want(evaluation.program_etag() == terms_.etag(), "evaluation.program_etag", evaluation.program_etag(),
         terms_.etag());
    Want(terms_.state() == Program::ACTIVE || terms_.state() == Program::ENDED, "terms.state",
         Program::State_Name(terms_.state()), "ACTIVE or ENDED");
    Want(Program::Shape_IsValid(terms_.shape()) && terms_.shape() != Program::SHAPE_UNSPECIFIED, "terms.shape",
         Program::Shape_Name(terms_.shape()), "a shape");
    Want(terms_.basis() == Program::ORDER || terms_.basis() == Program::SELL_IN, "terms.basis",
         Program::Basis_Name(terms_.basis()), "a basis");
    Want(terms_.period() == Program::QUARTER, "terms.period", Program::Period_Name(terms_.period()), "QUARTER");
    const std::string prefix = "partners/";
    const size_t slash = statement_.name().find('/', prefix.size());
    Want(statement_.name().rfind(prefix, 0) == 0 && slash != std::string::npos, "name", statement_.name(),
         "partners/{partner}/statements/{statement}");
    partner_ = statement_.name().substr(0, std::min(slash, statement_.name().size()));
  }

  // "2013Q4" runs from 2013-10-01 to 2014-01-01.
  void Period() {
    const std::string& id = statement_.period();
    int year = 0, quarter = 0;
    const bool reads = id.size() == 6 && id[4] == 'Q' && id[5] >= '1' && id[5] <= '4' &&
                       std::from_chars(id.data(), id.data() + 4, year).ptr == id.data() + 4;
    if (!reads) return Differ("period: stated " + id + ", want a quarter such as 2013Q4");
    quarter = id[5] - '0';
    google::type::Date start, end;
    start.set_year(year);
    start.set_month(quarter * 3 - 2);
    start.set_day(1);
    end.set_year(quarter == 4 ? year + 1 : year);
    end.set_month(quarter == 4 ? 1 : quarter * 3 + 1);
    end.set_day(1);
    Want(Text(statement_.period_start()) == Text(start), "period_start", Text(statement_.period_start()), Text(start));
    Want(Text(statement_.period_end()) == Text(end), "period_end", Text(statement_.period_end()), Text(end));
    Want(Text(terms_.effective_from()) <= Text(start), "terms.effective_from", Text(terms_.effective_from()),
         "a day not after " + Text(start));
    Want(!terms_.has_effective_to() || Text(terms_.effective_to()) >= Text(end), "terms.effective_to",
         Text(terms_.effective_to()), "a day not before " + Text(end));
  }

  bool ReadTiers() {
    scale_.shape = static_cast<verify::ScaleShape>(terms_.shape());
    scale_.upto = terms_.bound() == Program::UPTO;
    for (int i = 0; i < terms_.tiers_size(); ++i) {
      const std::optional<Integer> from = Billionths(terms_.tiers(i).from_amount());
      const std::optional<Integer> rate = Billionths(terms_.tiers(i).rate());
      const std::string path = "terms.tiers[" + std::to_string(i) + "]";
      if (!from.has_value() || !rate.has_value()) {
        Differ(path + " cannot be read");
        return false;
      }
      const bool begins = scale_.shape == verify::ScaleShape::kTarget ? *from >= 0 : *from == 0;
      const bool rises = scale_.tiers.empty() ? begins : *from > scale_.tiers.back().from;
      if (!rises) {
        Differ(path + ": tiers do not rise from 0");
        return false;
      }
      scale_.tiers.push_back({*from, *rate});
    }
    if (scale_.tiers.empty()) Differ("terms have no tiers");
    return !scale_.tiers.empty();
  }

  bool ReadLines() {
    for (const StatementLine& line : lines_) {
      const std::optional<Integer> amount = Billionths(line.amount());
      const std::optional<Integer> share = Billionths(line.share());
      if (!amount.has_value() || !share.has_value()) {
        Differ(line.fact() + ": amount or share cannot be read");
        return false;
      }
      amounts_.push_back(*amount);
      shares_.push_back(*share);
    }
    return true;
  }

  // (basis date, document, line, the name itself)
  using Place = std::tuple<std::string, std::string, int64_t, std::string>;
  Place PlaceOf(const StatementLine& line) const {
    std::string_view rest = line.fact();
    const std::string_view shipments = "/shipments/", lines = "/lines/";
    std::string document;
    int64_t number = 0;
    const size_t from = rest.find(shipments), to = rest.find(lines);
    if (from != std::string_view::npos && to != std::string_view::npos && to >= from + shipments.size()) {
      document = rest.substr(from + shipments.size(), to - from - shipments.size());
      const std::string_view tail = rest.substr(to + lines.size());
      std::from_chars(tail.data(), tail.data() + tail.size(), number);
    }
    return {Text(line.basis_date()), std::move(document), number, line.fact()};
  }

  void Order() {
    Want(statement_.line_count() == static_cast<int64_t>(lines_.size()), "line_count",
         std::to_string(statement_.line_count()), std::to_string(lines_.size()));
    const std::string start = Text(statement_.period_start()), end = Text(statement_.period_end());
    std::set<std::string_view> seen;
    for (size_t i = 0; i < lines_.size(); ++i) {
      const StatementLine& line = lines_[i];
      Want(line.ordinal() == static_cast<int64_t>(i) + 1, line.fact() + ": ordinal", std::to_string(line.ordinal()),
           std::to_string(i + 1));
      const std::string date = Text(line.basis_date());
      if (date < start || date >= end) Differ(line.fact() + ": its date " + date + " lies outside the period");
      if (!seen.insert(line.fact()).second) Differ(line.fact() + ": counted twice");
      if (line.fact().rfind(partner_ + "/", 0) != 0) Differ(line.fact() + ": a line of another partner");
      if (i > 0 && PlaceOf(lines_[i]) < PlaceOf(lines_[i - 1])) {
        Differ(line.fact() + ": out of order; lines go by date, document and line");
      }
    }
  }

  void Sum() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      sum_ += amounts_[i];
      Want(lines_[i].amount().currency_code() == Currency(), lines_[i].fact() + ": currency",
           lines_[i].amount().currency_code(), Currency());
      Want(lines_[i].share().currency_code() == Currency(), lines_[i].fact() + ": currency of the share",
           lines_[i].share().currency_code(), Currency());
    }
    WantMoney(statement_.qualifying_amount(), sum_, "qualifying_amount");
  }

  void Parts() {
    const auto& stated = statement_.evaluation().parts();
    const ScaleValue worked = verify::WorkOut(scale_, {sum_, sum_, 0});
    value_ = worked.value;
    if (static_cast<size_t>(stated.size()) != worked.parts.size()) {
      return Want(false, "evaluation.parts", std::to_string(stated.size()), std::to_string(worked.parts.size()));
    }
    for (size_t i = 0; i < worked.parts.size(); ++i) {
      const Evaluation::TierPart& part = stated[static_cast<int>(i)];
      const ScalePart& found = worked.parts[i];
      const ScaleTier& tier = scale_.tiers[found.tier];
      const std::string path = "evaluation.parts[" + std::to_string(i) + "].";
      WantDecimal(part.from_amount(), tier.from, path + "from_amount");
      WantDecimal(part.rate(), tier.rate, path + "rate");
      WantDecimal(part.amount(), found.amount, path + "amount");
      if (found.tier + 1 < scale_.tiers.size()) {
        WantDecimal(part.to_amount(), scale_.tiers[found.tier + 1].from, path + "to_amount");
      } else {
        Want(!part.has_to_amount(), path + "to_amount", part.to_amount().value(), "none");
      }
      WantFraction(part.value(), found.value, path + "value");
    }
  }

  void WantFraction(const std::string& stated, const Fraction& found, const std::string& what) {
    const std::optional<Fraction> fraction = verify::ParseFraction(stated);
    Want(fraction.has_value() && Equal(*fraction, found), what, stated, Text(found));
  }

  void Value() {
    WantFraction(statement_.evaluation().exact_value(), value_, "evaluation.exact_value");
    minor_ = 1;
    for (int i = verify::Decimals(Currency()); i > 0; --i) minor_ *= 10;
    rounded_ = verify::Round({value_.num * minor_, value_.den}, terms_.rounding());
    const Integer amount = rounded_ * Unit() / minor_;
    WantMoney(statement_.evaluation().value(), amount, "evaluation.value");
    WantMoney(statement_.total(), amount, "total");
  }

  void LineShares() {
    const std::vector<Integer> shares = verify::Shares(rounded_, amounts_);
    for (size_t i = 0; i < shares.size(); ++i) {
      const Integer share = shares[i] * Unit() / minor_;
      Want(shares_[i] == share, lines_[i].fact() + ": share", Text(shares_[i]), Text(share));
    }
  }

  void Fact(const StatementLine& line) {
    const std::optional<inventory::v1::ShipmentLine> fact = facts_(line.fact());
    if (!fact.has_value()) return Differ(line.fact() + ": there is no such fact");
    if (!fact->reverses().empty()) Differ(line.fact() + ": a reversal counts for nothing itself");
    Want(fact->name() == line.fact(), line.fact() + ": name", line.fact(), fact->name());
    Want(fact->partner() == partner_, line.fact() + ": partner", partner_, fact->partner());
    Want(fact->product() == line.product(), line.fact() + ": product", line.product(), fact->product());
    Want(Billionths(fact->quantity()) == Billionths(line.quantity()), line.fact() + ": quantity",
         line.quantity().value(), fact->quantity().value());
    Want(fact->net_amount().currency_code() == line.amount().currency_code() &&
             Billionths(fact->net_amount()) == Billionths(line.amount()),
         line.fact() + ": amount", Text(Billionths(line.amount()).value_or(0)),
         Text(Billionths(fact->net_amount()).value_or(0)));
    // A linked return counts on the dates of the line that it returns.
    std::optional<inventory::v1::ShipmentLine> dated = fact;
    if (!fact->original_line().empty()) {
      const std::optional<inventory::v1::ShipmentLine> original = facts_(fact->original_line());
      if (original.has_value() && original->original_line().empty()) dated = original;
    }
    const google::type::Date& date = terms_.basis() == Program::ORDER ? dated->order_date() : dated->ship_date();
    Want(Text(date) == Text(line.basis_date()), line.fact() + ": basis_date", Text(line.basis_date()), Text(date));
  }

  const Statement& statement_;
  const Program& terms_;
  const absl::Span<const StatementLine> lines_;
  const FactLookup& facts_;
  std::vector<std::string> differences_;
  std::string partner_;  // partners/{partner}
  verify::ScaleTerms scale_;
  std::vector<Integer> amounts_, shares_;  // billionths, by line
  Integer sum_ = 0;                        // billionths
  Fraction value_;                         // exact; in whole units of the currency
  Integer minor_ = 1;                      // smallest units in one
  Integer rounded_ = 0;                    // smallest units
};

}  // namespace

std::vector<std::string> VerifyStatement(const Statement& statement, absl::Span<const StatementLine> lines,
                                         const FactLookup& facts) {
  return Verifier(statement, lines, facts).Run();
}

}  // namespace tributary::cli
