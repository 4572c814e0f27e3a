#include "conflict-service/contests/award.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/deals/scope_check.h"

namespace tributary::conflict {
namespace {

int64_t ScoreOf(const Contestant& contestant, const Terms& terms) {
  int64_t score = 0;
  for (const Weight& weight : terms.weights) {
    int64_t count = std::count_if(contestant.evidence.begin(), contestant.evidence.end(),
                                  [&weight](const Proof& proof) { return proof.kind == weight.kind; });
    if (weight.max_count > 0) count = std::min<int64_t>(count, weight.max_count);
    score += count * weight.points;
  }
  return score;
}

std::optional<Date> EarliestOf(const Contestant& contestant) {
  std::optional<Date> earliest;
  for (const Proof& proof : contestant.evidence) earliest = std::min(earliest.value_or(proof.date), proof.date);
  return earliest;
}

std::vector<Box> AllOf(const Share& share) {
  std::vector<Box> all = share.granted;
  all.insert(all.end(), share.waitlisted.begin(), share.waitlisted.end());
  return all;
}

absl::StatusOr<int64_t> NumberOf(const std::string& text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) return InvalidField("", text, "a number");
  return number;
}

absl::Status ReadInto(const TaggedLine& line, Contestant* contestant) {
  if (line.tag == "sequence") {
    ASSIGN_OR_RETURN(contestant->sequence, NumberOf(line.rest));
  } else if (line.tag == "rival") {
    contestant->rivals.push_back(line.rest);
  } else if (line.tag == "evidence") {
    const std::vector<std::string> words = absl::StrSplit(line.rest, ' ');
    if (words.size() != 3) return InvalidField("", line.rest, "kind, day and name");
    ASSIGN_OR_RETURN(const int64_t kind, NumberOf(words[0]));
    ASSIGN_OR_RETURN(const Date day, Date::Parse(words[1]));
    contestant->evidence.push_back({static_cast<EvidenceKind>(kind), day, words[2]});
  } else if (line.tag == "requested") {
    ASSIGN_OR_RETURN(contestant->requested, ReadBox(line.rest));
  } else if (line.tag == "taken") {
    ASSIGN_OR_RETURN(Box box, ReadBox(line.rest));
    contestant->taken.push_back(std::move(box));
  } else {
    return InvalidField("", line.tag, "an input");
  }
  return absl::OkStatus();
}

absl::Status ReadInto(const TaggedLine& line, Placing* placing) {
  if (line.tag == "sequence") {
    ASSIGN_OR_RETURN(placing->sequence, NumberOf(line.rest));
  } else if (line.tag == "score") {
    ASSIGN_OR_RETURN(placing->score, NumberOf(line.rest));
  } else if (line.tag == "rank") {
    ASSIGN_OR_RETURN(const int64_t rank, NumberOf(line.rest));
    placing->rank = static_cast<int>(rank);
  } else if (line.tag == "earliest") {
    ASSIGN_OR_RETURN(placing->earliest_evidence, Date::Parse(line.rest));
  } else if (line.tag == "whole") {
    placing->share.whole = true;
  } else if (line.tag == "granted" || line.tag == "waitlisted") {
    ASSIGN_OR_RETURN(Box box, ReadBox(line.rest));
    (line.tag == "granted" ? placing->share.granted : placing->share.waitlisted).push_back(std::move(box));
  } else {
    return InvalidField("", line.tag, "a part of an award");
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Placing> Decide(const ContestInputs& inputs, const Terms& terms) {
  std::map<std::string, const Contestant*> contestants;
  std::vector<Placing> award;
  for (const Contestant& contestant : inputs.contestants) {
    contestants[contestant.deal] = &contestant;
    award.push_back({contestant.deal, contestant.sequence, ScoreOf(contestant, terms), EarliestOf(contestant), 0, {}});
  }
  const auto order = [&terms](const Placing& placing) {
    const bool by_evidence = terms.tie_rule == TieRule::kEarliestEvidence;
    const Date earliest = by_evidence ? placing.earliest_evidence.value_or(OpenEnd()) : Date();
    return std::tuple(-placing.score, earliest, placing.sequence);
  };
  std::sort(award.begin(), award.end(), [&](const Placing& a, const Placing& b) { return order(a) < order(b); });
  std::map<std::string, std::vector<Box>> got;
  for (size_t i = 0; i < award.size(); ++i) {
    const Contestant& contestant = *contestants.at(award[i].deal);
    std::vector<Box> taken = contestant.taken;
    for (size_t j = 0; j < i; ++j) {
      if (std::find(contestant.rivals.begin(), contestant.rivals.end(), award[j].deal) == contestant.rivals.end()) {
        continue;
      }
      const std::vector<Box>& theirs = got[award[j].deal];
      taken.insert(taken.end(), theirs.begin(), theirs.end());
    }
    award[i].rank = static_cast<int>(i) + 1;
    award[i].share = ShareOf({contestant.requested}, taken);
    got[award[i].deal] = AllOf(award[i].share);
  }
  return award;
}

std::vector<std::string> Differences(const std::vector<Placing>& was, const std::vector<Placing>& is) {
  std::vector<std::string> differences;
  for (const Placing& before : was) {
    const auto now = std::find_if(is.begin(), is.end(), [&](const Placing& one) { return one.deal == before.deal; });
    if (now == is.end()) {
      differences.push_back(StrCat(before.deal, ": left out"));
      continue;
    }
    if (before.score != now->score) {
      differences.push_back(StrCat(before.deal, ": score ", before.score, " -> ", now->score));
    }
    if (before.rank != now->rank) {
      differences.push_back(StrCat(before.deal, ": rank ", before.rank, " -> ", now->rank));
    }
    if (!(before.share == now->share)) {
      differences.push_back(StrCat(before.deal, ": ", before.share.granted.size(), " granted and ",
                                   before.share.waitlisted.size(), " waitlisted boxes -> ", now->share.granted.size(),
                                   " and ", now->share.waitlisted.size()));
    }
  }
  return differences;
}

std::string Write(const ContestInputs& inputs) {
  std::string text = StrCat("policy ", inputs.policy, "\n");
  if (!inputs.appeal.empty()) StrAppend(&text, "appeal ", inputs.appeal, "\n");
  text += Write(inputs.terms);
  for (const Contestant& contestant : inputs.contestants) {
    StrAppend(&text, "deal ", contestant.deal, "\nsequence ", contestant.sequence, "\n");
    for (const std::string& rival : contestant.rivals) StrAppend(&text, "rival ", rival, "\n");
    for (const Proof& proof : contestant.evidence) {
      StrAppend(&text, "evidence ", static_cast<int>(proof.kind), " ", proof.date.ToString(), " ", proof.name, "\n");
    }
    StrAppend(&text, "requested ", Write(contestant.requested), "\n");
    for (const Box& box : contestant.taken) StrAppend(&text, "taken ", Write(box), "\n");
  }
  return text;
}

absl::StatusOr<ContestInputs> ReadInputs(std::string_view lines) {
  ContestInputs inputs;
  std::string terms;
  for (const TaggedLine& line : TaggedLines(lines)) {
    if (line.tag == "policy") {
      inputs.policy = line.rest;
    } else if (line.tag == "appeal") {
      inputs.appeal = line.rest;
    } else if (line.tag == "deal") {
      inputs.contestants.emplace_back().deal = line.rest;
    } else if (inputs.contestants.empty()) {
      StrAppend(&terms, line.tag, " ", line.rest, "\n");
    } else {
      RETURN_IF_ERROR(ReadInto(line, &inputs.contestants.back()));
    }
  }
  ASSIGN_OR_RETURN(inputs.terms, ReadTerms(terms));
  return inputs;
}

std::string Write(const std::vector<Placing>& award) {
  std::string text;
  for (const Placing& placing : award) {
    StrAppend(&text, "deal ", placing.deal, "\nsequence ", placing.sequence, "\nscore ", placing.score, "\nrank ",
              placing.rank, "\n");
    if (placing.earliest_evidence) StrAppend(&text, "earliest ", placing.earliest_evidence->ToString(), "\n");
    if (placing.share.whole) text += "whole\n";
    for (const Box& box : placing.share.granted) StrAppend(&text, "granted ", Write(box), "\n");
    for (const Box& box : placing.share.waitlisted) StrAppend(&text, "waitlisted ", Write(box), "\n");
  }
  return text;
}

absl::StatusOr<std::vector<Placing>> ReadAward(std::string_view lines) {
  std::vector<Placing> award;
  for (const TaggedLine& line : TaggedLines(lines)) {
    if (line.tag == "deal") {
      award.emplace_back().deal = line.rest;
    } else if (award.empty()) {
      return InvalidField("", line.tag, "a deal first");
    } else {
      RETURN_IF_ERROR(ReadInto(line, &award.back()));
    }
  }
  return award;
}

}  // namespace tributary::conflict
