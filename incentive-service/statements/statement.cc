#include "incentive-service/statements/statement.h"

#include <charconv>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

Statement Moved(Statement statement, StatementState state, absl::Time now) {
  ++statement.version;
  statement.update_time = now;
  statement.state = state;
  return statement;
}

}  // namespace

std::string_view NameOf(StatementState state) {
  switch (state) {
    case StatementState::kIssued:
      return "ISSUED";
    case StatementState::kDraft:
      return "DRAFT";
    case StatementState::kAccepted:
      return "ACCEPTED";
    case StatementState::kSettled:
      return "SETTLED";
    case StatementState::kPartDisputed:
      return "PART_DISPUTED";
  }
  return "";
}

std::string_view NameOf(StatementKind kind) { return kind == StatementKind::kRegular ? "REGULAR" : "TRUE_UP"; }

std::string_view NameOf(StatementEntryKind kind) {
  switch (kind) {
    case StatementEntryKind::kEarned:
      return "EARNED";
    case StatementEntryKind::kTrueUp:
      return "TRUE_UP";
    case StatementEntryKind::kGuarantee:
      return "GUARANTEE";
  }
  return {};
}

std::string StatementLine::name(std::string_view partner) const {
  return StrCat("partners/", of_partner.empty() ? partner : std::string_view(of_partner), "/", fact);
}

absl::StatusOr<StatementKey> ParseStatementName(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/statements/{statement}", field));
  StatementKey key{std::move(ids[0])};
  const std::string& number = ids[1];
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), key.number);
  if (error != std::errc() || end != number.data() + number.size() || number.front() < '1') return NotFound(name);
  return key;
}

absl::StatusOr<Statement> Issue(Statement statement, std::string_view principal, bool earlier_is_draft,
                                absl::Time now) {
  if (statement.state != StatementState::kDraft) {
    return WrongState(statement.name(), "issue", NameOf(statement.state), "DRAFT");
  }
  if (earlier_is_draft) {
    return Error(Reason::kStateConflict,
                 StrCat(statement.name(),
                        ": got an earlier statement of the partner that is a DRAFT, want it issued "
                        "first"),
                 {{"resource", statement.name()}});
  }
  Statement issued = Moved(std::move(statement), StatementState::kIssued, now);
  issued.issue_time = now;
  issued.issued_by = principal;
  return issued;
}

Statement TakeUp(Statement statement, std::vector<StatementAdjustment> adjustments) {
  int ordinal = static_cast<int>(statement.entries.size());
  for (StatementAdjustment& adjustment : adjustments) {
    adjustment.ordinal = ++ordinal;
    statement.total += adjustment.amount;
  }
  statement.adjustments = std::move(adjustments);
  return statement;
}

absl::StatusOr<Statement> Accept(Statement statement, absl::Time now) {
  if (statement.state != StatementState::kIssued) {
    return WrongState(statement.name(), "accept", NameOf(statement.state), "ISSUED");
  }
  return Moved(std::move(statement), StatementState::kAccepted, now);
}

absl::StatusOr<Statement> Settle(Statement statement, std::string_view principal, absl::Time now) {
  const bool part = statement.state == StatementState::kPartDisputed;
  if (statement.state != StatementState::kIssued && statement.state != StatementState::kAccepted && !part) {
    return WrongState(statement.name(), "settle", NameOf(statement.state), "ISSUED, PART_DISPUTED or ACCEPTED");
  }
  if (principal == statement.issued_by) return SecondPersonRequired(statement.name(), "who issued it", "settle it");
  return Moved(std::move(statement), part ? StatementState::kPartDisputed : StatementState::kSettled, now);
}

absl::StatusOr<Statement> Unsettle(Statement statement, std::string_view principal, absl::Time now) {
  if (statement.state == StatementState::kDraft) {
    return WrongState(statement.name(), "unmatch", NameOf(statement.state), "one that is issued");
  }
  if (principal == statement.issued_by) return SecondPersonRequired(statement.name(), "who issued it", "unmatch it");
  const StatementState state = statement.state == StatementState::kSettled ? StatementState::kIssued : statement.state;
  return Moved(std::move(statement), state, now);
}

}  // namespace tributary::incentive
