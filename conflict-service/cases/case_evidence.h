#pragma once

// What a case rests on: everything that the rule read and concluded, as it was at that moment, under one hash. A record
// is never changed. While a case follows its finding each change of what it rests on makes another record; from triage
// on the last one stays the last.
//
// A value that names an end customer is sealed: the hash covers a seal over the value and a random salt instead of the
// value, so that both can be erased and the record still verifies (R24).

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "conflict-service/cases/case.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

struct EvidenceLine {
  std::string source;               // resource name of what says it; of a conclusion findings/{finding}
  std::string field;                // "region"
  std::string value;                // as text, whole; empty where it was erased
  std::string salt;                 // of a sealed value; empty where it was erased
  std::string seal;                 // 64 hexadecimal digits over salt and value; empty: not sealed
  std::set<std::string> customers;  // CustomerKey of the customers that a sealed value names, where it is not erased
  bool erased() const { return !seal.empty() && salt.empty(); }
};

struct CaseEvidence {
  std::string case_id;
  int64_t number = 0;  // within the case, from 1
  absl::Time create_time;
  std::string previous_sha256;  // of the record before it in the case; empty of the first
  std::string sha256;           // over all above and all lines, 64 hexadecimal digits
  std::vector<EvidenceLine> lines;
  std::string name() const;  // cases/{case}/evidence/{evidence}
};

// The lines of what is concluded of the case, names sealed with new salts.
std::vector<EvidenceLine> LinesOf(std::string_view case_id, const Conclusion& conclusion, absl::Time now);

// A record of the case after the one of that number and hash (0 and empty: the first).
CaseEvidence NewEvidence(std::string_view case_id, int64_t after, std::string_view previous_sha256,
                         const Conclusion& conclusion, absl::Time now);

// The record's hash, worked out anew.
std::string EvidenceHash(const CaseEvidence& evidence);

// What is otherwise than it was kept: of all records of the case, by number, and of what the case says of the last one.
// For people, with what was found and what it must be; empty where nothing is.
std::vector<std::string> Discrepancies(const Case& one, const std::vector<CaseEvidence>& records);

}  // namespace tributary::conflict
