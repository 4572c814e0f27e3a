#pragma once

// One exported statement, worked out again from its records. Private to VerifyDocument.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/verify/carried.h"
#include "cli/verify/document.h"
#include "cli/verify/document_records.h"
#include "cli/verify/document_stack.h"
#include "cli/verify/fraction.h"
#include "cli/verify/paid.h"
#include "cli/verify/scale.h"

namespace tributary::cli {

class DocumentChecker {
 public:
  explicit DocumentChecker(std::string_view csv);

  DocumentSaid Run(std::string_view csv) &&;

 private:
  void Differ(std::string what) { said_.differences.push_back(prefix_ + std::move(what)); }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    if (!holds) Differ(what + ": stated " + stated + ", worked out " + found);
  }
  void WantNumber(const std::string& stated, const verify::Integer& found, const std::string& what) {
    Want(verify::ParseBillionths(stated) == found, what, stated, verify::Text(found));
  }
  verify::Integer Number(const std::string& text, const std::string& what) {
    const std::optional<verify::Integer> number = verify::ParseBillionths(text);
    if (!number.has_value()) Differ(what + ": stated " + text + ", want a number");
    return number.value_or(0);
  }

  // What the entry adds to the total, in billionths.
  verify::Integer Entry(const EntryRecords& records);

  // The days of a period of a fiscal calendar are taken as stated; they agree with those of the statement.
  void Fiscal(const EntryRecords& records);

  // What is added to what was earned, or taken back of it, in billionths. What was advanced before is taken as stated.
  verify::Integer Guaranteed(const EntryRecords& records, const verify::Integer& before);

  // What a cap of clawbacks adds to what the period is worth, both in billionths.
  verify::Integer Waived(const EntryRecords& records, const verify::Integer& worth);

  // With which lines parts of returns are matched, by the ordinals of the parts.
  std::map<std::string, std::string> Matches(const EntryRecords& records);

  // Whose lines the entry counts: those of this partner, of those whom it took over and of members of its group; each
  // with a slash.
  std::vector<std::string> PartnersOf(const EntryRecords& records);

  // Each line once, of these partners, in the period, in the order that settles ties, with its share.
  void Lines(const EntryRecords& records);

  // What the lines of each come to that count together, and its share. Whether they earned together is taken as stated.
  void Members(const EntryRecords& records, const verify::Integer& value);

  // The statement's partner, with a slash.
  std::string Partner() const { return said_.name.substr(0, said_.name.find("/statements/") + 1); }

  // What lines are worth, measure by measure (document_measures.cc).

  // What the lines are worth, in billionths. Leaves the shares that are to be.
  verify::Integer Value(const EntryRecords& records);

  // What a budget leaves of the value, in smallest units. What others come to is taken as stated.
  verify::Integer Budgeted(const EntryRecords& records, const verify::Integer& asked,
                           const std::vector<verify::Fraction>& weights);

  verify::ScaleValue WorkOutFrom(const EntryRecords& records, const verify::ScaleTerms& scale,
                                 const verify::Fraction& units);

  // What an opening balance says of the period. It is taken as stated, once of each period.
  verify::CarriedSums Opening(const EntryRecords& records);

  // What periods before left below 0. What they came to is taken as stated.
  verify::CarriedSums CarriedInto(const EntryRecords& records);

  // As which lines count, by their ordinals.
  std::map<std::string, int64_t> Numbers(const EntryRecords& records);

  // What was paid, in the order of the lines. The days are taken as stated.
  std::vector<verify::PaidLine> PaidLines(const EntryRecords& records);

  // The least that the score may be. Figures of evaluations are taken as stated.
  verify::Fraction Scored(const EntryRecords& records);

  // What a margin is worth. What units cost is taken as stated. Leaves what shares go by.
  verify::ScaleValue Margin(const EntryRecords& records, const verify::ScaleTerms& scale);

  // The units that are due. Which order is behind a number is taken as stated.
  void Goods(const EntryRecords& records);

  // What a mix is worth. Which lines are of the set is taken as stated.
  verify::ScaleValue Mixed(const EntryRecords& records, const verify::ScaleTerms& scale, const verify::Fraction& units);

  // How many are counted. What is behind a number is taken as stated, but for products.
  verify::Fraction Counted(const EntryRecords& records);

  // What growth over the stated reference is worth. When the partner was active is taken as stated.
  verify::ScaleValue Grown(const EntryRecords& records, const verify::ScaleTerms& scale, const verify::Fraction& units);

  // What each line brings, converted; checks the sums that the entry states.
  std::vector<verify::Fraction> Sum(const EntryRecords& records);

  DocumentSaid said_;
  std::string prefix_;
  DocumentRecords document_;
  std::map<std::string, StackedPart> stack_;  // of the entries that stand together, by program
  verify::Integer minor_ = 1;                 // smallest units in one
  // Of the entry that is looked at.
  verify::Integer units_ = 0;  // billionths
  verify::Fraction sum_{0, 1};
  std::vector<verify::Integer> shares_;  // smallest units, by line
  verify::CarriedSums opened_;           // beside the sums of the lines
  std::vector<verify::Fraction> margin_weights_;
};

}  // namespace tributary::cli
