#include "partner-service/applications/application_store.h"

#include <utility>

#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/applications/application_proto.h"
#include "partner-service/documents/document_kinds.h"
#include "partner-service/partners/name_key.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, state, undone, legal_name, trade_names, kind, tax_id, "
    "home_region, currency, address, annual_sales, annual_sales_currency, employees, year_opened, screening, "
    "rejection_reason, partner, prospect, channel, reference_names, documents, required_documents, info_text, "
    "info_kinds, "
    "info_asked_by, info_ask_time, reviewer, created_by, submit_time, complete_time, screen_time, decide_time, "
    "decided_by "
    "FROM application ";

// A document as a line: the number of its kind, its hash, its last day or "-", its id.
std::string LinesOf(const std::vector<ApplicationDocument>& documents) {
  std::vector<std::string> lines;
  lines.reserve(documents.size());
  for (const ApplicationDocument& one : documents) {
    lines.push_back(StrCat(static_cast<int>(one.kind), " ", one.sha256, " ",
                           one.expires_on.has_value() ? one.expires_on->ToString() : "-", " ", one.document_id));
  }
  return JoinLines(lines);
}

absl::StatusOr<std::vector<ApplicationDocument>> DocumentsOf(std::string_view text) {
  std::vector<ApplicationDocument> documents;
  for (const std::string& line : SplitLines(text)) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    ApplicationDocument& one = documents.emplace_back(
        ApplicationDocument{.document_id = words[3], .kind = KindsFromText(words[0]).front(), .sha256 = words[1]});
    if (words[2] == "-") continue;
    ASSIGN_OR_RETURN(one.expires_on, Date::Parse(words[2]));
  }
  return documents;
}

std::optional<absl::Time> OptionalInstant(const mysql::Row& row, size_t column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Instant(column);
}

std::optional<int> OptionalInt(const mysql::Row& row, size_t column) {
  if (row.IsNull(column)) return std::nullopt;
  return static_cast<int>(row.Int(column));
}

absl::StatusOr<Application> FromRow(const mysql::Row& row) {
  Application application{.id = row.Text(0),
                          .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
                          .state = static_cast<ApplicationState>(row.Int(5)),
                          .undone = row.Bool(6),
                          .legal_name = row.Text(7),
                          .trade_names = SplitLines(row.Bytes(8)),
                          .kind = static_cast<PartnerKind>(row.Int(9)),
                          .tax_id = row.Text(10),
                          .home_region = row.Text(11),
                          .currency = row.Text(12),
                          .address = row.Text(13),
                          .employees = OptionalInt(row, 16),
                          .year_opened = OptionalInt(row, 17),
                          .rejection_reason = row.Text(19),
                          .partner = row.Text(20),
                          .prospect = row.Text(21),
                          .channel = row.Text(22),
                          .references = SplitLines(row.Bytes(23)),
                          .required_documents = KindsFromText(row.Bytes(25)),
                          .reviewer = row.Text(30),
                          .created_by = row.Text(31),
                          .submit_time = OptionalInstant(row, 32),
                          .complete_time = OptionalInstant(row, 33),
                          .screen_time = OptionalInstant(row, 34),
                          .decide_time = OptionalInstant(row, 35),
                          .decided_by = row.Text(36)};
  ASSIGN_OR_RETURN(application.documents, DocumentsOf(row.Bytes(24)));
  if (!row.IsNull(29)) {
    application.info_request = InfoRequest{.text = row.Text(26),
                                           .kinds = KindsFromText(row.Bytes(27)),
                                           .asked_by = row.Text(28),
                                           .ask_time = row.Instant(29)};
  }
  if (!row.IsNull(14)) application.annual_sales = Money{.currency = row.Text(15), .amount = row.Dec(14)};
  if (!row.IsNull(18)) {
    ASSIGN_OR_RETURN(application.screening, ScreeningFromBytes(row.Bytes(18)));
  }
  return application;
}

absl::StatusOr<std::vector<Application>> FromRows(const mysql::Rows& rows) {
  std::vector<Application> applications;
  applications.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Application application, FromRow(row));
    applications.push_back(std::move(application));
  }
  return applications;
}

absl::StatusOr<Application> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("applications/", id));
  return FromRow(rows.front());
}

// The columns of an application in the order in which INSERT and UPDATE name them, and the texts that they look into.
class Content {
 public:
  explicit Content(const Application& a)
      : trade_names_(JoinLines(a.trade_names)),
        screening_(a.screening.has_value() ? ScreeningToBytes(*a.screening) : ""),
        references_(JoinLines(a.references)),
        documents_(LinesOf(a.documents)),
        required_documents_(KindsToText(a.required_documents)),
        info_kinds_(a.info_request.has_value() ? KindsToText(a.info_request->kinds) : ""),
        name_key_(NameKeyOf(a.legal_name)),
        application_(a) {}

