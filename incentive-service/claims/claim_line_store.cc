#include "incentive-service/claims/claim_line_store.h"

#include <algorithm>
#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::incentive {
namespace {

// Submitted, approved, paid.
constexpr std::string_view kOpen = "c.state IN (1, 2, 5)";

absl::StatusOr<std::vector<ApprovedLayer>> LayersOf(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view claim, int ordinal) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT shipment_line, in_transit, quantity, amount FROM claim_layer "
                             "WHERE partner = ? AND claim = ? AND ordinal = ? ORDER BY layer",
                             {partner, claim, ordinal}));
  std::vector<ApprovedLayer> layers;
  for (const mysql::Row& row : rows) layers.push_back({row.Text(0), row.Bool(1), row.Dec(2), row.Int(3)});
  return layers;
}

absl::StatusOr<std::vector<OtherLine>> Others(mysql::Transaction& sql, const Claim& claim, std::string_view join,
                                              std::string_view condition, std::string_view subject) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT l.claim, l.ordinal, l.special_price, l.sale, c.create_time, l.turn, l.approved_quantity "
                       "FROM claim_line l JOIN claim c ON c.partner = l.partner AND c.claim = l.claim ",
                       join, " WHERE l.partner = ? AND ", condition, " AND l.claim <> ? AND ", kOpen),
                {claim.partner, subject, claim.id}));
  std::vector<OtherLine> others;
  others.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    others.push_back({.claim = row.Text(0),
                      .ordinal = static_cast<int>(row.Int(1)),
                      .special_price = row.Text(2),
                      .sale = row.Text(3),
                      .claimed_on = UtcToday(row.Instant(4)),
                      .turn = static_cast<int>(row.Int(5)),
                      .approved_quantity = row.Dec(6)});
  }
  return others;
}

}  // namespace

absl::Status ClaimLineStore::Read(mysql::Transaction& sql, Claim* claim) const {
  ASSIGN_OR_RETURN(const mysql::Rows lines,
                   sql.Query("SELECT special_price, price_change, sale, quantity, unit_amount, amount, turn, "
                             "approved_quantity, approved FROM claim_line WHERE partner = ? AND claim = ? "
                             "ORDER BY ordinal",
                             {claim->partner, claim->id}));
  for (const mysql::Row& row : lines) {
    claim->special_price = row.Text(0);
    claim->price_change = row.Text(1);
    claim->turn = static_cast<int>(row.Int(6));
    claim->lines.push_back({.sale = row.Text(2),
                            .quantity = row.Dec(3),
                            .unit_amount = row.Dec(4),
                            .amount = row.Int(5),
                            .approved_quantity = row.Dec(7),
                            .approved = row.Int(8)});
    ASSIGN_OR_RETURN(claim->lines.back().layers,
                     LayersOf(sql, claim->partner, claim->id, static_cast<int>(claim->lines.size())));
  }
  ASSIGN_OR_RETURN(const mysql::Rows denials, sql.Query("SELECT ordinal, reason, quantity, amount FROM claim_denial "
                                                        "WHERE partner = ? AND claim = ? ORDER BY ordinal, reason",
                                                        {claim->partner, claim->id}));
  for (const mysql::Row& row : denials) {
    claim->lines[row.Int(0) - 1].denials.push_back({static_cast<DenialReason>(row.Int(1)), row.Dec(2), row.Int(3)});
  }
  ASSIGN_OR_RETURN(const mysql::Rows true_ups,
                   sql.Query("SELECT amount, due, principal, create_time FROM claim_true_up "
                             "WHERE partner = ? AND claim = ? ORDER BY ordinal",
                             {claim->partner, claim->id}));
  for (const mysql::Row& row : true_ups) {
    claim->true_ups.push_back({row.Int(0), row.Int(1), row.Text(2), row.Instant(3)});
  }
  return absl::OkStatus();
}

