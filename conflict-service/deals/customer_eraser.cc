#include "conflict-service/deals/customer_eraser.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/cases/case_evidence_store.h"
#include "conflict-service/deals/customer_tie_store.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

using CustomerKeys = std::set<std::string>;

// What a finding or case says in the place of a text that named the customer.
constexpr std::string_view kErasedText = "Erased with a customer that it named.";

absl::Status AddKeys(mysql::Transaction& sql, const CustomerKeys& of, std::string_view query, CustomerKeys* keys) {
  return ForNames(of, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(query, in), values));
    for (const mysql::Row& row : rows) keys->insert(row.Text(0));
    return absl::OkStatus();
  });
}

// The keys of the names that are the customer's and of nobody else.
absl::StatusOr<CustomerKeys> KeysToErase(mysql::Transaction& sql, const CustomerFact& customer) {
  CustomerKeys keys(customer.keys.begin(), customer.keys.end());
  RETURN_IF_ERROR(
      AddKeys(sql, {customer.name}, "SELECT customer_key FROM known_customer_key WHERE customer IN ", &keys));
  const CustomerKeys own = keys;
  RETURN_IF_ERROR(AddKeys(sql, own, "SELECT other_key FROM customer_alike WHERE customer_key IN ", &keys));
  CustomerKeys of_others;
  RETURN_IF_ERROR(ForNames(keys, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    mysql::Values bound = {customer.name};
    bound.insert(bound.end(), values.begin(), values.end());
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT customer_key FROM known_customer_key WHERE customer <> ? AND customer_key IN ", in),
                  bound));
    for (const mysql::Row& row : rows) of_others.insert(row.Text(0));
    return absl::OkStatus();
  }));
  for (const std::string& key : of_others) keys.erase(key);
  return keys;
}

absl::Status EraseSpellings(mysql::Transaction& sql, const CustomerKeys& keys, const std::string& pseudonym) {
  std::set<int64_t> places;
  RETURN_IF_ERROR(ForNames(keys, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT seq FROM customer_spelling WHERE customer_key IN ", in), values));
    for (const mysql::Row& row : rows) places.insert(row.Int(0));
    for (const std::string_view column : {"customer_key", "other_key"}) {
      RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM customer_alike WHERE ", column, " IN ", in), values).status());
    }
    return absl::OkStatus();
  }));
  const std::string key = CustomerKey(pseudonym);
  ASSIGN_OR_RETURN(const mysql::Rows last, sql.Query("SELECT COALESCE(MAX(number), 0) FROM erased_spelling"));
  int64_t number = last.at(0).Int(0);
  // Places have no gaps, so the rows stay.
  for (const int64_t place : places) {
    const std::string spelling = Sha256(StrCat(pseudonym, " ", place));
    RETURN_IF_ERROR(
        sql.Execute("UPDATE customer_spelling SET spelling = ?, customer_key = ?, customer_name = ? WHERE seq = ?",
                    {spelling, key, pseudonym, place})
            .status());
    RETURN_IF_ERROR(sql.Execute("INSERT INTO erased_spelling (number, seq) VALUES (?, ?)", {++number, place}).status());
  }
  return absl::OkStatus();
}

// What tells an invoice's line from others ends with the name of its customer (matching::InvoiceKey).
absl::Status EraseInInvoices(mysql::Transaction& sql, const std::set<std::string>& sales,
                             const std::string& pseudonym) {
  std::map<std::string, std::string> words;  // by hash, as they are from now on
  RETURN_IF_ERROR(ForNames(sales, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT DISTINCT key_hash, words FROM sale_key WHERE sale IN ", in), values));
    for (const mysql::Row& row : rows) {
      const std::string text = row.Text(1);
      const size_t to = text.rfind(" to '");
      if (!text.starts_with("invoice ") || to == std::string::npos) continue;
      words.insert_or_assign(row.Text(0), StrCat(text.substr(0, to), " to '", pseudonym, "'"));
    }
    return absl::OkStatus();
  }));
  for (const auto& [hash, text] : words) {
    RETURN_IF_ERROR(sql.Execute("UPDATE sale_key SET words = ? WHERE key_hash = ?", {text, hash}).status());
  }
  return absl::OkStatus();
}

// What sales that cases rest on call the customer: their findings are told anew from it.
absl::Status EraseInSales(mysql::Transaction& sql, const CustomerKeys& keys, const std::string& pseudonym) {
  std::set<std::string> sales;
  RETURN_IF_ERROR(AddKeys(sql, keys,
                          "SELECT DISTINCT l.source FROM case_evidence_customer c JOIN case_evidence_line l ON "
                          "l.case_id = c.case_id AND l.number = c.number AND l.line = c.line WHERE l.field = "
                          "'customer' AND c.customer_key IN ",
                          &sales));
  RETURN_IF_ERROR(EraseInInvoices(sql, sales, pseudonym));
  return ForNames(sales, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    mysql::Values bound = {pseudonym};
    bound.insert(bound.end(), values.begin(), values.end());
    for (const std::string_view table : {"sale", "direct_sale"}) {
      RETURN_IF_ERROR(sql.Execute(StrCat("UPDATE ", table, " SET customer = ? WHERE name IN ", in), bound).status());
    }
    return absl::OkStatus();
  });
}

// What findings and cases say in words.
absl::Status EraseTexts(mysql::Transaction& sql, const std::set<std::string>& cases) {
  for (const std::string& id : cases) {
    ASSIGN_OR_RETURN(const CaseEvidence last, CaseEvidenceStore().Last(sql, id));
    // The text is the last line; an earlier record may have named the customer where the last one does not.
    if (last.lines.empty() || !last.lines.back().erased()) continue;
    RETURN_IF_ERROR(sql.Execute("UPDATE conflict_case SET evidence = ? WHERE id = ?", {kErasedText, id}).status());
    RETURN_IF_ERROR(sql.Execute("UPDATE finding SET explanation = ? WHERE id = ?", {kErasedText, id}).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status EraseCustomers(mysql::Transaction& sql, const std::vector<CustomerFact>& customers) {
  for (const CustomerFact& customer : customers) {
    if (!customer.erased) continue;
    ASSIGN_OR_RETURN(const CustomerKeys keys, KeysToErase(sql, customer));
    if (keys.empty()) continue;
    const std::string key = CustomerKey(customer.name);
    RETURN_IF_ERROR(ForNames(keys, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
      mysql::Values bound = {customer.name, key};
      bound.insert(bound.end(), values.begin(), values.end());
      return sql
          .Execute(StrCat("UPDATE deal SET customer_name = ?, customer_key = ? WHERE customer_key IN ", in), bound)
          .status();
    }));
    RETURN_IF_ERROR(EraseSpellings(sql, keys, customer.name));
    RETURN_IF_ERROR(EraseInSales(sql, keys, customer.name));
    ASSIGN_OR_RETURN(const std::set<std::string> cases, CaseEvidenceStore().Erase(sql, keys));
    RETURN_IF_ERROR(EraseTexts(sql, cases));
  }
  return absl::OkStatus();
}

}  // namespace tributary::conflict
