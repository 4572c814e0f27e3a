#include "incentive-service/journal_exports/journal_export.h"

#include <utility>

#include "common/csv/csv_writer.h"
#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::incentive {
namespace {

std::vector<std::string> RowOf(const JournalExport& exported, const LedgerEntry& entry, const LedgerLeg& leg) {
  const LedgerItem& item = entry.item;
  const std::string partner = StrCat("partners/", item.partner);
  const std::string debit = leg.amount < 0 ? FormatMinorUnits(-leg.amount, item.currency) : "";
  const std::string credit = leg.amount > 0 ? FormatMinorUnits(leg.amount, item.currency) : "";
  return {exported.period.id,
          partner,
          entry.name(),
          UtcToday(entry.entry_time).ToString(),
          std::string(NameOf(entry.kind)),
          StrCat(partner, "/", item.path),
          item.statement > 0 ? StrCat(partner, "/statements/", item.statement) : "",
          item.program.empty() ? "" : StrCat("programs/", item.program),
          item.period,
          std::string(NameOf(leg.account)),
          exported.codes.at(leg.account),
          item.currency,
          debit,
          credit};
}

}  // namespace

absl::StatusOr<JournalExport> NewExport(std::string_view month,
                                        const std::vector<std::pair<LedgerAccount, std::string>>& codes) {
  JournalExport wanted;
  std::vector<FieldViolation> violations;
  absl::StatusOr<Period> period = ParsePeriod(PeriodKind::kMonth, month);
  if (period.ok()) {
    wanted.period = *std::move(period);
  } else {
    violations = DetailOf(AtField(period.status(), "journal_export_id")).violations;
  }
  for (size_t i = 0; i < codes.size(); ++i) {
    if (NameOf(codes[i].first).empty()) {
      violations.push_back({StrCat("journal_export.account_codes[", i, "].account"),
                            StrCat(static_cast<int>(codes[i].first)), "an account of the ledger"});
      continue;
    }
    if (wanted.codes.emplace(codes[i].first, codes[i].second).second) continue;
    violations.push_back({StrCat("journal_export.account_codes[", i, "].account"), std::string(NameOf(codes[i].first)),
                          "each account once"});
  }
  for (int account = 1; account <= kLedgerAccounts; ++account) {
    const auto one = static_cast<LedgerAccount>(account);
    if (wanted.codes.contains(one)) continue;
    violations.push_back({"journal_export.account_codes", StrCat("no code of ", NameOf(one)), "one of each account"});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return wanted;
}

absl::Status CheckExportable(const JournalExport& wanted, std::string_view latest, absl::Time now) {
  const Date today = UtcToday(now);
  if (today < wanted.period.range.end) {
    return Error(Reason::kPeriodNotEnded, StrCat(wanted.name(), ": got ", today.ToString(), ", want ",
                                                 wanted.period.range.end.ToString(), " or a later day (UTC)"));
  }
  if (wanted.period.id < latest) {
    return Error(Reason::kPeriodClosed, StrCat(wanted.name(), ": got a month before ", latest,
                                               ", which is exported with all that came before it, want a later one"));
  }
  return absl::OkStatus();
}

absl::Status CheckSame(const JournalExport& known, const JournalExport& wanted) {
  if (known.codes == wanted.codes) return absl::OkStatus();
  return AlreadyExists(StrCat(known.name(), ", with other account codes"));
}

std::string WriteJournal(const JournalExport& exported, absl::Span<const LedgerEntry> entries) {
  std::string csv;
  AppendCsvRow(&csv, {"batch", "partner", "entry", "date", "kind", "item", "statement", "program", "period", "account",
                      "account_code", "currency", "debit", "credit"});
  for (const LedgerEntry& entry : entries) {
    for (const LedgerLeg& leg : entry.legs) AppendCsvRow(&csv, RowOf(exported, entry, leg));
  }
  return csv;
}

}  // namespace tributary::incentive
