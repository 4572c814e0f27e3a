#include "partner-service/announcements/announcement_store.h"

#include <algorithm>
#include <cstdlib>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, state, publish_time FROM announcement ";

// The lists of an audience as its rows tell them apart. Stored.
enum class AudienceKind { kChannel = 1, kRegion = 2, kPartner = 3, kLevel = 4 };
std::vector<std::string>* ListOf(AudienceKind kind, Audience* audience) {
  switch (kind) {
    case AudienceKind::kChannel:
      return &audience->channels;
    case AudienceKind::kRegion:
      return &audience->regions;
    case AudienceKind::kPartner:
      return &audience->partners;
    case AudienceKind::kLevel:
      return &audience->levels;
  }
  return nullptr;
}

Announcement FromRow(const mysql::Row& row) {
  Announcement announcement{.id = row.Text(0),
                            .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
                            .state = static_cast<AnnouncementState>(row.Int(5))};
  if (!row.IsNull(6)) announcement.publish_time = row.Instant(6);
  return announcement;
}

mysql::Value PublishTime(const Announcement& a) {
  return a.publish_time == absl::Time() ? mysql::Value(std::nullopt) : mysql::Value(a.publish_time);
}

IdList IdsOf(const std::vector<Announcement>& announcements) {
  std::vector<std::string_view> ids;
  ids.reserve(announcements.size());
  for (const Announcement& announcement : announcements) ids.push_back(announcement.id);
  return IdList(std::move(ids));
}

Announcement* Find(std::vector<Announcement>* announcements, std::string_view id) {
  return &*std::find_if(announcements->begin(), announcements->end(),
                        [id](const Announcement& announcement) { return announcement.id == id; });
}

}  // namespace

const std::vector<FilterField>& AnnouncementStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(AnnouncementState::kDraft, AnnouncementState::kWithdrawn)),
      FilterField::Timestamp("publish_time", "publish_time"),
  };
  return fields;
}

absl::Status AnnouncementStore::ReadTexts(mysql::Transaction& sql, std::vector<Announcement>* announcements,
                                          bool audience_too) const {
  if (announcements->empty()) return absl::OkStatus();
  const IdList ids = IdsOf(*announcements);
  ASSIGN_OR_RETURN(const mysql::Rows texts,
                   sql.Query(StrCat("SELECT announcement_id, locale, title, body FROM announcement_text WHERE "
                                    "announcement_id IN ",
                                    ids.sql(), " ORDER BY announcement_id, position"),
                             ids.values()));
  for (const mysql::Row& row : texts) {
    Find(announcements, row.Bytes(0))->texts.push_back({row.Text(1), row.Text(2), row.Text(3)});
  }
  if (!audience_too) return absl::OkStatus();
  ASSIGN_OR_RETURN(const mysql::Rows audience,
                   sql.Query(StrCat("SELECT announcement_id, kind, name FROM announcement_audience WHERE "
                                    "announcement_id IN ",
                                    ids.sql(), " ORDER BY announcement_id, kind, name"),
                             ids.values()));
  for (const mysql::Row& row : audience) {
    ListOf(static_cast<AudienceKind>(row.Int(1)), &Find(announcements, row.Bytes(0))->audience)->push_back(row.Text(2));
  }
  return absl::OkStatus();
}

absl::StatusOr<Announcement> AnnouncementStore::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?"), {id}));
  if (rows.empty()) return NotFound(StrCat("announcements/", id));
  std::vector<Announcement> found = {FromRow(rows.front())};
  RETURN_IF_ERROR(ReadTexts(sql, &found, /*audience_too=*/true));
  return std::move(found.front());
}

absl::StatusOr<Announcement> AnnouncementStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  RETURN_IF_ERROR(sql.Query("SELECT id FROM announcement WHERE id = ? FOR UPDATE", {id}).status());
  return Get(sql, id);
}

absl::StatusOr<std::vector<Announcement>> AnnouncementStore::List(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<Announcement> announcements;
  for (const mysql::Row& row : rows) announcements.push_back(FromRow(row));
  RETURN_IF_ERROR(ReadTexts(sql, &announcements, /*audience_too=*/true));
  return announcements;
}

std::vector<std::string> AnnouncementStore::PositionOf(const Announcement& announcement) {
  return {StrCat(absl::ToUnixMicros(announcement.publish_time)), announcement.id};
}

