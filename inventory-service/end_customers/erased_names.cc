#include "inventory-service/end_customers/erased_names.h"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/digest/sha256.h"
#include "common/events/payload.h"
#include "common/matching/customer_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/partner_reports/packed_texts.h"
#include "inventory-service/partners/partner_directory.h"
#include "tributary/partner/v1/customer.pb.h"

namespace tributary::inventory {
namespace {

using partner::v1::Customer;
using NameKeys = std::set<std::string>;

absl::StatusOr<NameKeys> KeysOf(const Customer& customer) {
  NameKeys keys;
  for (const std::string& digest : customer.name_digests()) {
    const bool is_hex = digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_hex) return InvalidField("name_digests", digest, "64 hexadecimal digits");
    keys.insert(absl::HexStringToBytes(digest));
  }
  return keys;
}

// The spellings of a customer's names that were met, each with what stands in its place.
class StandIns {
 public:
  // `given`: how many spellings of the customer have theirs.
  StandIns(std::string customer, NameKeys keys, int64_t given)
      : customer_(std::move(customer)), keys_(std::move(keys)), given_(given) {}

  // Null where the text is none of the names.
  const std::string* Of(const std::string& text) {
    const auto known = by_spelling_.find(text);
    if (known != by_spelling_.end()) return &known->second;
    if (!keys_.contains(Sha256(matching::KeyOf(text).key))) return nullptr;
    return &by_spelling_.emplace(text, StrCat(customer_, "#", ++given_)).first->second;
  }

  absl::Status Put(mysql::Transaction& sql) const {
    std::deque<std::string> digests;  // never moves its elements
    mysql::Values rows;
    for (const auto& [spelling, stand_in] : by_spelling_) {
      rows.insert(rows.end(), {stand_in, customer_, digests.emplace_back(Sha256(spelling))});
    }
    return sql.InsertRows("INSERT INTO erased_name (stand_in, customer, spelling) VALUES", 3, rows);
  }

 private:
  std::string customer_;
  NameKeys keys_;
  int64_t given_;
  std::map<std::string, std::string> by_spelling_;
};

// Partner by partner, so that no statement reads a whole table.
absl::StatusOr<std::set<std::string>> PartnersIn(mysql::Transaction& sql, std::string_view table) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT DISTINCT partner FROM ", table)));
  std::set<std::string> partners;
  for (const mysql::Row& row : rows) partners.insert(row.Text(0));
  return partners;
}

// The partner's spellings that are to be erased. Texts are told apart by their bytes, which the column does not.
absl::StatusOr<std::vector<std::string>> SpellingsIn(mysql::Transaction& sql, std::string_view table,
                                                     const std::string& partner, StandIns& stand_ins) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT DISTINCT CAST(end_customer AS BINARY) FROM ", table,
                                                            " WHERE partner = ? AND end_customer <> '' ORDER BY 1"),
                                                     {partner}));
  std::vector<std::string> spellings;
  for (const mysql::Row& row : rows) {
    std::string text = row.Text(0);
    if (stand_ins.Of(text) != nullptr) spellings.push_back(std::move(text));
  }
  return spellings;
}

// `more`: what else is set of each row.
absl::Status EraseIn(mysql::Transaction& sql, std::string_view table, std::string_view more, StandIns& stand_ins) {
  ASSIGN_OR_RETURN(const std::set<std::string> partners, PartnersIn(sql, table));
  for (const std::string& partner : partners) {
    ASSIGN_OR_RETURN(const std::vector<std::string> spellings, SpellingsIn(sql, table, partner, stand_ins));
    for (const std::string& spelling : spellings) {
      RETURN_IF_ERROR(sql.Execute(StrCat("UPDATE ", table, " SET end_customer = ?", more,
                                         " WHERE partner = ? AND CAST(end_customer AS BINARY) = ?"),
                                  {*stand_ins.Of(spelling), partner, spelling})
                          .status());
    }
  }
  return absl::OkStatus();
}

// Texts as they are packed, groups of `width`, of which the one at `place` may be a name.
std::string Erased(std::string_view packed, size_t width, size_t place, StandIns& stand_ins) {
  std::vector<std::string> texts = UnpackTexts(packed);
  for (size_t i = place; i < texts.size(); i += width) {
    if (const std::string* const stand_in = stand_ins.Of(texts[i])) texts[i] = *stand_in;
  }
  return PackTexts({texts.begin(), texts.end()});
}

