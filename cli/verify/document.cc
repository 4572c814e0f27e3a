#include "cli/verify/document.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "cli/verify/place.h"
#include "cli/verify/scale.h"
#include "common/csv/csv_reader.h"
#include "common/digest/sha256.h"

namespace tributary::cli {
namespace {

using verify::Fraction;
using verify::Integer;
using verify::Text;
using verify::Unit;

using Record = std::vector<std::string>;
// A record and how many fields it has.
constexpr std::pair<std::string_view, size_t> kRecords[] = {
    {"tributary-statement", 2}, {"statement", 9}, {"entry", 24}, {"tier", 5}, {"converted", 7}, {"line", 10},
    {"guarantee", 10}, {"total", 2}};

template <size_t N>
int NumberOf(const std::array<std::string_view, N>& names, std::string_view name) {
  return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin()) + 1;
}
constexpr std::array<std::string_view, 7> kShapes = {"MARGINAL", "RETROACTIVE", "ROLLING", "TOTAL",
                                                     "FLAT",     "PER_UNIT",    "TARGET"};
constexpr std::array<std::string_view, 3> kRoundings = {"HALF_EVEN", "HALF_UP", "DOWN"};

// One entry with the records that belong to it.
struct EntryRecords {
  Record entry;
  std::vector<Record> tiers, converted, lines, guarantee;
};

class Checker {
 public:
  explicit Checker(std::string_view csv) : csv_(csv) {}

  DocumentSaid Run() && {
    said_.hash = Sha256Hex(csv_);
    if (!Read()) return std::move(said_);
    Integer total = 0;
    for (size_t i = 0; i < entries_.size(); ++i) {
      prefix_ = "entry " + entries_[i].entry[1] + ": ";
      Want(entries_[i].entry[1] == std::to_string(i + 1), "ordinal", entries_[i].entry[1], std::to_string(i + 1));
      total += Entry(entries_[i]);
    }
    prefix_.clear();
    WantNumber(total_, total, "total");
    return std::move(said_);
  }

 private:
  void Differ(std::string what) { said_.differences.push_back(prefix_ + std::move(what)); }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    if (!holds) Differ(what + ": stated " + stated + ", worked out " + found);
  }
  void WantNumber(const std::string& stated, const Integer& found, const std::string& what) {
    Want(verify::ParseBillionths(stated) == found, what, stated, Text(found));
  }
  Integer Number(const std::string& text, const std::string& what) {
    const std::optional<Integer> number = verify::ParseBillionths(text);
    if (!number.has_value()) Differ(what + ": stated " + text + ", want a number");
    return number.value_or(0);
  }
  std::optional<Integer> Optional(const std::string& text, const std::string& what) {
    return text.empty() ? std::nullopt : std::optional(Number(text, what));
  }

  // The records in their order; false where the document is none.
  bool Read() {
    CsvReader reader(CsvReader::FromText(csv_), {.same_width = false});
    CsvRow row;
    bool ended = false;
    while (reader.Next(&row)) {
      const std::string what = "line " + std::to_string(row.line);
      const auto known = std::find_if(std::begin(kRecords), std::end(kRecords), [&](const auto& record) {
        return row.status.ok() && record.first == row.fields.front() && record.second == row.fields.size();
      });
      if (known == std::end(kRecords)) {
        Differ(what + ": no record that is known here");
        return false;
      }
      const std::string_view kind = known->first;
      const bool first = kind == "tributary-statement", second = kind == "statement";
      if (ended || first != (row.number == 1) || second != (row.number == 2)) {
        Differ(what + ": a record " + std::string(kind) + " out of place");
        return false;
      }
      if (first) {
        Want(row.fields[1] == "1", "version", row.fields[1], "1");
      } else if (second) {
        statement_ = row.fields;
        said_.name = statement_[1];
        said_.previous_hash = statement_[8];
      } else if (kind == "entry") {
        entries_.push_back({.entry = row.fields});
      } else if (kind == "total") {
        total_ = row.fields[1];
        ended = true;
      } else {
        if (entries_.empty() || entries_.back().entry[1] != row.fields[1]) {
          Differ(what + ": a record " + std::string(kind) + " of no entry");
          return false;
        }
        EntryRecords& entry = entries_.back();
        (kind == "tier"        ? entry.tiers
         : kind == "converted" ? entry.converted
         : kind == "guarantee" ? entry.guarantee
                               : entry.lines)
            .push_back(row.fields);
      }
    }
    if (!reader.status().ok() || !ended || said_.name.empty()) Differ("the document has no end");
    return ended && !said_.name.empty();
  }

