#include "cli/verify/entry_verifier.h"

#include <set>

#include "cli/verify/guarantee.h"
#include "cli/verify/matched.h"
#include "cli/verify/place.h"

namespace tributary::cli {

using incentive::v1::ConvertedAmount;
using incentive::v1::Evaluation;
using incentive::v1::Program;
using incentive::v1::StatementEntry;
using incentive::v1::StatementLine;
using verify::Billionths;
using verify::Fraction;
using verify::Integer;
using verify::Text;

std::optional<Integer> EntryVerifier::Run() && {
  Agreement();
  Period();
  if (entry_.kind() == StatementEntry::GUARANTEE) return Guaranteed();
  EvaluationAgreement();
  if (!ReadTiers() || !ReadLines()) return std::nullopt;
  Order();
  Sum();
  Parts();
  Value();
  LineShares();
  Members();
  // Parts of payments follow from all that is known of an account; they are taken as stated.
  if (facts_ && terms_.basis() != Program::PAID) {
    for (const StatementLine& line : lines_) CheckFact(line);
  }
  return amount_;
}

void EntryVerifier::WantMoney(const google::type::Money& stated, const Integer& found, const std::string& what) {
  const std::optional<Integer> amount = Billionths(stated);
  Want(stated.currency_code() == currency_, what + ": currency", stated.currency_code(), currency_);
  Want(amount == found, what, amount.has_value() ? Text(*amount) : "no amount", Text(found));
}

void EntryVerifier::WantDecimal(const google::type::Decimal& stated, const Integer& found, const std::string& what) {
  Want(Billionths(stated) == found, what, stated.value(), Text(found));
}

void EntryVerifier::WantFraction(const std::string& stated, const Fraction& found, const std::string& what) {
  const std::optional<Fraction> fraction = verify::ParseFraction(stated);
  Want(fraction.has_value() && Equal(*fraction, found), what, stated, Text(found));
}

std::optional<Integer> EntryVerifier::Guaranteed() {
  if (!lines_.empty()) Differ(lines_[0].fact() + ": a line of a guarantee");
  for (std::string& what : VerifyGuarantee(entry_)) Differ(std::move(what));
  return Billionths(entry_.amount());
}

void EntryVerifier::Agreement() {
  Want(entry_.program() == terms_.name(), "program", entry_.program(), terms_.name());
  Want(terms_.currency() == currency_, "terms.currency", terms_.currency(), currency_);
  Want(entry_.close() == entry_.program() + "/closes/" + statement_.period(), "close", entry_.close(),
       entry_.program() + "/closes/" + statement_.period());
  Want(terms_.state() == Program::ACTIVE || terms_.state() == Program::ENDED, "terms.state",
       Program::State_Name(terms_.state()), "ACTIVE or ENDED");
}

void EntryVerifier::EvaluationAgreement() {
  const Evaluation& evaluation = entry_.evaluation();
  Want(evaluation.shape() == terms_.shape(), "evaluation.shape", Program::Shape_Name(evaluation.shape()),
       Program::Shape_Name(terms_.shape()));
  Want(evaluation.bound() == terms_.bound(), "evaluation.bound", Program::Bound_Name(evaluation.bound()),
       Program::Bound_Name(terms_.bound()));
  Want(evaluation.rounding() == terms_.rounding(), "evaluation.rounding", Program::Rounding_Name(evaluation.rounding()),
       Program::Rounding_Name(terms_.rounding()));
  Want(evaluation.program_etag() == terms_.etag(), "evaluation.program_etag", evaluation.program_etag(), terms_.etag());
  Want(Program::Shape_IsValid(terms_.shape()) && terms_.shape() != Program::SHAPE_UNSPECIFIED, "terms.shape",
       Program::Shape_Name(terms_.shape()), "a shape");
  Want(Program::Basis_IsValid(terms_.basis()) && terms_.basis() != Program::BASIS_UNSPECIFIED, "terms.basis",
       Program::Basis_Name(terms_.basis()), "a basis");
}

std::optional<Span> EntryVerifier::StatedSpan() {
  if (terms_.fiscal_calendar().empty()) return SpanOf(entry_.period(), terms_.period());
  Span span{Text(entry_.period_start()), Text(entry_.counted_until())};
  if (entry_.period().empty() || span.end <= span.start) return std::nullopt;
  if (entry_.kind() != StatementEntry::EARNED) return span;
  const std::string begins = Text(statement_.period_start());
  if (terms_.payout_period() != Program::PERIOD_UNSPECIFIED) {
    Want(span.start <= begins, "period_start", span.start, "a day not after " + begins);
  } else {
    Want(entry_.period() == statement_.period(), "period", entry_.period(), statement_.period());
    Want(span.start == begins, "period_start", span.start, begins);
  }
  return span;
}

void EntryVerifier::Period() {
  const std::optional<Span> span = StatedSpan();
  if (!span.has_value()) {
    return Differ("period: stated " + entry_.period() + ", want a " + Program::Period_Name(terms_.period()));
  }
  start_ = span->start;
  until_ = Text(entry_.counted_until());
  Want(Text(entry_.period_start()) == start_, "period_start", Text(entry_.period_start()), start_);
  // The whole period, or up to the end of a payout period within it.
  const bool paid_within = terms_.payout_period() != Program::PERIOD_UNSPECIFIED;
  Want(paid_within ? until_ > start_ && until_ <= span->end : until_ == span->end, "counted_until", until_, span->end);
  // What is earned is of the statement's period, what is trued up of one before it.
  const std::string begins = Text(statement_.period_start()), ends = Text(statement_.period_end());
  if (entry_.kind() == StatementEntry::EARNED) {
    Want(until_ == ends, "counted_until", until_, ends);
  } else if (entry_.kind() == StatementEntry::GUARANTEE) {
    Want(until_ <= ends, "counted_until", until_, "a day not after " + ends);
  } else {
    Want(until_ <= begins, "counted_until", until_, "a day not after " + begins);
  }
  Want(Text(terms_.effective_from()) <= start_, "terms.effective_from", Text(terms_.effective_from()),
       "a day not after " + start_);
  Want(!terms_.has_effective_to() || Text(terms_.effective_to()) >= span->end, "terms.effective_to",
       Text(terms_.effective_to()), "a day not before " + span->end);
}

bool EntryVerifier::ReadTiers() {
  scale_.shape = static_cast<verify::ScaleShape>(terms_.shape());
  scale_.upto = terms_.bound() == Program::UPTO;
  for (int i = 0; i < terms_.tiers_size(); ++i) {
    const Program::Tier& tier = terms_.tiers(i);
    const std::optional<Integer> from = Billionths(tier.from_amount());
    const std::optional<Integer> rate = tier.has_rate() ? Billionths(tier.rate()) : Integer(0);
    const std::optional<Integer> amount = tier.has_amount() ? Billionths(tier.amount()) : Integer(0);
    const std::string path = "terms.tiers[" + std::to_string(i) + "]";
    if (!from.has_value() || !rate.has_value() || !amount.has_value()) {
      Differ(path + " cannot be read");
      return false;
    }
    const bool begins = scale_.shape == verify::ScaleShape::kTarget ? *from >= 0 : *from == 0;
    const bool rises = scale_.tiers.empty() ? begins : *from > scale_.tiers.back().from;
    if (!rises) {
      Differ(path + ": tiers do not rise from 0");
      return false;
    }
    scale_.tiers.push_back({*from, *rate, *amount});
  }
  if (scale_.tiers.empty()) {
    Differ("terms have no tiers");
    return false;
  }
  scale_.by_units = terms_.measure() == Program::QUANTITY;
  if (terms_.has_floor()) scale_.floor = Billionths(terms_.floor());
  if (terms_.has_cap()) scale_.cap = Billionths(terms_.cap());
  if (terms_.has_max_penalty()) scale_.max_penalty = Billionths(terms_.max_penalty());
  return true;
}

bool EntryVerifier::ReadLines() {
  if (!ReadRates()) return false;
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

bool EntryVerifier::ReadRates() {
  for (const ConvertedAmount& one : entry_.converted_amounts()) {
    const RateKey key{one.amount().currency_code(), Text(one.date())};
    const std::string what = "converted_amounts of " + key.first + " on " + key.second;
    std::optional<Fraction> rate;
    if (one.has_rate()) {
      rate = verify::ParseDecimal(one.rate().value());
      if (!rate.has_value() || rate->num <= 0) {
        Differ(what + ": the rate cannot be read");
        return false;
      }
    }
    if (!rates_.emplace(key, rate).second) Differ(what + ": stated twice");
  }
  return true;
}

std::string EntryVerifier::OwnerOf(const StatementLine& line) const {
  const auto is_of = [&](const std::string& partner) { return line.fact().rfind(partner + "/", 0) == 0; };
  if (is_of(partner_)) return partner_;
  if (terms_.group() == Program::ROLL_UP) {
    for (const auto& member : entry_.evaluation().group().members()) {
      if (is_of(member.partner())) return member.partner();
    }
  }
  if (terms_.measure() != Program::GROWTH) return {};
  for (const std::string& predecessor : entry_.evaluation().growth().predecessors()) {
    if (is_of(predecessor)) return predecessor;
  }
  return {};
}

void EntryVerifier::Order() {
  Want(entry_.line_count() == static_cast<int64_t>(lines_.size()), "line_count", std::to_string(entry_.line_count()),
       std::to_string(lines_.size()));
  std::set<std::string> seen;
  std::vector<verify::MatchedLine> matched;
  for (size_t i = 0; i < lines_.size(); ++i) {
    const StatementLine& line = lines_[i];
    Want(line.ordinal() == static_cast<int64_t>(i) + 1, line.fact() + ": ordinal", std::to_string(line.ordinal()),
         std::to_string(i + 1));
    const std::string date = Text(line.basis_date());
    if (date < start_ || date >= until_) Differ(line.fact() + ": its date " + date + " lies outside the period");
    if (!seen.insert(line.fact() + " " + line.matched()).second) Differ(line.fact() + ": counted twice");
    matched.push_back({line.fact(),
                       date,
                       line.product(),
                       line.amount().currency_code(),
                       {Billionths(line.quantity()).value_or(0), amounts_[i]},
                       line.matched()});
    if (!line.matched().empty() && terms_.return_policy() != Program::MATCH_LATEST) {
      Differ(line.fact() + ": matched, though terms.return_policy is not MATCH_LATEST");
    }
    if (OwnerOf(line).empty()) Differ(line.fact() + ": a line of another partner");
    if (i > 0 && PositionOf(lines_[i]) < PositionOf(lines_[i - 1])) {
      Differ(line.fact() + ": out of order; lines go by date, document and line");
    }
  }
  const bool net = terms_.amount_of() != Program::GROSS && terms_.amount_of() != Program::GROSS_OF_WALLET;
  for (std::string& what : verify::VerifyMatches(matched, net)) Differ(std::move(what));
}

EntryVerifier::Position EntryVerifier::PositionOf(const StatementLine& line) {
  Place place = PlaceOf(line.fact());
  return {Text(line.basis_date()), std::move(place.document), place.line, line.fact()};
}

}  // namespace tributary::cli
