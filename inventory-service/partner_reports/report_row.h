#pragma once

// The rows of reports: what stood in the file, what it was understood as, and what became of it. Values and decisions.

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/imports/import.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "inventory-service/partner_reports/report.h"

namespace tributary::inventory {

// What became of a row. The numbers are stored and are those of the wire.
enum class RowState : int {
  kAccepted = 1,
  kRepaired = 2,
  kDuplicate = 3,
  kSuperseded = 4,
  kRejected = 5,
  kDiscarded = 6,  // counts as rejected
};
std::string_view NameOf(RowState state);
// Whether the row was read, whatever became of it afterwards.
inline bool IsRead(RowState state) { return state != RowState::kRejected && state != RowState::kDiscarded; }
// Whether it is the one that brought what stands.
inline bool Stands(RowState state) { return state == RowState::kAccepted || state == RowState::kRepaired; }

// What a row that was read tells, in our terms.
struct RowContent {
  Cell cell;
  Boundary boundary = Boundary::kAfterClosing;  // of stock on hand
  std::string document;                         // as the partner writes it; empty where not told
  int line = 0;                                 // 0 where not told
  std::string product;                          // id
  std::string lot;
  Decimal quantity;                   // in the product's base unit; negative for a return
  std::string unit;                   // id of the unit in which the row states it; empty where in base units
  Decimal unit_quantity;              // as it is stated in that unit
  std::optional<Decimal> unit_price;  // of one of what the quantity is stated in
  std::string currency;               // of the price
  std::string region;                 // id; empty where not told
  std::string end_customer;
  int sale_type = 0;          // 0 where not told; the numbers of the wire
  std::string original_sale;  // name of the sale that a return goes back to; empty where not told

  friend bool operator==(const RowContent&, const RowContent&) = default;
};

// By what a row is known again, within its partner: document and line where the row has both, else its content and its
// ordinal among equal rows of the same cell in its file. It is also the key of the fact that the row becomes.
struct RowKey {
  Activity activity = Activity::kSellThrough;  // KeyActivityOf that of the cell
  std::string document;
  int line = 0;
  friend auto operator<=>(const RowKey&, const RowKey&) = default;
};

// Whether the key is the partner's own document and line, which may turn up in more than one cell.
bool IsDocumentKey(const RowKey& key);

// Of everything that the content says, cell included: 16 bytes. The quantity counts as it is stated, so that a row
// stays the same when what its unit holds is changed.
std::string DigestOf(const RowContent& content);
// A document's number as it can stand in a name: itself where it can, else with "~XX" for what cannot, else by its
// hash.
std::string DocumentSegment(std::string_view document);

struct ReportRow {
  Uuid report;
  int64_t number = 0;  // where a person finds it in the file
  int64_t version = 1;
  RowState state = RowState::kRejected;
  // The cells as they stood, by column, and what somebody wrote over them.
  std::vector<std::pair<std::string, std::string>> cells;
  std::vector<std::string> typed;  // names of those that the file itself calls numbers or dates
  std::vector<std::pair<std::string, std::string>> repairs;
  std::vector<imports::RowError> errors;  // of a rejected row, at least one
  // Of a row that was read. A rejected one that could be read, but not taken, has them too.
  std::optional<RowContent> content;
  RowKey key;
  std::string digest;
  absl::Time read_time;  // when it was read well: with its file, or at its repair

  bool repaired() const { return !repairs.empty(); }
};

// Gives the rows that were read (state not rejected; one file, by number) their keys, each after those in `taken` (the
// rows of the file that have theirs). Rows that state one document and line with different content are all rejected:
// which one is right is not for us to guess. Equal ones are one row twice, and keep one key.
void AssignKeys(std::vector<ReportRow*> rows, const std::vector<const ReportRow*>& taken);

// Refused: a row that is not REJECTED.
absl::Status CheckRepairable(const ReportRow& row, std::string_view name, std::string_view verb);
// Refused: the row's repair would change no cell, a column twice, or one that is none of `columns`.
absl::Status CheckRepairs(const std::vector<std::pair<std::string, std::string>>& repairs,
                          const std::set<std::string>& columns);

// `cells` with what `written` says written over them.
std::vector<std::pair<std::string, std::string>> Overwritten(
    std::vector<std::pair<std::string, std::string>> cells,
    const std::vector<std::pair<std::string, std::string>>& written);
// The cells as they are read: with the repairs over them.
std::vector<std::pair<std::string, std::string>> EffectiveCells(const ReportRow& row);

}  // namespace tributary::inventory