  // What the entry adds to the total, in billionths.
  Integer Entry(const EntryRecords& records) {
    const Record& entry = records.entry;
    const Integer before = Number(entry[22], "stated_before");
    const bool guaranteed = entry[2] == "GUARANTEE";
    const Integer value = guaranteed ? Guaranteed(records, before) : Value(records);
    WantNumber(entry[21], value, "value");
    const Integer amount = value - before;
    WantNumber(entry[23], amount, "amount");
    const std::pair<std::string, std::string> key{entry[3], guaranteed ? entry[5] + " guarantee" : entry[5]};
    said_.stated_before[key] = before;
    said_.stated[key] = before + amount;
    if (!guaranteed) Lines(records);
    return amount;
  }

  // What is added to what was earned, or taken back of it, in billionths. What was advanced before is taken as stated.
  Integer Guaranteed(const EntryRecords& records, const Integer& before) {
    if (records.guarantee.size() != 1 || !records.lines.empty()) {
      Differ("a guarantee has one record, and no lines");
      return 0;
    }
    const Record& guarantee = records.guarantee.front();
    const Integer amount = Number(guarantee[2], "guarantee");
    const bool cumulative = guarantee[3] == "CUMULATIVE", recoupable = guarantee[4] == "RECOUPABLE";
    const Integer reached = Number(guarantee[5], "earned") + Number(guarantee[6], "carry_before");
    const Integer top_up = reached < amount ? Integer(amount - reached) : Integer(0);
    Integer beyond = reached - amount + top_up;
    const Integer recouped = recoupable ? std::min(beyond, Number(guarantee[8], "recouped")) : Integer(0);
    beyond -= recouped;
    WantNumber(guarantee[7], top_up, "top_up");
    WantNumber(guarantee[8], recouped, "recouped");
    WantNumber(guarantee[9], cumulative ? beyond : Integer(0), "carry");
    const Integer value = top_up - recouped;
    return recoupable ? value : std::max(value, before);
  }

  verify::ScaleTerms Scale(const EntryRecords& records) {
    const Record& entry = records.entry;
    verify::ScaleTerms scale;
    scale.shape = static_cast<verify::ScaleShape>(NumberOf(kShapes, entry[10]));
    scale.upto = entry[11] == "UPTO";
    scale.by_units = entry[12] == "QUANTITY";
    scale.floor = Optional(entry[15], "floor");
    scale.cap = Optional(entry[16], "cap");
    scale.max_penalty = Optional(entry[17], "max_penalty");
    for (const Record& tier : records.tiers) {
      scale.tiers.push_back({Number(tier[2], "tier"), Number(tier[3], "tier"), Number(tier[4], "tier")});
    }
    return scale;
  }

  // The sums of the lines, converted, and what they are worth, in billionths. Fills the weights of the shares.
  Integer Value(const EntryRecords& records) {
    const Record& entry = records.entry;
    const verify::ScaleTerms scale = Scale(records);
    const std::string& currency = statement_[6];
    if (NumberOf(kShapes, entry[10]) > static_cast<int>(kShapes.size()) || scale.tiers.empty()) {
      Differ("no shape or no tiers");
      return 0;
    }
    std::map<std::pair<std::string, std::string>, std::optional<Fraction>> rates;
    for (const Record& one : records.converted) {
      const std::optional<Fraction> rate = one[5].empty() ? std::nullopt : verify::ParseDecimal(one[5]);
      if (!one[5].empty() && !rate.has_value()) Differ("rate: stated " + one[5] + ", want a number");
      if (!rates.try_emplace({one[2], one[3]}, rate).second) Differ("rate of " + one[2] + " on " + one[3] + " twice");
    }
    std::map<std::pair<std::string, std::string>, std::pair<Integer, int64_t>> sums;
    Integer units = 0;
    Fraction sum{0, 1};
    weights_.clear();
    for (const Record& line : records.lines) {
      const Integer amount = Number(line[8], line[3]), quantity = Number(line[6], line[3]);
      Fraction converted = verify::Whole(amount);
      if (line[7] != currency) {
        const auto rate = rates.find({line[7], line[4]});
        if (rate == rates.end()) Differ(line[3] + ": no rate of " + line[7] + " on " + line[4]);
        const bool priced = rate != rates.end() && rate->second.has_value();
        converted = priced ? verify::Times(converted, *rate->second) : Fraction{0, 1};
        auto& [of_day, count] = sums[{line[7], line[4]}];
        of_day += amount;
        ++count;
      }
      units += quantity;
      sum = verify::Plus(sum, converted);
      weights_.push_back(scale.shape == verify::ScaleShape::kPerUnit ? verify::Whole(quantity) : converted);
    }
    for (const Record& one : records.converted) {
      const auto& [amount, count] = sums[{one[2], one[3]}];
      WantNumber(one[4], amount, "converted " + one[2] + " on " + one[3]);
      Want(one[6] == std::to_string(count), "lines in " + one[2] + " on " + one[3], one[6], std::to_string(count));
    }
    Want(entry[18] == std::to_string(records.lines.size()), "lines", entry[18], std::to_string(records.lines.size()));
    const std::optional<Fraction> stated = verify::ParseFraction(entry[19]);
    Want(stated.has_value() && Equal(*stated, sum), "qualifying amount", entry[19], Text(sum));
    WantNumber(entry[20], units, "quantity");
    const Fraction quantity = verify::Whole(units);
    const verify::ScaleValue worked = verify::WorkOut(scale, {scale.by_units ? quantity : sum, sum, quantity});
    minor_ = 1;
    for (int i = verify::Decimals(currency); i > 0; --i) minor_ *= 10;
    const int rounding = NumberOf(kRoundings, entry[13]);
    Want(rounding <= static_cast<int>(kRoundings.size()), "rounding", entry[13], "HALF_EVEN, HALF_UP or DOWN");
    rounded_ = verify::Round({worked.value.num * minor_, worked.value.den}, static_cast<verify::RoundingRule>(rounding));
    return rounded_ * Unit() / minor_;
  }

