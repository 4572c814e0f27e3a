#include "partner-service/bank_accounts/bank_account_store.h"

#include <optional>
#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kColumns =
    "partner_id, id, uid, version, create_time, update_time, state, verify_time, asked_by, holder_name, bank_name, "
    "bic, "
    "currency, number_type, account_number, asked_holder_name, asked_bank_name, asked_bic, asked_currency, "
    "asked_number_type, asked_account_number";

std::optional<BankAccountTerms> TermsOf(const mysql::Row& row, size_t first) {
  if (row.IsNull(first)) return std::nullopt;
  return BankAccountTerms{.holder_name = row.Text(first),
                          .bank_name = row.Text(first + 1),
                          .bic = row.Text(first + 2),
                          .currency = row.Text(first + 3),
                          .number_type = static_cast<AccountNumberType>(row.Int(first + 4)),
                          .number = row.Text(first + 5)};
}

void Append(const std::optional<BankAccountTerms>& terms, mysql::Values* values) {
  if (!terms.has_value()) {
    values->insert(values->end(), 6, mysql::Value(std::nullopt));
    return;
  }
  values->insert(values->end(), {terms->holder_name, terms->bank_name, terms->bic, terms->currency,
                                 static_cast<int>(terms->number_type), terms->number});
}

std::vector<BankAccount> FromRows(const mysql::Rows& rows) {
  std::vector<BankAccount> accounts;
  accounts.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    accounts.push_back({.partner_id = row.Text(0),
                        .id = row.Text(1),
                        .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                        .state = static_cast<BankAccountState>(row.Int(6)),
                        .verified = TermsOf(row, 9),
                        .asked = TermsOf(row, 15),
                        .asked_by = SplitLines(row.Bytes(8)),
                        .verify_time = row.IsNull(7) ? std::nullopt : std::optional(row.Instant(7))});
  }
  return accounts;
}

absl::StatusOr<BankAccount> GetOne(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                   std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM bank_account WHERE partner_id = ? AND id = ?", lock),
                             {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/bankAccounts/", id));
  return FromRows(rows).front();
}

}  // namespace

const std::vector<FilterField>& BankAccountStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(BankAccountState::kPending, BankAccountState::kRejected)),
      FilterField::Boolean("payable", "(account_number IS NOT NULL)"),
      FilterField::String("currency", "COALESCE(currency, asked_currency)"),
      FilterField::Timestamp("update_time", "update_time"),
  };
  return fields;
}

absl::StatusOr<BankAccount> BankAccountStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                  std::string_view id) const {
  return GetOne(sql, partner_id, id, "");
}

absl::StatusOr<BankAccount> BankAccountStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                           std::string_view id) const {
  return GetOne(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<BankAccount>> BankAccountStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                                const Page& page) const {
  const ChildPage rows_of(partner_id, page);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM bank_account ", rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<BankAccount>> BankAccountStore::OfPartner(mysql::Transaction& sql,
                                                                     std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns,
                                                            " FROM bank_account WHERE partner_id = ? ORDER BY id FOR "
                                                            "UPDATE"),
                                                     {partner_id}));
  return FromRows(rows);
}

absl::Status BankAccountStore::Create(mysql::Transaction& sql, const BankAccount& a) const {
  const std::string asked_by = JoinLines(a.asked_by);
  mysql::Values values = {a.partner_id,
                          a.id,
                          a.revision.uid,
                          a.revision.version,
                          a.revision.create_time,
                          a.revision.update_time,
                          static_cast<int>(a.state),
                          a.verify_time,
                          asked_by};
  Append(a.verified, &values);
  Append(a.asked, &values);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO bank_account (", kColumns,
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                 values));
  return inserted ? absl::OkStatus() : AlreadyExists(a.name());
}

absl::Status BankAccountStore::Update(mysql::Transaction& sql, const BankAccount& a) const {
  const std::string asked_by = JoinLines(a.asked_by);
  mysql::Values values = {a.revision.version, a.revision.update_time, static_cast<int>(a.state), a.verify_time,
                          asked_by};
  Append(a.verified, &values);
  Append(a.asked, &values);
  values.insert(values.end(), {a.partner_id, a.id, a.revision.version - 1});
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE bank_account SET version = ?, update_time = ?, state = ?, verify_time = ?, asked_by = ?, "
                  "holder_name = ?, bank_name = ?, bic = ?, currency = ?, number_type = ?, account_number = ?, "
                  "asked_holder_name = ?, asked_bank_name = ?, asked_bic = ?, asked_currency = ?, "
                  "asked_number_type = ?, asked_account_number = ? WHERE partner_id = ? AND id = ? AND version = ?",
                  values));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, a.name());
}

absl::Status BankAccountStore::Delete(mysql::Transaction& sql, const BankAccount& a) const {
  return sql.Execute("DELETE FROM bank_account WHERE partner_id = ? AND id = ?", {a.partner_id, a.id}).status();
}

}  // namespace tributary::partner
