#pragma once

// For tests: entries of the ledger in few words, statements with so much in their entries, and where money is.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "common/time/date.h"
#include "incentive-service/ledger/ledger_entry.h"
#include "incentive-service/statements/settlement.h"

namespace tributary::incentive {

// "ISSUE statements/3/entries/1: COST -70, STATED 70".
inline std::string Text(const LedgerEntry& entry) {
  std::string legs;
  for (const LedgerLeg& leg : entry.legs) {
    StrAppend(&legs, legs.empty() ? "" : ", ", NameOf(leg.account), " ", leg.amount);
  }
  return StrCat(NameOf(entry.kind), " ", entry.item.path, ": ", legs);
}
inline std::vector<std::string> Texts(const std::vector<LedgerEntry>& entries) {
  std::vector<std::string> texts;
  for (const LedgerEntry& entry : entries) texts.push_back(Text(entry));
  return texts;
}

// p2's third, of 2026Q1 in CNY: an entry of program g1, g2 and so on for each amount.
inline Statement StatementOf(const std::vector<int64_t>& amounts, StatementState state = StatementState::kIssued) {
  Statement statement{.partner = "p2",
                      .number = 3,
                      .state = state,
                      .period = {"2026Q1", {*Date::Parse("2026-01-01"), *Date::Parse("2026-04-01")}},
                      .currency = "CNY",
                      .issued_by = "clerk"};
  for (const int64_t amount : amounts) {
    StatementEntry entry{.ordinal = static_cast<int>(statement.entries.size()) + 1, .value = amount};
    entry.program = StrCat("g", entry.ordinal);
    entry.scale = statement.period;
    statement.total += amount;
    statement.entries.push_back(std::move(entry));
  }
  return statement;
}

// What entries have left in each account.
inline Standing SumOf(const std::vector<LedgerEntry>& entries) {
  Standing sums;
  for (const LedgerEntry& entry : entries) {
    for (const LedgerLeg& leg : entry.legs) sums[leg.account] += leg.amount;
  }
  std::erase_if(sums, [](const auto& one) { return one.second == 0; });
  return sums;
}

}  // namespace tributary::incentive
