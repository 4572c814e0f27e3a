#include "incentive-service/special_prices/special_price_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, special_price, uid, version, create_time, update_time, state, product, end_customer, sale_from, sale_to, "
    "approved_cost, currency, quantity, claim_deadline, note, requester, decider, decision_note";
constexpr std::string_view kDebited =
    "(SELECT COALESCE(SUM(l.approved_quantity), 0) FROM claim_line l WHERE l.partner = special_price.partner "
    "AND l.special_price = special_price.special_price)";

absl::StatusOr<std::vector<SpecialPriceAuthorization>> Read(mysql::Transaction& sql, std::string_view condition,
                                                            const mysql::Values& values) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, ", ", kDebited, " FROM special_price WHERE ", condition), values));
  std::vector<SpecialPriceAuthorization> authorizations;
  authorizations.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    authorizations.push_back({.partner = row.Text(0),
                              .id = row.Text(1),
                              .uid = row.Id(2),
                              .version = row.Int(3),
                              .create_time = row.Instant(4),
                              .update_time = row.Instant(5),
                              .state = static_cast<SpecialPriceState>(row.Int(6)),
                              .product = row.Text(7),
                              .end_customer = row.Text(8),
                              .window = {row.Day(9), row.Day(10)},
                              .approved_cost = row.Dec(11),
                              .currency = row.Text(12),
                              .quantity = row.Dec(13),
                              .claim_deadline = row.Day(14),
                              .note = row.Text(15),
                              .requester = row.Text(16),
                              .decider = row.Text(17),
                              .decision_note = row.Text(18),
                              .debited = row.Dec(19)});
  }
  return authorizations;
}

}  // namespace

absl::StatusOr<SpecialPriceAuthorization> SpecialPriceStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                                 std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<SpecialPriceAuthorization> authorizations,
                   Read(sql, "partner = ? AND special_price = ?", {partner, id}));
  if (authorizations.empty()) return NotFound(StrCat("partners/", partner, "/specialPrices/", id));
  return std::move(authorizations.front());
}

absl::StatusOr<SpecialPriceAuthorization> SpecialPriceStore::GetForUpdate(mysql::Transaction& sql,
                                                                          std::string_view partner,
                                                                          std::string_view id) const {
  RETURN_IF_ERROR(
      sql.Query("SELECT version FROM special_price WHERE partner = ? AND special_price = ? FOR UPDATE", {partner, id}));
  return Get(sql, partner, id);
}

const std::vector<FilterField>& SpecialPriceStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum(
          "state", "state",
          {{"REQUESTED", int64_t{1}}, {"APPROVED", int64_t{2}}, {"REJECTED", int64_t{3}}, {"WITHDRAWN", int64_t{4}}}),
      FilterField::String("product", "product"),
      FilterField::String("end_customer", "end_customer"),
      FilterField::Day("sale_from", "sale_from"),
      FilterField::Day("sale_to", "sale_to"),
      FilterField::Day("claim_deadline", "claim_deadline"),
  };
  return fields;
}

absl::StatusOr<std::vector<SpecialPriceAuthorization>> SpecialPriceStore::List(
    mysql::Transaction& sql, const std::optional<std::string>& partner, std::string_view after_partner,
    std::string_view after_id, const SqlPredicate& where, int limit) const {
  return ListRows({"partner", "special_price"}, {after_partner, after_id}, where)
      .With("partner", partner)
      .Read(sql, Read, limit);
}

absl::Status SpecialPriceStore::Insert(mysql::Transaction& sql, const SpecialPriceAuthorization& authorization) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          StrCat("INSERT INTO special_price (", kColumns,
                 ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          {authorization.partner, authorization.id, authorization.uid, authorization.version, authorization.create_time,
           authorization.update_time, static_cast<int>(authorization.state), authorization.product,
           authorization.end_customer, authorization.window.start, authorization.window.end,
           authorization.approved_cost, authorization.currency, authorization.quantity, authorization.claim_deadline,
           authorization.note, authorization.requester, authorization.decider, authorization.decision_note}));
  if (!inserted) return AlreadyExists(authorization.name());
  return absl::OkStatus();
}

absl::Status SpecialPriceStore::Update(mysql::Transaction& sql, const SpecialPriceAuthorization& authorization) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE special_price SET version = ?, update_time = ?, state = ?, decider = ?, decision_note = ? "
                  "WHERE partner = ? AND special_price = ? AND version = ?",
                  {authorization.version, authorization.update_time, static_cast<int>(authorization.state),
                   authorization.decider, authorization.decision_note, authorization.partner, authorization.id,
                   authorization.version - 1}));
  if (matched != 1) {
    return Error(Reason::kConflictRetry, StrCat(authorization.name(), " changed while it was being changed"));
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
