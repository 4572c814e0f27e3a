#include "cli/verify/document.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "absl/types/span.h"
#include "cli/verify/clawed.h"
#include "cli/verify/document_checker.h"
#include "cli/verify/matched.h"
#include "cli/verify/members.h"
#include "cli/verify/place.h"
#include "common/digest/sha256.h"

namespace tributary::cli {
namespace {

using verify::Fraction;
using verify::Integer;
using verify::Text;
using verify::Unit;

std::tuple<std::string, std::string, int64_t> PositionOf(const Record& line) {
  Place place = PlaceOf(line[3]);
  return {line[4], std::move(place.document), place.line};
}

}  // namespace

DocumentChecker::DocumentChecker(std::string_view csv) { said_.hash = Sha256Hex(csv); }

DocumentSaid DocumentChecker::Run(std::string_view csv) && {
  std::string fault;
  if (!ReadDocument(csv, &document_, &fault)) {
    Differ(std::move(fault));
    return std::move(said_);
  }
  said_.name = document_.statement[1];
  said_.previous_hash = document_.statement[8];
  minor_ = verify::SmallestUnits(document_.currency());
  Integer total = 0;
  const std::vector<EntryRecords>& entries = document_.entries;
  size_t stacked_until = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i >= stacked_until) {
      const size_t stacked = StackFrom(entries, i);
      stacked_until = i + stacked;
      stack_ = stacked == 0 ? decltype(stack_)()
                            : WorkOutStacked(document_.currency(), absl::MakeSpan(entries).subspan(i, stacked),
                                             &said_.differences);
    }
    prefix_ = "entry " + entries[i].entry[1] + ": ";
    Want(entries[i].entry[1] == std::to_string(i + 1), "ordinal", entries[i].entry[1], std::to_string(i + 1));
    total += Entry(entries[i]);
  }
  prefix_.clear();
  for (const Record& adjustment : document_.adjustments) total += Number(adjustment[6], adjustment[2]);
  WantNumber(document_.total, total, "total");
  return std::move(said_);
}

Integer DocumentChecker::Entry(const EntryRecords& records) {
  const Record& entry = records.entry;
  const Integer before = Number(entry[22], "stated_before");
  const bool guaranteed = entry[2] == "GUARANTEE";
  Fiscal(records);
  const Integer worth = guaranteed ? Guaranteed(records, before) : Value(records);
  const Integer value = guaranteed ? worth : Integer(worth + Waived(records, worth));
  WantNumber(entry[21], value, "value");
  WantNumber(entry[23], value - before, "amount");
  const std::pair<std::string, std::string> key{entry[3], guaranteed ? entry[5] + " guarantee" : entry[5]};
  const auto [first, fresh] = said_.stated_before.try_emplace(key, before);
  if (!fresh) Want(said_.stated[key] == before, "stated_before", Text(before), Text(said_.stated[key]));
  said_.stated[key] = value;
  if (!guaranteed) {
    Lines(records);
    Members(records, worth);
  }
  if (!guaranteed && entry[12] == "FREE_GOODS") Goods(records);
  if (entry[2] == "EARNED" && records.All("predecessor").empty()) {
    said_.qualified[{entry[3], entry[5]}] = verify::ParseFraction(entry[19]).value_or(Fraction{0, 1});
  }
  return value - before;
}

void DocumentChecker::Fiscal(const EntryRecords& records) {
  const std::vector<Record>& fiscal = records.All("fiscal");
  if (fiscal.empty()) return;
  if (fiscal.size() != 1) return Differ("a fiscal calendar has one record");
  const Record& entry = records.entry;
  const std::string &start = entry[6], &until = entry[7];
  const std::string &begins = document_.statement[4], &ends = document_.statement[5];
  Want(start < until, "counted_until", until, "a day after " + start);
  if (entry[2] != "EARNED") {
    const std::string& latest = entry[2] == "GUARANTEE" ? ends : begins;
    return Want(until <= latest, "counted_until", until, "a day not after " + latest);
  }
  const bool within = !fiscal.front()[4].empty();
  Want(until == ends, "counted_until", until, ends);
  Want(within ? start <= begins : start == begins, "period_start", start, begins);
  if (!within) Want(entry[5] == document_.statement[3], "period", entry[5], document_.statement[3]);
}