  // Each line once, of this partner, in the period, in the order that settles ties, with its share.
  void Lines(const EntryRecords& records) {
    const std::string& name = statement_[1];
    const std::string partner = name.substr(0, name.find("/statements/") + 1);
    const std::string &start = records.entry[6], &until = records.entry[7];
    const std::vector<Integer> shares = verify::Shares(rounded_, weights_);
    std::set<std::string_view> seen;
    for (size_t i = 0; i < records.lines.size(); ++i) {
      const Record& line = records.lines[i];
      Want(line[2] == std::to_string(i + 1), line[3] + ": ordinal", line[2], std::to_string(i + 1));
      if (!seen.insert(line[3]).second) Differ(line[3] + ": counted twice");
      if (line[3].rfind(partner, 0) != 0) Differ(line[3] + ": a line of another partner");
      if (line[4] < start || line[4] >= until) Differ(line[3] + ": its date " + line[4] + " lies outside the period");
      if (i > 0 && PositionOf(line) < PositionOf(records.lines[i - 1])) Differ(line[3] + ": out of order");
      WantNumber(line[9], shares[i] * Unit() / minor_, line[3] + ": share");
    }
  }

  static std::tuple<std::string, std::string, int64_t> PositionOf(const Record& line) {
    Place place = PlaceOf(line[3]);
    return {line[4], std::move(place.document), place.line};
  }

  const std::string_view csv_;
  DocumentSaid said_;
  std::string prefix_;
  Record statement_;
  std::string total_;
  std::vector<EntryRecords> entries_;
  std::vector<Fraction> weights_;  // of the entry's lines
  Integer minor_ = 1;              // smallest units in one
  Integer rounded_ = 0;            // the entry's value, smallest units
};

}  // namespace

DocumentSaid VerifyDocument(std::string_view csv) { return Checker(csv).Run(); }

std::vector<std::string> VerifyDocuments(const std::vector<std::string>& documents) {
  std::vector<std::string> differences;
  std::map<std::pair<std::string, std::string>, Integer> stated;
  std::string before;  // hash of the document before
  bool whole = false;  // from the partner's first on
  for (size_t i = 0; i < documents.size(); ++i) {
    const DocumentSaid said = VerifyDocument(documents[i]);
    const auto differ = [&](const std::string& what) { differences.push_back(said.name + ": " + what); };
    for (const std::string& difference : said.differences) differ(difference);
    if (i == 0) whole = said.previous_hash.empty();
    if (i > 0 && said.previous_hash != before) differ("previous_hash: not that of the document before");
    before = said.hash;
    for (const auto& [key, amount] : said.stated_before) {
      Integer& known = stated[key];
      if (whole && known != amount) {
        differ(key.first + " " + key.second + ": stated_before: stated " + Text(amount) + ", worked out " + Text(known));
      }
      known = said.stated.at(key);
    }
  }
  return differences;
}

}  // namespace tributary::cli
