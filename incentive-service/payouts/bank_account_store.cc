#include "incentive-service/payouts/bank_account_store.h"

#include <string>
#include <vector>

#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "tributary/partner/v1/bank_account.pb.h"

namespace tributary::incentive {
namespace {

absl::Status ApplyAccount(mysql::Transaction& sql, const events::Event& event) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(event.name, "partners/{partner}/bankAccounts/{bank_account}"));
  if (event.verb == "deleted") {
    return sql.Execute("DELETE FROM bank_account WHERE partner = ? AND bank_account = ?", {ids[0], ids[1]}).status();
  }
  ASSIGN_OR_RETURN(const auto account, events::PayloadOf<tributary::partner::v1::BankAccount>(event));
  return sql
      .Execute(
          "INSERT INTO bank_account (partner, bank_account, currency, payable) VALUES (?, ?, ?, ?) "
          "ON DUPLICATE KEY UPDATE currency = VALUES(currency), payable = VALUES(payable)",
          {ids[0], ids[1], account.currency(), account.payable() ? 1 : 0})
      .status();
}

}  // namespace

absl::Status BankAccountStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const {
  for (const events::Event& event : batch) {
    if (event.type == kBankAccountType) RETURN_IF_ERROR(ApplyAccount(sql, event));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<BankAccount>> BankAccountStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                                 std::string_view bank_account) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT currency, payable FROM bank_account WHERE partner = ? AND bank_account = ?",
                             {partner, bank_account}));
  if (rows.empty()) return std::optional<BankAccount>();
  return std::optional<BankAccount>(BankAccount{.currency = rows.front().Text(0), .payable = rows.front().Bool(1)});
}

}  // namespace tributary::incentive