  void AppendTo(mysql::Values* values) const {
    const Application& a = application_;
    const bool sales = a.annual_sales.has_value(), info = a.info_request.has_value();
    values->insert(values->end(), {a.revision.uid,
                                   a.revision.version,
                                   a.revision.create_time,
                                   a.revision.update_time,
                                   static_cast<int>(a.state),
                                   a.undone,
                                   a.legal_name,
                                   trade_names_,
                                   static_cast<int>(a.kind),
                                   a.tax_id,
                                   a.home_region,
                                   a.currency,
                                   a.address,
                                   sales ? mysql::Value(a.annual_sales->amount) : mysql::Value(std::nullopt),
                                   sales ? mysql::Value(a.annual_sales->currency) : mysql::Value(""),
                                   a.employees,
                                   a.year_opened,
                                   a.screening.has_value() ? mysql::Value(screening_) : mysql::Value(std::nullopt),
                                   a.rejection_reason,
                                   a.partner,
                                   a.prospect,
                                   a.channel,
                                   references_,
                                   documents_,
                                   required_documents_,
                                   info ? mysql::Value(a.info_request->text) : mysql::Value(""),
                                   info_kinds_,
                                   info ? mysql::Value(a.info_request->asked_by) : mysql::Value(""),
                                   info ? mysql::Value(a.info_request->ask_time) : mysql::Value(std::nullopt),
                                   a.reviewer,
                                   a.created_by,
                                   a.submit_time,
                                   a.complete_time,
                                   a.screen_time,
                                   a.decide_time,
                                   a.decided_by,
                                   name_key_});
  }

 private:
  const std::string trade_names_;
  const std::string screening_;
  const std::string references_;
  const std::string documents_;
  const std::string required_documents_;
  const std::string info_kinds_;
  const std::string name_key_;
  const Application& application_;
};

constexpr std::string_view kInsertHead =
    "INSERT INTO application (uid, version, create_time, update_time, state, undone, legal_name, trade_names, kind, "
    "tax_id, home_region, currency, address, annual_sales, annual_sales_currency, employees, year_opened, screening, "
    "rejection_reason, partner, prospect, channel, reference_names, documents, required_documents, info_text, "
    "info_kinds, "
    "info_asked_by, info_ask_time, reviewer, created_by, submit_time, complete_time, screen_time, decide_time, "
    "decided_by, "
    "name_key, id, import_id) VALUES";
constexpr size_t kInsertWidth = 39;
constexpr std::string_view kUpdate =
    "UPDATE application SET uid = ?, version = ?, create_time = ?, update_time = ?, state = ?, undone = ?, "
    "legal_name = ?, trade_names = ?, kind = ?, tax_id = ?, home_region = ?, currency = ?, address = ?, "
    "annual_sales = ?, annual_sales_currency = ?, employees = ?, year_opened = ?, screening = ?, "
    "rejection_reason = ?, partner = ?, prospect = ?, channel = ?, reference_names = ?, documents = ?, "
    "required_documents = ?, info_text = ?, info_kinds = ?, info_asked_by = ?, info_ask_time = ?, reviewer = ?, "
    "created_by = ?, submit_time = ?, complete_time = ?, screen_time = ?, decide_time = ?, decided_by = ?, name_key = "
    "?";

}  // namespace

const std::vector<FilterField>& ApplicationStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(ApplicationState::kDraft, ApplicationState::kInfoRequested)),
      FilterField::Enum("kind", "kind", NumberedNames(PartnerKind::kDistributor, PartnerKind::kValueAddedReseller)),
      FilterField::String("home_region", "home_region"),
      FilterField::String("legal_name", "legal_name"),
      FilterField::String("channel", "channel"),
      FilterField::String("reviewer", "reviewer"),
  };
  return fields;
}

absl::StatusOr<Application> ApplicationStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<Application> ApplicationStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Application>> ApplicationStore::GetAll(mysql::Transaction& sql,
                                                                  const std::set<std::string>& ids) const {
  if (ids.empty()) return std::vector<Application>();
  const IdList list({ids.begin(), ids.end()});
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE id IN ", list.sql(), " ORDER BY id"), list.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Application>> ApplicationStore::After(mysql::Transaction& sql, std::string_view id,
                                                                 int most) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id > ? ORDER BY id LIMIT ?"), {id, most}));
  return FromRows(rows);
}

absl::StatusOr<absl::flat_hash_map<std::string, Application>> ApplicationStore::GetAllForUpdate(
    mysql::Transaction& sql, const std::vector<std::string_view>& ids) const {
  absl::flat_hash_map<std::string, Application> found;
  if (ids.empty()) return found;
  const IdList list(ids);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE id IN ", list.sql(), " ORDER BY id FOR UPDATE"), list.values()));
  ASSIGN_OR_RETURN(std::vector<Application> applications, FromRows(rows));
  for (Application& application : applications) found.emplace(application.id, std::move(application));
  return found;
}

