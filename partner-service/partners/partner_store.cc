#include "partner-service/partners/partner_store.h"

#include <optional>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/partners/name_key.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, state, undone, legal_name, trade_names, kind, tax_ids, "
    "home_region, currency, time_zone, addresses, application, channel, account_manager, merged_into, "
    "state_before_merge, "
    "merge_time, merge_reason, merged_by FROM partner ";

// A tax id as a line: the number of its type, a space, its value. An address: the number of its kind, a space, its
// country, a space, its text. What a filter looks for with `:` is found in them.
std::string LinesOf(const std::vector<TaxId>& ids) {
  std::vector<std::string> lines;
  for (const TaxId& id : ids) lines.push_back(StrCat(static_cast<int>(id.type), " ", id.value));
  return JoinLines(lines);
}

std::string LinesOf(const std::vector<Address>& addresses) {
  std::vector<std::string> lines;
  for (const Address& a : addresses) lines.push_back(StrCat(static_cast<int>(a.kind), " ", a.country, " ", a.text));
  return JoinLines(lines);
}

// The word before the first space of `line`, which then begins behind it.
std::string TakeWord(std::string* line) {
  const size_t space = line->find(' ');
  const std::string word = line->substr(0, space);
  line->erase(0, space + 1);
  return word;
}

std::vector<TaxId> TaxIdsOf(std::string_view text) {
  std::vector<TaxId> ids;
  for (std::string& line : SplitLines(text)) {
    const int type = TakeWord(&line)[0] - '0';
    ids.push_back({static_cast<TaxIdType>(type), line});
  }
  return ids;
}

std::vector<Address> AddressesOf(std::string_view text) {
  std::vector<Address> addresses;
  for (std::string& line : SplitLines(text)) {
    const int kind = TakeWord(&line)[0] - '0';
    const std::string country = TakeWord(&line);
    addresses.push_back({static_cast<AddressKind>(kind), country, line});
  }
  return addresses;
}

Partner FromRow(const mysql::Row& row) {
  Partner partner = {.id = row.Text(0),
                     .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
                     .state = static_cast<PartnerState>(row.Int(5)),
                     .undone = row.Bool(6),
                     .legal_name = row.Text(7),
                     .trade_names = SplitLines(row.Bytes(8)),
                     .kind = static_cast<PartnerKind>(row.Int(9)),
                     .tax_ids = TaxIdsOf(row.Bytes(10)),
                     .home_region = row.Text(11),
                     .currency = row.Text(12),
                     .time_zone = row.Text(13),
                     .addresses = AddressesOf(row.Bytes(14)),
                     .application = row.Text(15),
                     .channel = row.Text(16),
                     .account_manager = row.Text(17)};
  if (!row.IsNull(20)) {
    partner.merge = PartnerMerge{.survivor = row.Text(18),
                                 .state_before = static_cast<PartnerState>(row.Int(19)),
                                 .time = row.Instant(20),
                                 .reason = row.Text(21),
                                 .principal = row.Text(22)};
  }
  return partner;
}

// What is no column of every partner.
struct Derived {
  explicit Derived(const Partner& p)
      : trade_names(JoinLines(p.trade_names)),
        tax_ids(LinesOf(p.tax_ids)),
        addresses(LinesOf(p.addresses)),
        name_key(NameKeyOf(p.legal_name)),
        merge(p.merge.value_or(PartnerMerge())),
        state_before_merge(p.merge.has_value() ? static_cast<int>(merge.state_before) : 0),
        merge_time(p.merge.has_value() ? std::optional(merge.time) : std::nullopt) {}

  const std::string trade_names, tax_ids, addresses, name_key;
  const PartnerMerge merge;
  const int state_before_merge;
  const std::optional<absl::Time> merge_time;
};

// The columns from uid to merged_by. `d` outlives them.
mysql::Values ContentOf(const Partner& p, const Derived& d) {
  return {p.revision.uid,
          p.revision.version,
          p.revision.create_time,
          p.revision.update_time,
          static_cast<int>(p.state),
          p.undone,
          p.legal_name,
          d.trade_names,
          static_cast<int>(p.kind),
          d.tax_ids,
          p.home_region,
          p.currency,
          p.time_zone,
          d.addresses,
          p.application,
          p.channel,
          p.account_manager,
          d.name_key,
          d.merge.survivor,
          d.state_before_merge,
          d.merge_time,
          d.merge.reason,
          d.merge.principal};
}

std::vector<Partner> FromRows(const mysql::Rows& rows) {
  std::vector<Partner> partners;
  partners.reserve(rows.size());
  for (const mysql::Row& row : rows) partners.push_back(FromRow(row));
  return partners;
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
      FilterField::String("trade_names", "trade_names"),
      FilterField::String("tax_ids", "tax_ids"),
      FilterField::String("account_manager", "account_manager"),
      FilterField::String("merged_into", "merged_into"),
  };
  return fields;
}

