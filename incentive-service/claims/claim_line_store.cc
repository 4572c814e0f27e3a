#include "incentive-service/claims/claim_line_store.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

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

// Lines of the partner's other claims on kits that took units of the product.
absl::StatusOr<std::vector<OtherLine>> OnKits(mysql::Transaction& sql, const Claim& claim) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT l.claim, l.ordinal, c.kind, l.sale, c.create_time, l.turn, p.shipment_line, p.quantity "
                       "FROM claim_part p JOIN claim_line l ON l.partner = p.partner AND l.claim = p.claim AND "
                       "l.ordinal = p.ordinal JOIN claim c ON c.partner = p.partner AND c.claim = p.claim WHERE "
                       "p.partner = ? AND p.product = ? AND p.claim <> ? AND ",
                       kOpen, " ORDER BY l.claim, l.ordinal, p.shipment_line"),
                {claim.partner, claim.product, claim.id}));
  std::vector<OtherLine> others;
  for (const mysql::Row& row : rows) {
    const int ordinal = static_cast<int>(row.Int(1));
    if (others.empty() || others.back().claim != row.Bytes(0) || others.back().ordinal != ordinal) {
      others.push_back({.kind = static_cast<ClaimKind>(row.Int(2)),
                        .claim = row.Text(0),
                        .ordinal = ordinal,
                        .sale = PartOf(row.Bytes(3), claim.product),
                        .claimed_on = UtcToday(row.Instant(4)),
                        .turn = static_cast<int>(row.Int(5))});
    }
    others.back().layers.push_back({row.Text(6), false, row.Dec(7), 0});
    others.back().approved_quantity += row.Dec(7);
  }
  return others;
}

}  // namespace

absl::Status ClaimLineStore::Read(mysql::Transaction& sql, Claim* claim) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows lines,
      sql.Query("SELECT special_price, price_change, product, sale, quantity, unit_amount, amount, turn, "
                "approved_quantity, approved, spiff, stock_rotation FROM claim_line WHERE partner = ? AND claim = ? "
                "ORDER BY ordinal",
                {claim->partner, claim->id}));
  for (const mysql::Row& row : lines) {
    claim->special_price = row.Text(0);
    claim->price_change = row.Text(1);
    claim->product = row.Text(2);
    claim->spiff = row.Text(10);
    claim->stock_rotation = row.Text(11);
    claim->turn = static_cast<int>(row.Int(7));
    claim->lines.push_back({.sale = row.Text(3),
                            .quantity = row.Dec(4),
                            .unit_amount = row.Dec(5),
                            .amount = row.Int(6),
                            .approved_quantity = row.Dec(8),
                            .approved = row.Int(9)});
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
  mysql::Values lines, denials, layers, parts, true_ups;
  int ordinal = 0;
  for (const ClaimLine& line : claim.lines) {
    ++ordinal;
    lines.insert(lines.end(), {claim.partner, claim.id, ordinal, claim.special_price, claim.price_change, claim.spiff,
                               claim.stock_rotation, claim.product, line.sale, line.quantity, line.unit_amount,
                               line.amount, claim.turn, line.approved_quantity, line.approved});
    for (const ClaimDenial& denial : line.denials) {
      denials.insert(denials.end(), {claim.partner, claim.id, ordinal, static_cast<int>(denial.reason), denial.quantity,
                                     denial.amount});
    }
    int number = 0;
    for (const ApprovedLayer& layer : line.layers) {
      layers.insert(layers.end(), {claim.partner, claim.id, ordinal, ++number, layer.line, layer.in_transit,
                                   layer.quantity, layer.amount});
    }
    for (const auto& [part, quantity] : line.parts) {
      parts.insert(parts.end(), {claim.partner, claim.id, ordinal, part.first, part.second, quantity});
    }
  }
  ordinal = 0;
  for (const ClaimTrueUp& one : claim.true_ups) {
    true_ups.insert(true_ups.end(),
                    {claim.partner, claim.id, ++ordinal, one.amount, one.due, one.principal, one.create_time});
  }
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO claim_line (partner, claim, ordinal, special_price, price_change, spiff, stock_rotation, "
      "product, sale, quantity, unit_amount, amount, turn, approved_quantity, approved) VALUES",
      15, lines,
      "ON DUPLICATE KEY UPDATE turn = VALUES(turn), "
      "approved_quantity = VALUES(approved_quantity), approved = VALUES(approved)"));
  // These are written once, with the decision or the true-up, and never change.
  RETURN_IF_ERROR(sql.InsertRows("INSERT INTO claim_denial (partner, claim, ordinal, reason, quantity, amount) VALUES",
                                 6, denials, "ON DUPLICATE KEY UPDATE amount = VALUES(amount)"));
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO claim_layer (partner, claim, ordinal, layer, shipment_line, in_transit, quantity, amount) VALUES", 8,
      layers, "ON DUPLICATE KEY UPDATE amount = VALUES(amount)"));
  RETURN_IF_ERROR(
      sql.InsertRows("INSERT INTO claim_part (partner, claim, ordinal, product, shipment_line, quantity) VALUES", 6,
                     parts, "ON DUPLICATE KEY UPDATE quantity = VALUES(quantity)"));
  return sql.InsertRows(
      "INSERT INTO claim_true_up (partner, claim, ordinal, amount, due, principal, create_time) VALUES", 7, true_ups,
      "ON DUPLICATE KEY UPDATE amount = VALUES(amount)");
}