absl::StatusOr<std::vector<Application>> ApplicationStore::List(mysql::Transaction& sql, std::string_view prospect,
                                                                const Page& page, bool show_withdrawn) const {
  RootPage rows_of(page);
  if (!prospect.empty()) rows_of.Where("prospect = ?", {prospect});
  if (!show_withdrawn) rows_of.Where("state <> ?", {static_cast<int>(ApplicationState::kWithdrawn)});
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<Application> ApplicationStore::Create(mysql::Transaction& sql, const Application& application) const {
  const Content content(application);
  mysql::Values values;
  content.AppendTo(&values);
  values.insert(values.end(), {application.id, ""});
  ASSIGN_OR_RETURN(const bool inserted, sql.TryInsertRows(kInsertHead, kInsertWidth, values));
  if (inserted) return application;
  ASSIGN_OR_RETURN(const Application there, GetForUpdate(sql, application.id));
  if (!there.undone) return AlreadyExists(application.name());
  Application next = application;
  next.revision.version = there.revision.version + 1;
  RETURN_IF_ERROR(ImportOver(sql, {&next, 1}, ""));
  return next;
}

absl::Status ApplicationStore::Update(mysql::Transaction& sql, const Application& application) const {
  const Content content(application);
  mysql::Values values;
  content.AppendTo(&values);
  values.insert(values.end(), {application.id, application.revision.version - 1});
  ASSIGN_OR_RETURN(const int64_t matched, sql.Execute(StrCat(kUpdate, " WHERE id = ? AND version = ?"), values));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, application.name());
}

absl::Status ApplicationStore::UpdateScreening(mysql::Transaction& sql, const Application& a) const {
  const std::string screening = ScreeningToBytes(*a.screening);
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE application SET version = ?, update_time = ?, state = ?, screening = ?, "
                               "screen_time = ? WHERE id = ? AND version = ?",
                               {a.revision.version, a.revision.update_time, static_cast<int>(a.state), screening,
                                a.screen_time, a.id, a.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, a.name());
}

absl::StatusOr<absl::flat_hash_map<std::string, std::vector<std::string>>> ApplicationStore::WithNames(
    mysql::Transaction& sql, const std::vector<std::string>& name_keys) const {
  absl::flat_hash_map<std::string, std::vector<std::string>> found;
  if (name_keys.empty()) return found;
  const IdList list(std::vector<std::string_view>(name_keys.begin(), name_keys.end()));
  mysql::Values values = list.values();
  values.insert(values.end(),
                {static_cast<int>(ApplicationState::kRejected), static_cast<int>(ApplicationState::kWithdrawn),
                 static_cast<int>(ApplicationState::kConverted)});
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT name_key, MIN(id), MAX(id) FROM application WHERE name_key IN ", list.sql(),
                                    " AND state NOT IN (?, ?, ?) GROUP BY name_key"),
                             values));
  for (const mysql::Row& row : rows) {
    std::vector<std::string>& names = found[row.Text(0)];
    names.push_back(StrCat("applications/", row.Bytes(1)));
    if (row.Bytes(2) != row.Bytes(1)) names.push_back(StrCat("applications/", row.Bytes(2)));
  }
  return found;
}

absl::Status ApplicationStore::Import(mysql::Transaction& sql, absl::Span<const Application> applications,
                                      std::string_view import_id) const {
  if (applications.empty()) return absl::OkStatus();
  std::vector<Content> contents;
  contents.reserve(applications.size());
  mysql::Values values;
  for (const Application& application : applications) {
    contents.emplace_back(application).AppendTo(&values);
    values.insert(values.end(), {application.id, import_id});
  }
  ASSIGN_OR_RETURN(const bool inserted, sql.TryInsertRows(kInsertHead, kInsertWidth, values));
  return inserted ? absl::OkStatus() : ChangedMeanwhile(sql, "one of the applications");
}

absl::Status ApplicationStore::ImportOver(mysql::Transaction& sql, absl::Span<const Application> applications,
                                          std::string_view import_id) const {
  for (const Application& application : applications) {
    const Content content(application);
    mysql::Values values;
    content.AppendTo(&values);
    values.insert(values.end(), {import_id, application.id, application.revision.version - 1});
    ASSIGN_OR_RETURN(const int64_t matched,
                     sql.Execute(StrCat(kUpdate, ", import_id = ? WHERE id = ? AND version = ?"), values));
    if (matched != 1) return ChangedMeanwhile(sql, application.name());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Application>> ApplicationStore::BroughtBy(mysql::Transaction& sql,
                                                                     std::string_view import_id, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE import_id = ? AND undone = 0 ORDER BY id LIMIT ? FOR UPDATE"),
                             {import_id, limit}));
  return FromRows(rows);
}

absl::StatusOr<std::map<ApplicationState, int64_t>> ApplicationStore::CountByState(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT state, COUNT(*) FROM application GROUP BY state"));
  std::map<ApplicationState, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<ApplicationState>(row.Int(0))] = row.Int(1);
  return counts;
}

}  // namespace tributary::partner
