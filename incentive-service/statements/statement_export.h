#pragma once

// A statement as a document. Its bytes are what the hash is of, so they never change: a later version of the format
// bears another number in its first record.
//
// CSV by RFC 4180, UTF-8, LF. The first field says what a record is; amounts are plain decimals, exact sums are "num"
// or "num/den":
//   tributary-statement,1
//   statement,{name},{kind},{period},{period_start},{period_end},{currency},{issue_time},{previous_hash}
//   entry,{ordinal},{kind},{program},{program
//   etag},{period},{period_start},{counted_until},{close},{basis},{shape},{bound},
//         {measure},{rounding},{rate_type},{floor},{cap},{max_penalty},{lines},{qualifying amount},{quantity},{value},
//         {stated_before},{amount}
//   amount,{entry},{GROSS or GROSS_OF_WALLET; no record where NET counts}
//   returns,{entry},{RETURN_PERIOD or MATCH_LATEST},{CARRY_NEGATIVE or nothing; no record where both are as usual}
//   fiscal,{entry},{fiscal calendar},{period},{payout period or nothing}
//   tier,{entry},{from},{rate},{amount}
//   carried,{entry},{period before},{what its lines came to},{quantity}
//   opening,{entry},{opening balance},{document},{amount},{quantity},{paid before, of stated_before}
//   growth,{entry},{reference},{pays},{fallback},{outcome},{reference period},{reference amount},{reference days},
//          {active days},{agreed baseline},{baseline}
//   predecessor,{entry},{partner whose lines count with the statement's partner's}
//   count,{entry},{of},{how many}
//   mix,{entry},{pays},{amount of the set},{share}
//   composite,{entry},{scorecard template},{low},{high}
//   component,{entry},{component},{source},{weight},{figure worth nothing},{figure worth all},{figure},{low},{high}
//   member,{entry},{partner whose lines count with the others'},{lines},{volume},{share}
//   margin,{entry},{of},{reaches by},{pays},{net amount},{cost},{margin},{share},{lines without a cost}
//   goods,{entry},{scope},{kind},{paid units},{free units},{paid},{due},{given},{stated before}
//   budget,{entry},{policy},{value before it},{factor},{used up on},{share}
//   clawback,{entry},{most that is taken back},{share of the most},{most that was stated},{stays stated},{waived},
//            {waived before}
//   converted,{entry},{currency},{date},{amount},{rate},{lines}
// and, where a stacking plan made something of the entry's value:
//   stacked,{entry},{stacking plan},{reach},{base},{own value},{group},{scope},{priority},{after group},{binding cap},
//         {factor},{exact value}
//   net_of,{entry},{upstream},{lowers},{amount}
//   loss,{entry},{fact},{winner},{amount}
//   shared_cap,{entry},{cap},{amount},{rate},{limit},{sum},{factor}
//   linked_return,{entry},{fact},{sale}
// and again for every entry:
//   line,{entry},{ordinal},{fact},{basis_date},{product},{quantity},{currency},{amount},{share}
//   counted,{entry},{ordinal of the line before},{as which}
//   cost,{entry},{ordinal of the line before},{what a unit cost}
//   matched,{entry},{ordinal of the line before},{sale}
//   guarantee,{entry},{guarantee},{CUMULATIVE or nothing},{RECOUPABLE or nothing},{earned},{carry before},{top-up},
//             {recouped},{carry}
//   adjustment,{ordinal},{adjustment},{program},{reason},{document},{amount}
//   total,{total}

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// Programs as they were: by (id, version).
using ProgramVersions = std::map<std::pair<std::string, int64_t>, Program>;

// An issued statement. `programs`: those of its entries; `lines`: all of its lines, by entry and ordinal.
std::string ExportCsv(const Statement& statement, const ProgramVersions& programs,
                      absl::Span<const StatementLine> lines);

}  // namespace tributary::incentive