absl::Status ClaimLineStore::Save(mysql::Transaction& sql, const Claim& claim) const {
  mysql::Values lines, denials, layers, true_ups;
  int ordinal = 0;
  for (const ClaimLine& line : claim.lines) {
    ++ordinal;
    lines.insert(lines.end(),
                 {claim.partner, claim.id, ordinal, claim.special_price, claim.price_change, line.sale, line.quantity,
                  line.unit_amount, line.amount, claim.turn, line.approved_quantity, line.approved});
    for (const ClaimDenial& denial : line.denials) {
      denials.insert(denials.end(), {claim.partner, claim.id, ordinal, static_cast<int>(denial.reason), denial.quantity,
                                     denial.amount});
    }
    int number = 0;
    for (const ApprovedLayer& layer : line.layers) {
      layers.insert(layers.end(), {claim.partner, claim.id, ordinal, ++number, layer.line, layer.in_transit,
                                   layer.quantity, layer.amount});
    }
  }
  ordinal = 0;
  for (const ClaimTrueUp& one : claim.true_ups) {
    true_ups.insert(true_ups.end(),
                    {claim.partner, claim.id, ++ordinal, one.amount, one.due, one.principal, one.create_time});
  }
  RETURN_IF_ERROR(
      sql.InsertRows("INSERT INTO claim_line (partner, claim, ordinal, special_price, price_change, sale, "
                     "quantity, unit_amount, amount, turn, approved_quantity, approved) VALUES",
                     12, lines,
                     "ON DUPLICATE KEY UPDATE turn = VALUES(turn), "
                     "approved_quantity = VALUES(approved_quantity), approved = VALUES(approved)"));
  // These are written once, with the decision or the true-up, and never change.
  RETURN_IF_ERROR(sql.InsertRows("INSERT INTO claim_denial (partner, claim, ordinal, reason, quantity, amount) VALUES",
                                 6, denials, "ON DUPLICATE KEY UPDATE amount = VALUES(amount)"));
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO claim_layer (partner, claim, ordinal, layer, shipment_line, in_transit, quantity, amount) VALUES", 8,
      layers, "ON DUPLICATE KEY UPDATE amount = VALUES(amount)"));
  return sql.InsertRows(
      "INSERT INTO claim_true_up (partner, claim, ordinal, amount, due, principal, create_time) VALUES", 7, true_ups,
      "ON DUPLICATE KEY UPDATE amount = VALUES(amount)");
}

absl::StatusOr<std::vector<OtherLine>> ClaimLineStore::OthersOfProduct(mysql::Transaction& sql, const Claim& claim,
                                                                       std::string_view product) const {
  return Others(sql, claim, "JOIN special_price s ON s.partner = l.partner AND s.special_price = l.special_price",
                "s.product = ?", product);
}

absl::StatusOr<std::vector<OtherLine>> ClaimLineStore::OfOtherPartners(mysql::Transaction& sql,
                                                                       std::string_view partner,
                                                                       std::string_view product) const {
  // From the claims, which are few, to the sales.
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT l.partner, l.claim, l.ordinal, mine.fact, MAX(l.turn), MAX(l.approved_quantity), "
                "SUM(mine.units) FROM special_price s "
                "JOIN claim_line l ON l.partner = s.partner AND l.special_price = s.special_price "
                "JOIN claim c ON c.partner = l.partner AND c.claim = l.claim "
                "JOIN sale_key theirs ON theirs.partner = l.partner AND theirs.fact = l.sale "
                "JOIN sale_key mine ON mine.key_hash = theirs.key_hash AND mine.partner = ? "
                "WHERE s.product = ? AND s.partner <> ? AND c.state IN (2, 5) AND l.approved_quantity > 0 "
                "AND NOT EXISTS (SELECT 1 FROM channel_fact r WHERE r.partner = l.partner AND r.product = s.product "
                "AND r.reverses = l.sale) GROUP BY l.partner, l.claim, l.ordinal, mine.fact",
                {partner, product, partner}));
  std::vector<OtherLine> lines;
  lines.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    lines.push_back({.claim = StrCat("partners/", row.Bytes(0), "/claims/", row.Bytes(1)),
                     .ordinal = static_cast<int>(row.Int(2)),
                     .sale = row.Text(3),
                     .turn = static_cast<int>(row.Int(4)),
                     .approved_quantity = std::min(row.Dec(5), row.Dec(6))});
  }
  return lines;
}

absl::StatusOr<std::vector<OtherLine>> ClaimLineStore::OthersOfChange(mysql::Transaction& sql,
                                                                      const Claim& claim) const {
  ASSIGN_OR_RETURN(std::vector<OtherLine> others, Others(sql, claim, "", "l.price_change = ?", claim.price_change));
  for (OtherLine& other : others) {
    ASSIGN_OR_RETURN(other.layers, LayersOf(sql, claim.partner, other.claim, other.ordinal));
  }
  return others;
}

}  // namespace tributary::incentive
