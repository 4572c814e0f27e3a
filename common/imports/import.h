#pragma once

// An import: one load of one file through a mapping, whose rows can be undone together. Services that take files keep
// imports of their own; this is what they share. Pure values and decisions.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"

namespace tributary::imports {

// How far an import is. The numbers are stored.
enum class State { kOpen = 1, kCompleted = 2, kUndoing = 3, kUndone = 4 };
std::string_view NameOf(State state);

// Rows by what became of them; received = accepted + duplicate + rejected.
struct Counts {
  int64_t received = 0;
  int64_t accepted = 0;   // changed something
  int64_t duplicate = 0;  // were there already with the same content
  int64_t rejected = 0;   // have an error
  int64_t undone = 0;     // accepted rows whose effect was reversed
  friend bool operator==(const Counts&, const Counts&) = default;
};

struct Import {
  Uuid id;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  State state = State::kOpen;
  std::string target;         // the collection that the rows go to: "shipments"
  std::string mapping;        // "adventureworks_dw/shipments"
  std::string file;           // without its folder
  std::string source_sha256;  // of the file's bytes
  Counts counts;

  std::string name() const;  // imports/{id}
};

// Why one row was not taken. A row may have several.
struct RowError {
  int64_t row = 0;     // in its file; the header is row 1
  std::string column;  // or the field, where the row has left its file
  std::string got;
  std::string want;
  Reason reason = Reason::kInvalidField;
  friend bool operator==(const RowError&, const RowError&) = default;
};

// What became of the rows of one batch.
struct BatchResult {
  int64_t accepted = 0;
  int64_t duplicate = 0;
  int64_t rejected = 0;  // rows, while `errors` may have several for one row
  std::vector<RowError> errors;

  // Counts the row as rejected; `errors` are what is wrong with it, at least one.
  void Reject(std::vector<RowError> errors_of_row);
};

// So many errors of an import are kept.
inline constexpr int kKeptErrors = 1000;

// "imports/{import}" -> its id; INVALID_FIELD (field `field`).
absl::StatusOr<Uuid> ParseName(std::string_view name, std::string_view field = "name");

// The violations of `status` (one without any becomes one of its message) as errors of a row.
std::vector<RowError> ErrorsOf(int64_t row, const absl::Status& status);

// OK where rows may still be added: OPEN.
absl::Status CheckTakesRows(const Import& import);

// All rows have been sent: `received` in all, of which `unreadable` are told (at most kKeptErrors) that never left the
// client. Refused, in this order: not OPEN; fewer received than were counted; the uncounted rows are not the unreadable
// ones.
absl::StatusOr<Import> Complete(const Import& import, int64_t received, int64_t unreadable, absl::Time now);

// One step of undoing, in which `undone` rows were reversed; the last one reverses none. Refused: UNDONE.
absl::Status CheckUndoable(const Import& import);
absl::StatusOr<Import> UndoStep(const Import& import, int64_t undone, absl::Time now);

}  // namespace tributary::imports