// Of the rows of a report that `which` picks.
absl::Status EraseInReport(mysql::Transaction& sql, const std::string& partner, const std::string& report,
                           std::string_view which, const mysql::Values& named, StandIns& stand_ins) {
  mysql::Values values = {partner, report};
  values.insert(values.end(), named.begin(), named.end());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT number, cells, repairs, errors, CAST(end_customer AS BINARY) FROM "
                                    "report_row WHERE partner = ? AND report = ? AND (",
                                    which, ") ORDER BY number"),
                             values));
  for (const mysql::Row& row : rows) {
    const std::string cells = Erased(row.Bytes(1), 2, 1, stand_ins);
    const std::string repairs = Erased(row.Bytes(2), 2, 1, stand_ins);
    const std::string errors = Erased(row.Bytes(3), 4, 1, stand_ins);
    const std::string* const customer = row.IsNull(4) ? nullptr : stand_ins.Of(row.Text(4));
    if (customer == nullptr && cells == row.Bytes(1) && repairs == row.Bytes(2) && errors == row.Bytes(3)) continue;
    RETURN_IF_ERROR(
        sql.Execute("UPDATE report_row SET cells = ?, repairs = ?, errors = ?, end_customer = ?, version = version + 1 "
                    "WHERE partner = ? AND report = ? AND number = ?",
                    {cells, repairs, errors, customer == nullptr ? mysql::Value(std::nullopt) : mysql::Value(*customer),
                     partner, report, row.Int(0)})
            .status());
  }
  return absl::OkStatus();
}

// Rows that were read, by their customer; of those that were not, every cell may be the name.
absl::Status EraseInReportRows(mysql::Transaction& sql, StandIns& stand_ins) {
  ASSIGN_OR_RETURN(const std::set<std::string> partners, PartnersIn(sql, "report_row"));
  for (const std::string& partner : partners) {
    RETURN_IF_ERROR(LockKnown(sql, {partner}));
    ASSIGN_OR_RETURN(const std::vector<std::string> spellings, SpellingsIn(sql, "report_row", partner, stand_ins));
    std::string which = "end_customer IS NULL";
    mysql::Values named;
    if (!spellings.empty()) {
      const std::string in = InList({spellings.begin(), spellings.end()}, &named);
      StrAppend(&which, " OR CAST(end_customer AS BINARY) IN ", in);
    }
    mysql::Values values = {partner};
    values.insert(values.end(), named.begin(), named.end());
    ASSIGN_OR_RETURN(
        const mysql::Rows reports,
        sql.Query(StrCat("SELECT DISTINCT report FROM report_row WHERE partner = ? AND (", which, ")"), values));
    for (const mysql::Row& report : reports) {
      RETURN_IF_ERROR(EraseInReport(sql, partner, report.Text(0), which, named, stand_ins));
    }
  }
  return absl::OkStatus();
}

absl::Status Erase(mysql::Transaction& sql, const std::string& customer, NameKeys keys) {
  if (keys.empty()) return absl::OkStatus();
  mysql::Values values = {customer};
  const std::string in = InList({keys.begin(), keys.end()}, &values);
  // Waits for who tells of these customers at the same moment: of two that have a name, the second one erases it.
  ASSIGN_OR_RETURN(
      const mysql::Rows others,
      sql.Query(StrCat("SELECT name_key FROM customer_name WHERE customer <> ? AND name_key IN ", in, " FOR UPDATE"),
                values));
  for (const mysql::Row& row : others) keys.erase(row.Text(0));
  if (keys.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const mysql::Rows given,
                   sql.Query("SELECT COUNT(*) FROM erased_name WHERE customer = ?", {customer}));
  StandIns stand_ins(customer, std::move(keys), given.at(0).Int(0));
  RETURN_IF_ERROR(EraseIn(sql, "sell_through_sale", "", stand_ins));
  // An order that somebody is changing at this moment is read again.
  RETURN_IF_ERROR(EraseIn(sql, "distributor_order", ", version = version + 1", stand_ins));
  RETURN_IF_ERROR(EraseInReportRows(sql, stand_ins));
  return stand_ins.Put(sql);
}

}  // namespace

const std::string& CustomerPayload() { return Customer::descriptor()->full_name(); }

absl::Status ApplyCustomers(mysql::Transaction& sql, absl::Span<const events::Event> events) {
  ASSIGN_OR_RETURN(const std::vector<Customer> customers, events::PayloadsOf<Customer>(events));
  for (const Customer& customer : customers) {
    ASSIGN_OR_RETURN(NameKeys keys, KeysOf(customer));
    RETURN_IF_ERROR(sql.Execute("DELETE FROM customer_name WHERE customer = ?", {customer.name()}).status());
    if (customer.state() == Customer::ERASED) {
      RETURN_IF_ERROR(Erase(sql, customer.name(), std::move(keys)));
      continue;
    }
    mysql::Values rows;
    for (const std::string& key : keys) rows.insert(rows.end(), {key, customer.name()});
    RETURN_IF_ERROR(sql.InsertRows("INSERT INTO customer_name (name_key, customer) VALUES", 2, rows));
  }
  return absl::OkStatus();
}

absl::Status StateAsErased(mysql::Transaction& sql, const std::string& known, std::string* stated) {
  if (*stated == known || !known.starts_with("customers/")) return absl::OkStatus();
  const std::string spelling = Sha256(*stated);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT 1 FROM erased_name WHERE stand_in = ? AND spelling = ?", {known, spelling}));
  if (!rows.empty()) *stated = known;
  return absl::OkStatus();
}

}  // namespace tributary::inventory