absl::StatusOr<Partner> PartnerStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<Partner> PartnerStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Partner>> PartnerStore::GetAll(mysql::Transaction& sql,
                                                          const std::set<std::string>& ids) const {
  if (ids.empty()) return std::vector<Partner>();
  const IdList list({ids.begin(), ids.end()});
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE id IN ", list.sql(), " ORDER BY id"), list.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Partner>> PartnerStore::After(mysql::Transaction& sql, std::string_view id, int most) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id > ? ORDER BY id LIMIT ?"), {id, most}));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Partner>> PartnerStore::List(mysql::Transaction& sql, const Page& page,
                                                        bool show_terminated) const {
  RootPage rows_of(page);
  if (!show_terminated) rows_of.Where("state <> ?", {static_cast<int>(PartnerState::kTerminated)});
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<Partner> PartnerStore::Create(mysql::Transaction& sql, const Partner& p) const {
  const Derived d(p);
  mysql::Values values = ContentOf(p, d);
  values.push_back(p.id);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO partner (uid, version, create_time, update_time, state, undone, legal_name, "
                    "trade_names, kind, tax_ids, home_region, currency, time_zone, addresses, application, "
                    "channel, account_manager, name_key, merged_into, state_before_merge, merge_time, merge_reason, "
                    "merged_by, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    values));
  if (inserted) {
    RETURN_IF_ERROR(TakeTaxIds(sql, p));
    return p;
  }
  ASSIGN_OR_RETURN(const Partner there, GetForUpdate(sql, p.id));
  if (!there.undone) return AlreadyExists(p.name());
  Partner next = p;
  next.revision.version = there.revision.version + 1;
  RETURN_IF_ERROR(Update(sql, next));
  return next;
}

absl::Status PartnerStore::Update(mysql::Transaction& sql, const Partner& p) const {
  const Derived d(p);
  mysql::Values values = ContentOf(p, d);
  values.insert(values.end(), {p.id, p.revision.version - 1});
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE partner SET uid = ?, version = ?, create_time = ?, update_time = ?, state = ?, undone = ?, "
                  "legal_name = ?, trade_names = ?, kind = ?, tax_ids = ?, home_region = ?, currency = ?, "
                  "time_zone = ?, addresses = ?, application = ?, channel = ?, account_manager = ?, name_key = ?, "
                  "merged_into = ?, state_before_merge = ?, merge_time = ?, merge_reason = ?, merged_by = ? "
                  "WHERE id = ? AND version = ?",
                  values));
  if (matched != 1) return ChangedMeanwhile(sql, p.name());
  RETURN_IF_ERROR(sql.Execute("DELETE FROM partner_tax_id WHERE partner_id = ?", {p.id}));
  return p.state == PartnerState::kTerminated && !p.merge.has_value() ? absl::OkStatus() : TakeTaxIds(sql, p);
}

absl::Status PartnerStore::TakeTaxIds(mysql::Transaction& sql, const Partner& p) const {
  for (size_t i = 0; i < p.tax_ids.size(); ++i) {
    const TaxId& id = p.tax_ids[i];
    if (!IsOfOneCompany(id.type)) continue;
    ASSIGN_OR_RETURN(const bool taken,
                     sql.TryInsert("INSERT INTO partner_tax_id (tax_id_type, value, partner_id) VALUES (?, ?, ?)",
                                   {static_cast<int>(id.type), id.value, p.id}));
    if (taken) continue;
    ASSIGN_OR_RETURN(const mysql::Rows holder,
                     sql.Query("SELECT partner_id FROM partner_tax_id WHERE tax_id_type = ? AND value = ? FOR UPDATE",
                               {static_cast<int>(id.type), id.value}));
    if (holder.empty()) return ChangedMeanwhile(sql, p.name());
    ASSIGN_OR_RETURN(const int64_t taken_over,
                     sql.Execute("UPDATE partner_tax_id SET partner_id = ? WHERE tax_id_type = ? AND value = ? AND "
                                 "partner_id IN (SELECT id FROM partner WHERE merged_into = ?)",
                                 {p.id, static_cast<int>(id.type), id.value, p.name()}));
    if (taken_over == 1) continue;
    return TaxIdTaken(p, i, StrCat("partners/", holder.front().Bytes(0)));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::flat_hash_map<std::string, std::vector<std::string>>> PartnerStore::WithNames(
    mysql::Transaction& sql, const std::vector<std::string>& name_keys) const {
  absl::flat_hash_map<std::string, std::vector<std::string>> found;
  if (name_keys.empty()) return found;
  const IdList list(std::vector<std::string_view>(name_keys.begin(), name_keys.end()));
  mysql::Values values = list.values();
  values.emplace_back(static_cast<int>(PartnerState::kTerminated));
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT name_key, MIN(id), MAX(id) FROM partner WHERE name_key IN ", list.sql(),
                                    " AND state <> ? GROUP BY name_key"),
                             values));
  for (const mysql::Row& row : rows) {
    std::vector<std::string>& names = found[row.Text(0)];
    names.push_back(StrCat("partners/", row.Bytes(1)));
    if (row.Bytes(2) != row.Bytes(1)) names.push_back(StrCat("partners/", row.Bytes(2)));
  }
  return found;
}

absl::StatusOr<absl::flat_hash_map<std::string, std::string>> PartnerStore::WithTaxIds(
    mysql::Transaction& sql, const std::vector<TaxId>& ids) const {
  absl::flat_hash_map<std::string, std::string> found;
  std::map<TaxIdType, std::vector<std::string_view>> by_type;
  for (const TaxId& id : ids) {
    if (IsOfOneCompany(id.type)) by_type[id.type].push_back(id.value);
  }
  for (const auto& [type, of_type] : by_type) {
    const IdList list(of_type);
    mysql::Values values = {static_cast<int>(type)};
    values.insert(values.end(), list.values().begin(), list.values().end());
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(
            StrCat("SELECT value, partner_id FROM partner_tax_id WHERE tax_id_type = ? AND value IN ", list.sql()),
            values));
    for (const mysql::Row& row : rows) found[row.Text(0)] = StrCat("partners/", row.Bytes(1));
  }
  return found;
}

absl::StatusOr<std::map<PartnerState, int64_t>> PartnerStore::CountByState(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT state, COUNT(*) FROM partner GROUP BY state"));
  std::map<PartnerState, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<PartnerState>(row.Int(0))] = row.Int(1);
  return counts;
}

}  // namespace tributary::partner
