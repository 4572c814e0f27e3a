#include "partner-service/partners/partner_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, state, undone, legal_name, trade_names, kind, tax_id, "
    "home_region, currency, time_zone, address, application, channel FROM partner ";

Partner FromRow(const mysql::Row& row) {
  return {.id = row.Text(0),
          .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
          .state = static_cast<PartnerState>(row.Int(5)),
          .undone = row.Bool(6),
          .legal_name = row.Text(7),
          .trade_names = SplitLines(row.Bytes(8)),
          .kind = static_cast<PartnerKind>(row.Int(9)),
          .tax_id = row.Text(10),
          .home_region = row.Text(11),
          .currency = row.Text(12),
          .time_zone = row.Text(13),
          .address = row.Text(14),
          .application = row.Text(15),
          .channel = row.Text(16)};
}

absl::StatusOr<Partner> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("partners/", id));
  return FromRow(rows.front());
}

}  // namespace

const std::vector<FilterField>& PartnerStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(PartnerState::kProspect, PartnerState::kTerminated)),
      FilterField::Enum("kind", "kind", NumberedNames(PartnerKind::kDistributor, PartnerKind::kValueAddedReseller)),
      FilterField::String("home_region", "home_region"),
      FilterField::String("channel", "channel"),
      FilterField::String("currency", "currency"),
      FilterField::String("legal_name", "legal_name"),
  };
  return fields;
}

absl::StatusOr<Partner> PartnerStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<Partner> PartnerStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Partner>> PartnerStore::List(mysql::Transaction& sql, const Page& page,
                                                        bool show_terminated) const {
  mysql::Values values = {page.after(0)};
  values.insert(values.end(), page.filter().values().begin(), page.filter().values().end());
  if (!show_terminated) values.push_back(static_cast<int>(PartnerState::kTerminated));
  values.push_back(page.limit());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE id > ? AND ", page.filter().sql(),
                                    show_terminated ? "" : " AND state <> ?", " ORDER BY id LIMIT ?"),
                             values));
  std::vector<Partner> partners;
  partners.reserve(rows.size());
  for (const mysql::Row& row : rows) partners.push_back(FromRow(row));
  return partners;
}

absl::StatusOr<Partner> PartnerStore::Create(mysql::Transaction& sql, const Partner& p) const {
  const std::string trade_names = JoinLines(p.trade_names);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO partner (id, uid, version, create_time, update_time, state, undone, legal_name, "
                    "trade_names, kind, tax_id, home_region, currency, time_zone, address, application, "
                    "channel) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {p.id, p.revision.uid, p.revision.version, p.revision.create_time, p.revision.update_time,
                     static_cast<int>(p.state), p.undone, p.legal_name, trade_names, static_cast<int>(p.kind), p.tax_id,
                     p.home_region, p.currency, p.time_zone, p.address, p.application, p.channel}));
  if (inserted) return p;
  ASSIGN_OR_RETURN(const Partner there, GetForUpdate(sql, p.id));
  if (!there.undone) return AlreadyExists(p.name());
  Partner next = p;
  next.revision.version = there.revision.version + 1;
  RETURN_IF_ERROR(Update(sql, next));
  return next;
}

absl::Status PartnerStore::Update(mysql::Transaction& sql, const Partner& p) const {
  const std::string trade_names = JoinLines(p.trade_names);
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute(
          "UPDATE partner SET uid = ?, version = ?, create_time = ?, update_time = ?, state = ?, undone = ?, "
          "legal_name = ?, trade_names = ?, kind = ?, tax_id = ?, home_region = ?, currency = ?, "
          "time_zone = ?, address = ?, application = ?, channel = ? WHERE id = ? AND version = ?",
          {p.revision.uid, p.revision.version, p.revision.create_time, p.revision.update_time,
           static_cast<int>(p.state), p.undone, p.legal_name, trade_names, static_cast<int>(p.kind), p.tax_id,
           p.home_region, p.currency, p.time_zone, p.address, p.application, p.channel, p.id, p.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, p.name());
}

absl::StatusOr<std::map<PartnerState, int64_t>> PartnerStore::CountByState(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT state, COUNT(*) FROM partner GROUP BY state"));
  std::map<PartnerState, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<PartnerState>(row.Int(0))] = row.Int(1);
  return counts;
}

}  // namespace tributary::partner
