#include "partner-service/leads/lead_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/leads/lead_proto.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelectLead =
    "SELECT id, uid, version, create_time, update_time, state, customer_name, region, product_lines, segment, need, "
    "partner_id, offer_id, decisions FROM sales_lead ";
constexpr std::string_view kSelectOffer =
    "SELECT lead_id, id, uid, version, create_time, update_time, state, partner_id, expire_time, customer_name, "
    "region, "
    "product_lines, segment, need, decline_reason, score, terms FROM lead_offer ";

Lead LeadOf(const mysql::Row& row) {
  return {.id = row.Text(0),
          .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
          .state = static_cast<LeadState>(row.Int(5)),
          .customer_name = row.Text(6),
          .region = row.Text(7),
          .product_lines = SplitLines(row.Bytes(8)),
          .segment = row.Text(9),
          .need = row.Text(10),
          .partner_id = row.Text(11),
          .offer_id = row.Text(12),
          .decisions = static_cast<int>(row.Int(13))};
}

absl::StatusOr<LeadOffer> OfferOf(const mysql::Row& row) {
  LeadOffer offer{.lead_id = row.Text(0),
                  .id = row.Text(1),
                  .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                  .state = static_cast<OfferState>(row.Int(6)),
                  .partner_id = row.Text(7),
                  .expire_time = row.Instant(8),
                  .customer_name = row.Text(9),
                  .region = row.Text(10),
                  .product_lines = SplitLines(row.Bytes(11)),
                  .segment = row.Text(12),
                  .need = row.Text(13),
                  .decline_reason = row.Text(14),
                  .score = static_cast<int>(row.Int(15))};
  ASSIGN_OR_RETURN(offer.terms, TermsFromBytes(row.Bytes(16)));
  return offer;
}

absl::StatusOr<Lead> GetLead(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelectLead, "WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("leads/", id));
  return LeadOf(rows.front());
}

absl::StatusOr<LeadOffer> GetOffer(mysql::Transaction& sql, std::string_view lead_id, std::string_view id,
                                   std::string_view partner_id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelectOffer, "WHERE lead_id = ? AND id = ?", lock), {lead_id, id}));
  if (rows.empty() || (!partner_id.empty() && rows.front().Bytes(7) != partner_id)) {
    return NotFound(StrCat("leads/", lead_id, "/offers/", id));
  }
  return OfferOf(rows.front());
}

}  // namespace

const std::vector<FilterField>& LeadStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(LeadState::kOpen, LeadState::kAccepted)),
      FilterField::String("region", "region"),
      FilterField::String("segment", "segment"),
      FilterField::String("partner", "IF(partner_id = '', '', CONCAT('partners/', partner_id))"),
      FilterField::String("customer_name", "customer_name"),
  };
  return fields;
}

absl::StatusOr<Lead> LeadStore::Get(mysql::Transaction& sql, std::string_view id) const { return GetLead(sql, id, ""); }

absl::StatusOr<Lead> LeadStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetLead(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Lead>> LeadStore::List(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelectLead, rows_of.sql()), rows_of.values()));
  std::vector<Lead> leads;
  leads.reserve(rows.size());
  for (const mysql::Row& row : rows) leads.push_back(LeadOf(row));
  return leads;
}

absl::Status LeadStore::Create(mysql::Transaction& sql, const Lead& lead) const {
  const std::string product_lines = JoinLines(lead.product_lines);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO sales_lead (id, uid, version, create_time, update_time, state, customer_name, region, "
                    "product_lines, segment, need, partner_id, offer_id, decisions) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {lead.id, lead.revision.uid, lead.revision.version, lead.revision.create_time,
                     lead.revision.update_time, static_cast<int>(lead.state), lead.customer_name, lead.region,
                     product_lines, lead.segment, lead.need, lead.partner_id, lead.offer_id, lead.decisions}));
  return inserted ? absl::OkStatus() : AlreadyExists(lead.name());
}

absl::Status LeadStore::Update(mysql::Transaction& sql, const Lead& lead) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE sales_lead SET version = ?, update_time = ?, state = ?, partner_id = ?, "
                               "offer_id = ?, decisions = ? WHERE id = ? AND version = ?",
                               {lead.revision.version, lead.revision.update_time, static_cast<int>(lead.state),
                                lead.partner_id, lead.offer_id, lead.decisions, lead.id, lead.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, lead.name());
}

const std::vector<FilterField>& LeadOfferStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(OfferState::kOpen, OfferState::kExpired)),
      FilterField::String("region", "region"),
      FilterField::String("segment", "segment"),
      FilterField::Timestamp("expire_time", "expire_time"),
  };
  return fields;
}

