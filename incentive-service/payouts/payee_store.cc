#include "incentive-service/payouts/payee_store.h"

#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/partner/v1/bank_account.pb.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::incentive {
namespace {

absl::Status ApplyAccount(mysql::Transaction& sql, const events::Event& event) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(event.name, "partners/{partner}/bankAccounts/{bank_account}"));
  if (event.verb == "deleted") {
    return sql.Execute("DELETE FROM bank_account WHERE partner = ? AND bank_account = ?", {ids[0], ids[1]}).status();
  }
  tributary::partner::v1::BankAccount account;
  if (!account.ParseFromString(event.payload)) {
    return Error(Reason::kMalformedRequest, StrCat(event.name, ": got bytes that are no ", kBankAccountType));
  }
  return sql
      .Execute(
          "INSERT INTO bank_account (partner, bank_account, currency, payable) VALUES (?, ?, ?, ?) "
          "ON DUPLICATE KEY UPDATE currency = VALUES(currency), payable = VALUES(payable)",
          {ids[0], ids[1], account.currency(), account.payable() ? 1 : 0})
      .status();
}

absl::Status ApplyPayee(mysql::Transaction& sql, const events::Event& event) {
  tributary::partner::v1::PartnerRelationship told;
  if (!told.ParseFromString(event.payload)) {
    return Error(Reason::kMalformedRequest, StrCat(event.name, ": got bytes that are no ", kRelationshipType));
  }
  if (told.kind() != tributary::partner::v1::PartnerRelationship::PAYEE) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(event.name, "partners/{partner}/relationships/{relationship}"));
  if (event.verb == "deleted") {
    return sql.Execute("DELETE FROM payee WHERE partner = ? AND relationship = ?", {ids[0], ids[1]}).status();
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> other,
                   ParseResourceName(told.other_partner(), "partners/{partner}", "other_partner"));
  const absl::StatusOr<Date> from = wire::FromProto(told.valid_from());
  if (!from.ok()) return AtField(from.status(), "valid_from");
  Date to = OpenEnd();
  if (told.has_valid_to()) {
    const absl::StatusOr<Date> end = wire::FromProto(told.valid_to());
    if (!end.ok()) return AtField(end.status(), "valid_to");
    to = *end;
  }
  return sql
      .Execute(
          "INSERT INTO payee (partner, relationship, payee, valid_from, valid_to) VALUES (?, ?, ?, ?, ?) "
          "ON DUPLICATE KEY UPDATE payee = VALUES(payee), valid_from = VALUES(valid_from), "
          "valid_to = VALUES(valid_to)",
          {ids[0], ids[1], other[0], *from, to})
      .status();
}

}  // namespace

absl::Status PayeeStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const {
  for (const events::Event& event : batch) {
    if (event.type == kBankAccountType) RETURN_IF_ERROR(ApplyAccount(sql, event));
    if (event.type == kRelationshipType) RETURN_IF_ERROR(ApplyPayee(sql, event));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> PayeeStore::PayeeOf(mysql::Transaction& sql, std::string_view partner, Date day) const {
  // At most one holds on a day.
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT payee FROM payee WHERE partner = ? AND valid_from <= ? AND valid_to > ? "
                             "ORDER BY relationship LIMIT 1",
                             {partner, day, day}));
  return rows.empty() ? std::string(partner) : rows.front().Text(0);
}

absl::StatusOr<std::optional<BankAccount>> PayeeStore::Account(mysql::Transaction& sql, std::string_view partner,
                                                               std::string_view bank_account) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT currency, payable FROM bank_account WHERE partner = ? AND bank_account = ?",
                             {partner, bank_account}));
  if (rows.empty()) return std::optional<BankAccount>();
  return std::optional<BankAccount>(BankAccount{.currency = rows.front().Text(0), .payable = rows.front().Bool(1)});
}

}  // namespace tributary::incentive