absl::StatusOr<std::vector<Announcement>> AnnouncementStore::ListFor(mysql::Transaction& sql, const Listener& listener,
                                                                     const Page& page) const {
  std::string where = "WHERE state = ?";
  mysql::Values values = {static_cast<int>(AnnouncementState::kPublished)};
  const std::string last(page.after(0));
  if (!page.first()) {
    const absl::Time time = absl::FromUnixMicros(std::strtoll(last.c_str(), nullptr, 10));
    where += " AND (publish_time < ? OR (publish_time = ? AND id > ?))";
    values.insert(values.end(), {time, time, page.after(1)});
  }
  // What a partner has not has no name that an audience could hold.
  const auto among = [&](AudienceKind kind, const std::vector<std::string>& names) {
    constexpr std::string_view kRows = "FROM announcement_audience AS a WHERE a.announcement_id = announcement.id";
    StrAppend(&where, " AND (NOT EXISTS (SELECT 1 ", kRows, " AND a.kind = ?)");
    values.push_back(static_cast<int>(kind));
    if (!names.empty()) {
      const IdList list(std::vector<std::string_view>(names.begin(), names.end()));
      StrAppend(&where, " OR EXISTS (SELECT 1 ", kRows, " AND a.kind = ? AND a.name IN ", list.sql(), ")");
      values.push_back(static_cast<int>(kind));
      values.insert(values.end(), list.values().begin(), list.values().end());
    }
    where += ")";
  };
  std::vector<std::string> channel;
  if (!listener.channel.empty()) channel.push_back(listener.channel);
  const std::vector<std::string> partner = {listener.partner};
  among(AudienceKind::kChannel, channel);
  among(AudienceKind::kRegion, listener.lies_in);
  among(AudienceKind::kPartner, partner);
  among(AudienceKind::kLevel, listener.levels);
  values.push_back(page.limit());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, where, " ORDER BY publish_time DESC, id LIMIT ?"), values));
  std::vector<Announcement> announcements;
  for (const mysql::Row& row : rows) announcements.push_back(FromRow(row));
  RETURN_IF_ERROR(ReadTexts(sql, &announcements, /*audience_too=*/false));
  return announcements;
}

absl::Status AnnouncementStore::Create(mysql::Transaction& sql, const Announcement& a) const {
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert("INSERT INTO announcement (id, uid, version, create_time, update_time, state, "
                                 "publish_time) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                 {a.id, a.revision.uid, a.revision.version, a.revision.create_time,
                                  a.revision.update_time, static_cast<int>(a.state), PublishTime(a)}));
  if (!inserted) return AlreadyExists(a.name());
  mysql::Values texts;
  for (size_t i = 0; i < a.texts.size(); ++i) {
    const AnnouncementText& text = a.texts[i];
    texts.insert(texts.end(), {a.id, static_cast<int>(i), text.locale, text.title, text.body});
  }
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO announcement_text (announcement_id, position, locale, title, body) VALUES", 5, texts));
  Audience audience = a.audience;
  mysql::Values rows;
  for (const AudienceKind kind :
       {AudienceKind::kChannel, AudienceKind::kRegion, AudienceKind::kPartner, AudienceKind::kLevel}) {
    for (const std::string& name : *ListOf(kind, &audience)) {
      rows.insert(rows.end(), {a.id, static_cast<int>(kind), name});
    }
  }
  return sql.InsertRows("INSERT INTO announcement_audience (announcement_id, kind, name) VALUES", 3, rows);
}

absl::Status AnnouncementStore::Update(mysql::Transaction& sql, const Announcement& a) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE announcement SET version = ?, update_time = ?, state = ?, publish_time = ? "
                               "WHERE id = ? AND version = ?",
                               {a.revision.version, a.revision.update_time, static_cast<int>(a.state), PublishTime(a),
                                a.id, a.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, a.name());
}

absl::StatusOr<Receipt> AnnouncementStore::Acknowledge(mysql::Transaction& sql, const Receipt& receipt) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO announcement_receipt (announcement_id, partner_id, principal, "
                    "acknowledge_time) VALUES (?, ?, ?, ?)",
                    {receipt.announcement_id, receipt.partner_id, receipt.principal, receipt.acknowledge_time}));
  if (inserted) return receipt;
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT acknowledge_time FROM announcement_receipt WHERE announcement_id = ? AND "
                             "partner_id = ? AND principal = ? LOCK IN SHARE MODE",
                             {receipt.announcement_id, receipt.partner_id, receipt.principal}));
  if (rows.empty()) return sql.RunAgain("a receipt went away");
  Receipt kept = receipt;
  kept.acknowledge_time = rows.front().Instant(0);
  return kept;
}

absl::StatusOr<std::vector<Receipt>> AnnouncementStore::ListReceipts(mysql::Transaction& sql,
                                                                     std::string_view announcement_id,
                                                                     const Page& page) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT announcement_id, partner_id, principal, acknowledge_time FROM announcement_receipt "
                "WHERE announcement_id = ? AND (partner_id > ? OR (partner_id = ? AND principal > ?)) "
                "ORDER BY partner_id, principal LIMIT ?",
                {announcement_id, page.after(0), page.after(0), page.after(1), page.limit()}));
  std::vector<Receipt> receipts;
  for (const mysql::Row& row : rows) receipts.push_back({row.Text(0), row.Text(1), row.Text(2), row.Instant(3)});
  return receipts;
}

absl::StatusOr<std::map<std::string, absl::Time>> AnnouncementStore::AcknowledgedBy(
    mysql::Transaction& sql, const std::vector<Announcement>& announcements, std::string_view partner_id,
    std::string_view principal) const {
  std::map<std::string, absl::Time> times;
  if (announcements.empty()) return times;
  const IdList ids = IdsOf(announcements);
  mysql::Values values = {partner_id, principal};
  values.insert(values.end(), ids.values().begin(), ids.values().end());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT announcement_id, acknowledge_time FROM announcement_receipt WHERE "
                                    "partner_id = ? AND principal = ? AND announcement_id IN ",
                                    ids.sql()),
                             values));
  for (const mysql::Row& row : rows) times.emplace(row.Text(0), row.Instant(1));
  return times;
}

}  // namespace tributary::partner
