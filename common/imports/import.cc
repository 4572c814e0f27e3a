#include "common/imports/import.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/text/text.h"

namespace tributary::imports {

std::string_view NameOf(State state) {
  switch (state) {
    case State::kOpen:
      return "OPEN";
    case State::kCompleted:
      return "COMPLETED";
    case State::kUndoing:
      return "UNDOING";
    case State::kUndone:
      return "UNDONE";
  }
  return "STATE_UNSPECIFIED";
}

std::string Import::name() const { return StrCat("imports/", id.ToString()); }

void BatchResult::Reject(std::vector<RowError> errors_of_row) {
  ++rejected;
  for (RowError& error : errors_of_row) errors.push_back(std::move(error));
}

absl::StatusOr<Uuid> ParseName(std::string_view name, std::string_view field) {
  constexpr std::string_view kWant = "imports/{import}, the import's UUID";
  const auto ids = ParseResourceName(name, "imports/{import}", field);
  if (!ids.ok()) return InvalidField(field, name, kWant);
  const auto id = Uuid::Parse(ids->front());
  if (!id.ok()) return InvalidField(field, name, kWant);
  return *id;
}

std::vector<RowError> ErrorsOf(int64_t row, const absl::Status& status) {
  const ErrorDetail detail = DetailOf(status);
  const Reason reason = detail.reason == Reason::kUnspecified ? Reason::kInvalidField : detail.reason;
  std::vector<RowError> errors;
  for (const FieldViolation& violation : detail.violations) {
    errors.push_back(
        {.row = row, .column = violation.field, .got = violation.got, .want = violation.want, .reason = reason});
  }
  if (errors.empty()) errors.push_back({.row = row, .want = std::string(status.message()), .reason = reason});
  return errors;
}

absl::Status CheckTakesRows(const Import& import) {
  if (import.state != State::kOpen) return WrongState(import.name(), "batchImport", NameOf(import.state), "OPEN");
  return absl::OkStatus();
}

absl::StatusOr<Import> Complete(const Import& import, int64_t received, int64_t unreadable, absl::Time now) {
  if (import.state != State::kOpen) return WrongState(import.name(), "complete", NameOf(import.state), "OPEN");
  const Counts& counts = import.counts;
  const int64_t counted = counts.accepted + counts.duplicate + counts.rejected;
  if (received < counted) {
    return InvalidField("received", StrCat(received), StrCat("at least the ", counted, " rows that have arrived"));
  }
  const int64_t missing = received - counted;
  const bool told = unreadable < kKeptErrors ? missing == unreadable : missing >= unreadable;
  if (!told) {
    return InvalidField("received", StrCat(received),
                        StrCat("the ", counted, " rows that have arrived and the ", unreadable, " told as errors"));
  }
  Import completed = import;
  completed.state = State::kCompleted;
  completed.update_time = now;
  completed.counts.rejected += missing;
  completed.counts.received = received;
  return completed;
}

absl::Status CheckUndoable(const Import& import) {
  if (import.state == State::kUndone) {
    return WrongState(import.name(), "undo", NameOf(import.state), "OPEN, COMPLETED or UNDOING");
  }
  return absl::OkStatus();
}

absl::StatusOr<Import> UndoStep(const Import& import, int64_t undone, absl::Time now) {
  RETURN_IF_ERROR(CheckUndoable(import));
  Import next = import;
  next.state = undone == 0 ? State::kUndone : State::kUndoing;
  next.update_time = now;
  next.counts.undone += undone;
  return next;
}

}  // namespace tributary::imports