absl::StatusOr<LeadOffer> LeadOfferStore::Get(mysql::Transaction& sql, std::string_view lead_id, std::string_view id,
                                              std::string_view partner_id) const {
  return GetOffer(sql, lead_id, id, partner_id, "");
}

absl::StatusOr<LeadOffer> LeadOfferStore::GetForUpdate(mysql::Transaction& sql, std::string_view lead_id,
                                                       std::string_view id, std::string_view partner_id) const {
  return GetOffer(sql, lead_id, id, partner_id, " FOR UPDATE");
}

absl::StatusOr<std::vector<LeadOffer>> LeadOfferStore::List(mysql::Transaction& sql, std::string_view lead_id,
                                                            std::string_view partner_id, const Page& page) const {
  mysql::Values values;
  std::string where = "TRUE";
  if (!partner_id.empty()) {
    where += " AND partner_id = ?";
    values.emplace_back(partner_id);
  }
  if (!lead_id.empty()) {
    where += " AND lead_id = ? AND id > ?";
    values.insert(values.end(), {lead_id, page.after(1)});
  } else if (!page.first()) {
    where += " AND (lead_id > ? OR (lead_id = ? AND id > ?))";
    values.insert(values.end(), {page.after(0), page.after(0), page.after(1)});
  }
  values.insert(values.end(), page.filter().values().begin(), page.filter().values().end());
  values.push_back(page.limit());
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelectOffer, "WHERE ", where, " AND ", page.filter().sql(),
                                                            " ORDER BY lead_id, id LIMIT ?"),
                                                     values));
  std::vector<LeadOffer> offers;
  offers.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(LeadOffer offer, OfferOf(row));
    offers.push_back(std::move(offer));
  }
  return offers;
}

absl::Status LeadOfferStore::Create(mysql::Transaction& sql, const LeadOffer& offer) const {
  const std::string product_lines = JoinLines(offer.product_lines);
  const std::string terms = TermsToBytes(offer.terms);
  return sql
      .Execute(
          "INSERT INTO lead_offer (lead_id, id, uid, version, create_time, update_time, state, partner_id, "
          "expire_time, customer_name, region, product_lines, segment, need, decline_reason, score, terms) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {offer.lead_id, offer.id, offer.revision.uid, offer.revision.version, offer.revision.create_time,
           offer.revision.update_time, static_cast<int>(offer.state), offer.partner_id, offer.expire_time,
           offer.customer_name, offer.region, product_lines, offer.segment, offer.need, offer.decline_reason,
           offer.score, terms})
      .status();
}

absl::Status LeadOfferStore::Update(mysql::Transaction& sql, const LeadOffer& offer) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE lead_offer SET version = ?, update_time = ?, state = ?, decline_reason = ? "
                               "WHERE lead_id = ? AND id = ? AND version = ?",
                               {offer.revision.version, offer.revision.update_time, static_cast<int>(offer.state),
                                offer.decline_reason, offer.lead_id, offer.id, offer.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, offer.name());
}

absl::StatusOr<absl::flat_hash_map<std::string, int>> LeadOfferStore::OpenByPartner(mysql::Transaction& sql,
                                                                                    absl::Time now) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner_id, COUNT(*) FROM lead_offer WHERE state = ? AND expire_time > ? "
                             "GROUP BY partner_id",
                             {static_cast<int>(OfferState::kOpen), now}));
  absl::flat_hash_map<std::string, int> open;
  for (const mysql::Row& row : rows) open.emplace(row.Text(0), static_cast<int>(row.Int(1)));
  return open;
}

absl::StatusOr<absl::flat_hash_map<std::string, PastOffer>> LeadOfferStore::PastOf(mysql::Transaction& sql,
                                                                                   std::string_view lead_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner_id, state FROM lead_offer WHERE lead_id = ?", {lead_id}));
  absl::flat_hash_map<std::string, PastOffer> past;
  for (const mysql::Row& row : rows) {
    const auto state = static_cast<OfferState>(row.Int(1));
    if (state == OfferState::kDeclined) past.insert_or_assign(row.Text(0), PastOffer::kDeclined);
    if (state == OfferState::kExpired) past.insert_or_assign(row.Text(0), PastOffer::kExpired);
  }
  return past;
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> LeadOfferStore::Due(mysql::Transaction& sql,
                                                                                     absl::Time now, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT lead_id, id FROM lead_offer WHERE state = ? AND "
                                                     "expire_time <= ? ORDER BY expire_time LIMIT ?",
                                                     {static_cast<int>(OfferState::kOpen), now, limit}));
  std::vector<std::pair<std::string, std::string>> due;
  for (const mysql::Row& row : rows) due.emplace_back(row.Text(0), row.Text(1));
  return due;
}

}  // namespace tributary::partner
