#pragma once

// Checks a statement with pencil and paper: from the terms and the lines that it shows, it works out every other figure
// again. Shares no code with the engine that made the statement, only the messages; its arithmetic and its calendar are
// its own.
//
// What it works out, entry by entry: the sum of the lines, converted by the rates that it states; the tiers' parts by
// widths; the exact value; the one rounding; each line's share by largest remainder; that lines lie in the period, in
// the stated order, once each; that the parts of the statement agree with one another, and the total with the entries.
// What units cost, of a margin, is taken as stated. Entries that a stacking plan made together are worked out together:
// deductions, lost lines, shared caps (stacked.h). What a budget leaves is held against the factor or the day that the
// entry tells (budgeted.h), what a cap of clawbacks leaves against the most that was stated (clawed.h). Given a way to
// look facts up, it also compares each line with the fact that it rests on. What it cannot tell is whether a line is
// missing, or is one that the terms choose by its product or by what its partner was.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "cli/verify/fact.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {

// The fact of that name, "partners/p1/shipments/SO1/lines/1", or the invoice; nullopt where there is none.
using FactLookup = std::function<std::optional<Fact>(const std::string& name)>;

// Every difference found, in words; none: the statement is right. `lines`: all of the statement's, by entry and
// ordinal. Without `facts` the lines are taken as they are.
std::vector<std::string> VerifyStatement(const incentive::v1::Statement& statement,
                                         absl::Span<const incentive::v1::StatementLine> lines,
                                         const FactLookup& facts = nullptr);

}  // namespace tributary::cli
