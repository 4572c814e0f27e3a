#pragma once

// Checks an exported statement by itself: from the tiers, rates and lines that the document shows it works out the
// sums, the values, the shares and the total again, without the service that made it. The format is that of
// incentive-service/statements/statement_export.h.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/verify/clawed.h"
#include "cli/verify/fraction.h"

namespace tributary::cli {

// What an entry says that the reference period of its growth came to.
struct SaidReference {
  std::string entry;  // "entry 2: "
  std::string program;
  std::string period;
  verify::Integer amount;  // billionths
};

// What other documents of the same partner rest on.
struct DocumentSaid {
  std::string name;           // partners/{partner}/statements/{number}
  std::string previous_hash;  // of the statement before; empty for the first
  std::string hash;           // of the document's bytes
  std::map<std::pair<std::string, std::string>, verify::Integer> stated_before;  // by (program, period), billionths
  std::map<std::pair<std::string, std::string>, verify::Integer> stated;         // with this document
  std::map<std::pair<std::string, std::string>, verify::Integer> paid_before;    // of what is stated: by no document
  // What closes found, by (program, period), and what growth is measured against.
  std::map<std::pair<std::string, std::string>, verify::Fraction> qualified;
  std::vector<SaidReference> references;
  std::vector<std::pair<std::string, verify::ClawedEntry>> clawed;  // "entry 2: " and what it says, but for guarantees
  std::vector<std::string> differences;                             // in words; none: it is right
};

DocumentSaid VerifyDocument(std::string_view csv);

// Every difference in documents of one partner, each with its name before it. `documents`: their bytes, by number,
// without a gap. Where the first is the partner's first, what entries say was stated before, and waived of it, is
// checked too; and what a reference of growth came to wherever its close is among the documents, be it in a later one,
// and nobody else's lines are measured with the partner's.
std::vector<std::string> VerifyDocuments(const std::vector<std::string>& documents);

}  // namespace tributary::cli