Integer DocumentChecker::Guaranteed(const EntryRecords& records, const Integer& before) {
  if (records.All("guarantee").size() != 1 || !records.All("line").empty()) {
    Differ("a guarantee has one record, and no lines");
    return 0;
  }
  const Record& guarantee = records.All("guarantee").front();
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

Integer DocumentChecker::Waived(const EntryRecords& records, const Integer& worth) {
  const Record& entry = records.entry;
  verify::ClawedEntry said{.program = entry[3], .period = entry[5], .earned = entry[2] == "EARNED", .value = worth};
  if (const std::vector<Record>& all = records.All("clawback"); !all.empty()) {
    const Record& clawback = all.front();
    if (all.size() != 1 || said.earned) Differ("a true-up has one clawback, and what is earned none");
    verify::ClawbackLimit limit;
    if (!clawback[2].empty()) limit.amount = Number(clawback[2], "most that is taken back");
    if (!clawback[3].empty()) limit.share = Number(clawback[3], "share that is taken back");
    if (clawback[2].empty() && clawback[3].empty()) Differ("a clawback without a limit");
    said.most = Number(clawback[4], "most that was stated");
    said.waived_before = Number(clawback[7], "waived before");
    const verify::ClawbackWork work = verify::WorkOutClawback(
        limit, Integer(*said.most * minor_ / Unit()), Integer(worth * minor_ / Unit()), RoundingOf(records), minor_);
    said.waived = work.waived * Unit() / minor_;
    WantNumber(clawback[5], work.stays * Unit() / minor_, "what stays stated");
    WantNumber(clawback[6], said.waived, "what is waived");
    said.value += said.waived;
  }
  said_.clawed.emplace_back(prefix_, said);
  return said.waived;
}

std::map<std::string, std::string> DocumentChecker::Matches(const EntryRecords& records) {
  std::map<std::string, std::string> matches;
  const std::vector<Record>& returns = records.All("returns");
  const bool matching = !returns.empty() && returns.front()[2] == "MATCH_LATEST";
  for (const Record& one : records.All("matched")) {
    if (!matching) Differ("line " + one[2] + " is matched by a program that matches nothing");
    if (!matches.emplace(one[2], one[3]).second) Differ("line " + one[2] + " matched twice");
  }
  return matches;
}

std::vector<std::string> DocumentChecker::PartnersOf(const EntryRecords& records) {
  std::vector<std::string> partners = {Partner()};
  for (const Record& one : records.All("member")) {
    if (records.entry[12] != "AMOUNT" && records.entry[12] != "QUANTITY") Differ(one[2] + ": a member of no group");
    partners.push_back(one[2] + "/");
  }
  const bool grown = records.entry[12] == "GROWTH";
  for (const Record& one : records.All("predecessor")) {
    if (!grown) Differ(one[2] + ": a predecessor without growth");
    if (grown) partners.push_back(one[2] + "/");
  }
  return partners;
}

void DocumentChecker::Lines(const EntryRecords& records) {
  const std::vector<std::string> partners = PartnersOf(records);
  const std::string &start = records.entry[6], &until = records.entry[7];
  const std::vector<Record>& lines = records.All("line");
  const std::map<std::string, std::string> matches = Matches(records);
  std::vector<verify::MatchedLine> matched;
  std::set<std::string> seen;
  for (size_t i = 0; i < lines.size(); ++i) {
    const Record& line = lines[i];
    Want(line[2] == std::to_string(i + 1), line[3] + ": ordinal", line[2], std::to_string(i + 1));
    const auto match = matches.find(line[2]);
    matched.push_back({line[3],
                       line[4],
                       line[5],
                       line[7],
                       {NumberIn(line[6]), NumberIn(line[8])},
                       match == matches.end() ? "" : match->second});
    if (!seen.insert(line[3] + " " + matched.back().matched).second) Differ(line[3] + ": counted twice");
    if (std::none_of(partners.begin(), partners.end(),
                     [&](const std::string& partner) { return line[3].rfind(partner, 0) == 0; })) {
      Differ(line[3] + ": a line of another partner");
    }
    if (line[4] < start || line[4] >= until) Differ(line[3] + ": its date " + line[4] + " lies outside the period");
    if (i > 0 && PositionOf(line) < PositionOf(lines[i - 1])) Differ(line[3] + ": out of order");
    if (i < shares_.size()) WantNumber(line[9], shares_[i] * Unit() / minor_, line[3] + ": share");
  }
  for (const std::string& what : verify::VerifyMatches(matched, records.All("amount").empty())) Differ(what);
}

void DocumentChecker::Members(const EntryRecords& records, const Integer& value) {
  if (records.All("member").empty()) return;
  const bool by_units = records.entry[10] == "PER_UNIT";
  std::vector<verify::MemberLine> lines;
  for (const Record& line : records.All("line")) {
    lines.push_back(
        {line[3].substr(0, line[3].find('/', std::string("partners/").size())), NumberIn(line[by_units ? 6 : 8])});
  }
  std::vector<verify::StatedMember> stated;
  for (const Record& one : records.All("member")) {
    const Integer count = Number(one[3], one[2] + ": lines") / Unit();
    stated.push_back(
        {one[2], count.convert_to<int64_t>(), Number(one[4], one[2] + ": volume"), Number(one[5], one[2] + ": share")});
  }
  const std::string earner = Partner().substr(0, Partner().size() - 1);
  for (const std::string& what :
       verify::VerifyMembers(stated, lines, earner, Integer(value * minor_ / Unit()), minor_)) {
    Differ(what);
  }
}

DocumentSaid VerifyDocument(std::string_view csv) { return DocumentChecker(csv).Run(csv); }

std::vector<std::string> VerifyDocuments(const std::vector<std::string>& documents) {
  std::vector<std::string> differences;
  std::map<std::pair<std::string, std::string>, Integer> stated, paid;
  std::string before;  // hash of the document before
  bool whole = false;  // from the partner's first on
  std::vector<DocumentSaid> all;
  verify::ClawedChain clawed;
  std::map<std::pair<std::string, std::string>, Fraction> qualified;
  for (const std::string& document : documents) {
    all.push_back(VerifyDocument(document));
    for (const auto& [key, amount] : all.back().qualified) qualified[key] = amount;
  }
  for (size_t i = 0; i < documents.size(); ++i) {
    const DocumentSaid& said = all[i];
    const auto differ = [&](const std::string& what) { differences.push_back(said.name + ": " + what); };
    for (const std::string& difference : said.differences) differ(difference);
    if (i == 0) whole = said.previous_hash.empty();
    if (i > 0 && said.previous_hash != before) differ("previous_hash: not that of the document before");
    before = said.hash;
    for (const auto& [key, amount] : said.paid_before) {
      const auto [first, fresh] = paid.try_emplace(key, amount);
      if (fresh) stated[key] += amount;
      if (first->second != amount) {
        differ(key.first + " " + key.second + ": paid before: stated " + Text(amount) + ", and " + Text(first->second) +
               " in a document before");
      }
    }
    for (const auto& [key, amount] : said.stated_before) {
      Integer& known = stated[key];
      if (whole && known != amount) {
        differ(key.first + " " + key.second + ": stated_before: stated " + Text(amount) + ", worked out " +
               Text(known));
      }
      known = said.stated.at(key);
    }
    for (const auto& [entry, of_period] : said.clawed) {
      for (const std::string& what : clawed.Take(of_period)) {
        if (whole) differ(entry + what);
      }
    }
    for (const SaidReference& reference : said.references) {
      const auto closed = qualified.find({reference.program, reference.period});
      if (closed == qualified.end() || Equal(verify::Whole(reference.amount), closed->second)) continue;
      differ(reference.entry + "reference amount: stated " + Text(reference.amount) + ", worked out " +
             Text(closed->second));
    }
  }
  return differences;
}

}  // namespace tributary::cli
