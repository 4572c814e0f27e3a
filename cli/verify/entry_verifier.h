#pragma once

// What one entry of a statement says, worked out again from its terms and its lines.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "cli/verify/arithmetic.h"
#include "cli/verify/carried.h"
#include "cli/verify/differences.h"
#include "cli/verify/paid.h"
#include "cli/verify/period_span.h"
#include "cli/verify/reached.h"
#include "cli/verify/scale.h"
#include "cli/verify/stacked.h"
#include "cli/verify/verify.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {

class EntryVerifier {
 public:
  EntryVerifier(const std::string& partner, const incentive::v1::Statement& statement,
                const incentive::v1::StatementEntry& entry, absl::Span<const incentive::v1::StatementLine> lines,
                const FactLookup& facts, const verify::StackedWork* stack, Differences* differences)
      : partner_(partner),
        statement_(statement),
        currency_(statement.total().currency_code()),
        entry_(entry),
        terms_(entry.terms()),
        lines_(lines),
        facts_(facts),
        stack_(stack),
        differences_(*differences) {}
  // The entry's amount, in whole units of the currency, where it could be worked out.
  std::optional<verify::Integer> Run() &&;
  // Where a line stands among others: (basis date, document, line, the name itself).
  using Position = std::tuple<std::string, std::string, int64_t, std::string>;
  static Position PositionOf(const incentive::v1::StatementLine& line);

 private:
  using RateKey = std::pair<std::string, std::string>;  // currency, day

  void Differ(std::string what) { differences_.Differ(std::move(what)); }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    differences_.Want(holds, what, stated, found);
  }
  // An amount of the entry against what was worked out, in billionths.
  void WantMoney(const google::type::Money& stated, const verify::Integer& found, const std::string& what);
  void WantDecimal(const google::type::Decimal& stated, const verify::Integer& found, const std::string& what);
  void WantFraction(const std::string& stated, const verify::Fraction& found, const std::string& what);

  // Of a guarantee, and what entries of all kinds say (entry_verifier.cc).
  std::optional<verify::Integer> Guaranteed();
  // What the entry says twice.
  void Agreement();
  // What the evaluation and the terms say.
  void EvaluationAgreement();
  // From the first day of the period to the first after it. A fiscal calendar's are taken as stated: where the period
  // is paid within, up to what counts so far.
  std::optional<Span> StatedSpan();
  void Period();
  bool ReadTiers();
  bool ReadLines();
  // By currency and day, as the entry states them.
  bool ReadRates();
  // Whose line it is: the partner's, that of one whom it took over, where growth is measured, or of a member of its
  // group. Empty: nobody's of these.
  std::string OwnerOf(const incentive::v1::StatementLine& line) const;
  void Order();

  // What lines and terms come to (entry_value.cc).
  // Lines of one currency and day are added up and then converted.
  void Sum();
  // In billionths of the program's currency; 0 where there is no rate.
  verify::Fraction ConvertedBy(const RateKey& key, const verify::Integer& amount) const;
  void Parts();
  // What periods before left below 0. What they came to is taken as stated.
  verify::CarriedSums Carried();
  verify::Fraction Reached(ReachedWork work);
  verify::ScaleValue Mixed(const verify::Fraction& units);
  // Leaves what shares go by.
  verify::ScaleValue Margin();
  verify::ScaleValue Scored(const verify::Fraction& units);
  verify::ScaleValue Grown(const verify::Fraction& units);
  // What decided, where the value is not what it was before.
  incentive::v1::Evaluation::Limit LimitOf(const verify::ScaleValue& worked) const;
  // "[5000, 20000)", "(5000, 20000]", "[20000, ∞)".
  std::string IntervalOf(size_t tier) const;
  void Value();
  // What a cap of clawbacks adds to what the period is worth, in smallest units. What was stated before it is taken as
  // stated.
  verify::Integer Waived();
  // What the program's budget leaves of the value, in smallest units; `before`: what was stated before, likewise.
  verify::Integer Budgeted(const verify::Integer& before);
  void LineShares();
  // What the lines of each come to that count together, and its share. Whether they earned together is taken as stated.
  void Members();

  // What lines rest on (entry_facts.cc).
  void CheckFact(const incentive::v1::StatementLine& line);
  // Whether it is a return that the program matches with sales, in parts.
  bool IsMatched(const Fact& fact) const;
  // What was sold that the line takes back: as good as what is returned, at its price, and not later.
  std::optional<Fact> MatchOf(const incentive::v1::StatementLine& line, const Fact& back);
  // Where lines compete, a linked return goes with its sale.
  void Sale(const incentive::v1::StatementLine& line, const Fact& fact);

  const std::string& partner_;  // partners/{partner}
  const incentive::v1::Statement& statement_;
  const std::string& currency_;
  const incentive::v1::StatementEntry& entry_;
  const incentive::v1::Program& terms_;
  const absl::Span<const incentive::v1::StatementLine> lines_;
  const FactLookup& facts_;
  const verify::StackedWork* const stack_;  // what a stacking plan leaves it; nullptr: it stands by itself
  Differences& differences_;
  std::string start_, until_;
  verify::ScaleTerms scale_;
  verify::Integer quantity_ = 0;  // billionths
  std::map<RateKey, std::optional<verify::Fraction>> rates_;
  std::vector<verify::Integer> amounts_, shares_;  // billionths, by line
  std::vector<verify::Fraction> weights_;          // what shares go by, by line
  std::vector<verify::Fraction> opened_;           // the same of what was brought along, behind the lines
  std::vector<verify::PaidLine> paid_;             // under DAYS_TO_PAY, by line
  verify::Fraction sum_{0, 1};                     // in whole units of the currency, as are the next two
  verify::Fraction value_{0, 1};
  std::optional<verify::Integer> amount_;  // billionths
  verify::Integer minor_ = 1;              // smallest units in one
  verify::Integer rounded_ = 0;            // smallest units, as is the next
  verify::Integer granted_ = 0;            // what the program's budget leaves of it; the same where there is none
};

}  // namespace tributary::cli
