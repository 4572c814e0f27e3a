#include "incentive-service/journal_exports/journal_export.h"

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/ledger/testing_ledger.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

std::vector<std::pair<LedgerAccount, std::string>> AllCodes() {
  std::vector<std::pair<LedgerAccount, std::string>> codes;
  for (int account = 1; account <= kLedgerAccounts; ++account) {
    codes.emplace_back(static_cast<LedgerAccount>(account), StrCat("22", account, "0"));
  }
  return codes;
}

absl::Time NoonOn(std::string_view day) {
  return absl::FromUnixSeconds(int64_t{Date::Parse(day)->days()} * 86400 + 12 * 3600);
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailOf(status).violations) fields.push_back(violation.field);
  return fields;
}

TEST(JournalExportTest, HasACodeOfEachAccountOnce) {
  const auto wanted = NewExport("2026-11", AllCodes());
  ASSERT_OK(wanted);
  EXPECT_EQ(wanted->name(), "journalExports/2026-11");
  EXPECT_EQ(wanted->codes.at(LedgerAccount::kPaid), "2260");
  auto codes = AllCodes();
  codes.pop_back();
  codes.push_back(codes.front());
  codes.emplace_back(static_cast<LedgerAccount>(99), "x");
  const absl::Status bad = NewExport("2026Q4", codes).status();
  EXPECT_THAT(bad, HasReason(Reason::kInvalidField));
  // The one that was left out is missing; the first is there twice, and behind it one that is none.
  EXPECT_THAT(FieldsOf(bad), ElementsAre("journal_export_id",
                                         StrCat("journal_export.account_codes[", kLedgerAccounts - 1, "].account"),
                                         StrCat("journal_export.account_codes[", kLedgerAccounts, "].account"),
                                         "journal_export.account_codes"));
}

TEST(JournalExportTest, MonthsEndAndComeInOrder) {
  const JournalExport wanted = *NewExport("2026-11", AllCodes());
  EXPECT_THAT(CheckExportable(wanted, "", NoonOn("2026-11-30")), HasReason(Reason::kPeriodNotEnded));
  EXPECT_OK(CheckExportable(wanted, "", NoonOn("2026-12-01")));
  EXPECT_OK(CheckExportable(wanted, "2026-09", NoonOn("2026-12-01")));
  EXPECT_THAT(CheckExportable(wanted, "2026-12", NoonOn("2027-12-01")), HasReason(Reason::kPeriodClosed));
  JournalExport other = wanted;
  EXPECT_OK(CheckSame(wanted, other));
  other.codes[LedgerAccount::kPaid] = "1";
  EXPECT_THAT(CheckSame(wanted, other), HasReason(Reason::kAlreadyExists));
}

TEST(JournalExportTest, IsOneRowALeg) {
  const JournalExport exported = *NewExport("2026-11", AllCodes());
  std::vector<LedgerEntry> entries = IssueOf(StatementOf({7050}));
  entries.push_back(*Move({.partner = "p2", .path = "claims/c,1", .currency = "JPY"}, LedgerKind::kPayment,
                          {{LedgerAccount::kApproved, 5}}, {{LedgerAccount::kPaid, 5}}));
  for (size_t i = 0; i < entries.size(); ++i) {
    entries[i].number = static_cast<int64_t>(i) + 1;
    entries[i].entry_time = NoonOn("2026-11-03");
  }
  EXPECT_EQ(
      WriteJournal(exported, entries),
      "batch,partner,entry,date,kind,item,statement,program,period,account,account_code,currency,debit,credit\n"
      "2026-11,partners/p2,partners/p2/ledgerEntries/1,2026-11-03,ISSUE,partners/p2/statements/3/entries/1,"
      "partners/p2/statements/3,programs/g1,2026Q1,COST,2210,CNY,70.50,\n"
      "2026-11,partners/p2,partners/p2/ledgerEntries/1,2026-11-03,ISSUE,partners/p2/statements/3/entries/1,"
      "partners/p2/statements/3,programs/g1,2026Q1,STATED,2220,CNY,,70.50\n"
      "2026-11,partners/p2,partners/p2/ledgerEntries/2,2026-11-03,PAYMENT,\"partners/p2/claims/c,1\",,,,APPROVED,"
      "2250,JPY,5,\n"
      "2026-11,partners/p2,partners/p2/ledgerEntries/2,2026-11-03,PAYMENT,\"partners/p2/claims/c,1\",,,,PAID,2260,"
      "JPY,,5\n");
}

}  // namespace
}  // namespace tributary::incentive
