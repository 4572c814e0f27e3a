#include "incentive-service/claims/claim_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/claims/claim_ledger.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, claim, uid, version, create_time, update_time, state, kind, fund_request, currency, amount, note, "
    "claimant, decider, decision_note, approved, payer, contact";

absl::Status UseProof(mysql::Transaction& sql, const Claim& claim, const ClaimProof& proof) {
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert("INSERT INTO used_proof (partner, sha256, claim) VALUES (?, ?, ?)",
                                 {claim.partner, proof.sha256, claim.id}));
  if (inserted) return absl::OkStatus();
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT claim FROM used_proof WHERE partner = ? AND sha256 = ?",
                                                     {claim.partner, proof.sha256}));
  const std::string other =
      rows.empty() ? "another claim" : StrCat("partners/", claim.partner, "/claims/", rows[0].Text(0));
  return Error(Reason::kProofAlreadyUsed,
               StrCat(proof.document, ": got a proof of ", other, ", want one that no other claim rests on"),
               {{"document", proof.document}, {"claim", other}});
}

}  // namespace

absl::StatusOr<std::vector<Claim>> ClaimStore::Read(mysql::Transaction& sql, std::string_view condition,
                                                    const mysql::Values& values) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM claim WHERE ", condition), values));
  std::vector<Claim> claims;
  claims.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    claims.push_back({.partner = row.Text(0),
                      .id = row.Text(1),
                      .uid = row.Id(2),
                      .version = row.Int(3),
                      .create_time = row.Instant(4),
                      .update_time = row.Instant(5),
                      .state = static_cast<ClaimState>(row.Int(6)),
                      .kind = static_cast<ClaimKind>(row.Int(7)),
                      .fund_request = row.Text(8),
                      .contact = row.Text(17),
                      .currency = row.Text(9),
                      .amount = row.Int(10),
                      .note = row.Text(11),
                      .claimant = row.Text(12),
                      .decider = row.Text(13),
                      .decision_note = row.Text(14),
                      .approved = row.Int(15),
                      .payer = row.Text(16)});
  }
  for (Claim& claim : claims) {
    ASSIGN_OR_RETURN(
        const mysql::Rows proofs,
        sql.Query("SELECT document, sha256 FROM claim_proof WHERE partner = ? AND claim = ? ORDER BY ordinal",
                  {claim.partner, claim.id}));
    for (const mysql::Row& row : proofs) claim.proofs.push_back({row.Text(0), row.Text(1)});
    // Read once a claim is locked: what another has deducted until then is seen.
    const std::string path = claim.path();
    ASSIGN_OR_RETURN(const mysql::Rows deducted,
                     sql.Query("SELECT COALESCE(SUM(amount), 0) FROM deduction_match WHERE partner = ? AND item = ?",
                               {claim.partner, path}));
    claim.deducted = deducted.front().Int(0);
    if (claim.kind != ClaimKind::kMdf) RETURN_IF_ERROR(lines_.Read(sql, &claim));
  }
  return claims;
}

absl::StatusOr<Claim> ClaimStore::GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                         std::string_view lock) const {
  ASSIGN_OR_RETURN(std::vector<Claim> claims, Read(sql, StrCat("partner = ? AND claim = ?", lock), {partner, id}));
  if (claims.empty()) return NotFound(StrCat("partners/", partner, "/claims/", id));
  return std::move(claims.front());
}

absl::StatusOr<Claim> ClaimStore::Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<Claim> ClaimStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                               std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

const std::vector<FilterField>& ClaimStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state",
                        {{"SUBMITTED", int64_t{1}},
                         {"APPROVED", int64_t{2}},
                         {"REJECTED", int64_t{3}},
                         {"WITHDRAWN", int64_t{4}},
                         {"PAID", int64_t{5}}}),
      FilterField::Enum("kind", "kind",
                        {{"MDF", int64_t{1}},
                         {"SHIP_AND_DEBIT", int64_t{2}},
                         {"PRICE_PROTECTION", int64_t{3}},
                         {"SPIFF", int64_t{4}},
                         {"STOCK_ROTATION", int64_t{5}}}),
      FilterField::String("fund_request", "CONCAT('partners/', partner, '/fundRequests/', fund_request)"),
      FilterField::String(
          "contact", "CASE contact WHEN '' THEN NULL ELSE CONCAT('partners/', partner, '/contacts/', contact) END"),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<std::vector<Claim>> ClaimStore::List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                                    std::string_view after_partner, std::string_view after_id,
                                                    const SqlPredicate& where, int limit) const {
  const auto read = [this](mysql::Transaction& of, std::string_view condition, const mysql::Values& values) {
    return Read(of, condition, values);
  };
  return ListRows({"partner", "claim"}, {after_partner, after_id}, where)
      .With("partner", partner)
      .Read(sql, read, limit);
}

absl::Status ClaimStore::Insert(mysql::Transaction& sql, const Claim& claim) const {
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO claim (", kColumns,
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                 {claim.partner, claim.id, claim.uid, claim.version, claim.create_time,
                                  claim.update_time, static_cast<int>(claim.state), static_cast<int>(claim.kind),
                                  claim.fund_request, claim.currency, claim.amount, claim.note, claim.claimant,
                                  claim.decider, claim.decision_note, claim.approved, claim.payer, claim.contact}));
  if (!inserted) return AlreadyExists(claim.name());
  mysql::Values values;
  int64_t ordinal = 0;
  for (const ClaimProof& proof : claim.proofs) {
    RETURN_IF_ERROR(UseProof(sql, claim, proof));
    values.insert(values.end(), {claim.partner, claim.id, ++ordinal, proof.document, proof.sha256});
  }
  RETURN_IF_ERROR(
      sql.InsertRows("INSERT INTO claim_proof (partner, claim, ordinal, document, sha256) VALUES", 5, values));
  RETURN_IF_ERROR(lines_.Save(sql, claim));
  return LedgerStore().Post(sql, MoveOf(nullptr, claim), claim.update_time);
}

absl::Status ClaimStore::Update(mysql::Transaction& sql, const Claim& claim) const {
  ASSIGN_OR_RETURN(const Claim before, Get(sql, claim.partner, claim.id));
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE claim SET version = ?, update_time = ?, state = ?, decider = ?, decision_note = ?, "
                  "approved = ?, payer = ? WHERE partner = ? AND claim = ? AND version = ?",
                  {claim.version, claim.update_time, static_cast<int>(claim.state), claim.decider, claim.decision_note,
                   claim.approved, claim.payer, claim.partner, claim.id, claim.version - 1}));
  if (matched != 1) return Error(Reason::kConflictRetry, StrCat(claim.name(), " changed while it was being changed"));
  RETURN_IF_ERROR(lines_.Save(sql, claim));
  RETURN_IF_ERROR(LedgerStore().Post(sql, MoveOf(&before, claim), claim.update_time));
  if (claim.open()) return absl::OkStatus();
  return sql.Execute("DELETE FROM used_proof WHERE partner = ? AND claim = ?", {claim.partner, claim.id}).status();
}

}  // namespace tributary::incentive