absl::Status ClaimLineStore::Lock(mysql::Transaction& sql, std::string_view product) const {
  return sql
      .Execute("INSERT INTO claimed_product (product, held) VALUES (?, 1) ON DUPLICATE KEY UPDATE held = held + 1",
               {product})
      .status();
}

absl::StatusOr<std::vector<OtherLine>> ClaimLineStore::OthersOfPartner(mysql::Transaction& sql,
                                                                       const Claim& claim) const {
  // A limit is shared by claims for units of any product.
  const bool limited = !claim.stock_rotation.empty();
  mysql::Values values = {claim.partner, claim.id, claim.product};
  if (limited) values.push_back(claim.stock_rotation);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(
          StrCat("SELECT l.claim, l.ordinal, c.kind, l.special_price, l.price_change, l.stock_rotation, l.sale, "
                 "c.create_time, l.turn, l.approved_quantity, l.approved + CASE l.ordinal WHEN 1 THEN "
                 "COALESCE((SELECT SUM(t.amount) FROM claim_true_up t WHERE t.partner = l.partner AND "
                 "t.claim = l.claim), 0) ELSE 0 END, y.shipment_line, y.in_transit, y.quantity, y.amount "
                 "FROM claim_line l JOIN claim c ON c.partner = l.partner AND c.claim = l.claim "
                 "LEFT JOIN claim_layer y ON y.partner = l.partner AND y.claim = l.claim "
                 "AND y.ordinal = l.ordinal WHERE l.partner = ? AND l.claim <> ? AND (l.product = ?",
                 limited ? " OR l.stock_rotation = ?" : "", ") AND ", kOpen, " ORDER BY l.claim, l.ordinal, y.layer"),
          values));
  ASSIGN_OR_RETURN(std::vector<OtherLine> others, OnKits(sql, claim));
  for (const mysql::Row& row : rows) {
    const int ordinal = static_cast<int>(row.Int(1));
    if (others.empty() || others.back().claim != row.Bytes(0) || others.back().ordinal != ordinal) {
      others.push_back({.kind = static_cast<ClaimKind>(row.Int(2)),
                        .claim = row.Text(0),
                        .ordinal = ordinal,
                        .special_price = row.Text(3),
                        .price_change = row.Text(4),
                        .stock_rotation = row.Text(5),
                        .sale = row.Text(6),
                        .claimed_on = UtcToday(row.Instant(7)),
                        .turn = static_cast<int>(row.Int(8)),
                        .approved_quantity = row.Dec(9),
                        .paid = row.Int(10)});
    }
    if (!row.IsNull(11)) others.back().layers.push_back({row.Text(11), row.Bool(12), row.Dec(13), row.Int(14)});
  }
  return others;
}

absl::StatusOr<std::vector<OtherLine>> ClaimLineStore::OfOtherPartners(mysql::Transaction& sql,
                                                                       const Claim& claim) const {
  // From the claims, which are few, to the sales.
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT l.partner, l.claim, l.ordinal, mine.fact, c.kind, l.turn, l.approved_quantity, mine.key_hash, "
                "mine.units FROM claim_line l JOIN claim c ON c.partner = l.partner AND c.claim = l.claim "
                "JOIN sale_key theirs ON theirs.partner = l.partner AND theirs.fact = l.sale "
                "JOIN sale_key mine ON mine.key_hash = theirs.key_hash AND mine.partner = ? "
                "WHERE l.product = ? AND l.partner <> ? AND c.state IN (2, 5) AND l.approved_quantity > 0 "
                "AND NOT EXISTS (SELECT 1 FROM channel_fact r WHERE r.partner = l.partner AND r.product = l.product "
                "AND r.reverses = l.sale) "
                "ORDER BY l.turn, l.partner, l.claim, l.ordinal, mine.fact, mine.key_hash",
                {claim.partner, claim.product, claim.partner}));
  std::vector<OtherLine> lines;
  std::map<std::tuple<int64_t, std::string, std::string>, Decimal> open;  // units of a key, by kind and own sale
  for (const mysql::Row& row : rows) {
    const std::string name = StrCat("partners/", row.Bytes(0), "/claims/", row.Bytes(1));
    const int ordinal = static_cast<int>(row.Int(2));
    if (lines.empty() || lines.back().claim != name || lines.back().ordinal != ordinal ||
        lines.back().sale != row.Bytes(3)) {
      lines.push_back({.kind = static_cast<ClaimKind>(row.Int(4)),
                       .claim = name,
                       .ordinal = ordinal,
                       .sale = row.Text(3),
                       .turn = static_cast<int>(row.Int(5))});
    }
    OtherLine& line = lines.back();
    Decimal& left = open.try_emplace({row.Int(4), row.Text(3), row.Text(7)}, row.Dec(8)).first->second;
    const Decimal units = std::min(left, row.Dec(6) - line.approved_quantity);
    left -= units;
    line.approved_quantity += units;
  }
  return lines;
}

}  // namespace tributary::incentive
