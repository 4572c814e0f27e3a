// Applications screened by BatchScreenApplications: read, scored by the criteria, compared with partners and
// applications by name and tax id, stored and told. 100,000 in a minute are 1,667 a second. The peer stores the same
// results (in a schema of its own on the same server): for each batch one transaction that locks the rows and updates
// each of them, values at hand.

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "common/text/text.h"
#include "partner-service/applications/application_store.h"
#include "partner_schema.h"
#include "tests/bench/bench.h"
#include "tests/bench/partner_host.h"
#include "tests/support/database_server.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/application.pb.h"

namespace tributary::bench {
namespace {

namespace pb = partner::v1;
constexpr int kBatch = 500;  // applications
constexpr int kBatches = 8;  // of a round
constexpr int kSenders = 4;  // batches at a time
constexpr int kRow = 1000;   // applications of an import's batch

std::string IdOf(int number) { return StrCat("a-", 10'000'000 + number); }

// A round's batches; applications a second.
double Send(const std::function<void(int batch)>& send) { return kBatch * BatchRate(kSenders, kBatches, send); }

class Ours {
 public:
  Ours() {
    api::v1::CreateImportRequest request;
    request.mutable_import()->set_target("applications");
    request.mutable_import()->set_mapping("bench");
    request.mutable_import()->set_source_sha256(std::string(64, 'a'));
    request.set_request_id(Uuid::New(absl::Now()).ToString());
    const auto import =
        host_.client().Call<api::v1::Import>("tributary.partner.v1.ImportService/CreateImport", request);
    Must(import.status(), "import");
    import_ = import->name();
  }

  double Round() {
    std::vector<pb::BatchScreenApplicationsRequest> requests(kBatches);
    const int first = number_;
    for (int i = 0; i < kBatch * kBatches / kRow; ++i) ImportRows();
    for (int i = 0; i < kBatch * kBatches; ++i) {
      requests[i / kBatch].add_names(StrCat("applications/", IdOf(first + i)));
    }
    for (auto& request : requests) request.set_request_id(Uuid::New(absl::Now()).ToString());
    return Send([&](int batch) {
      const auto reply = host_.client().Call<pb::BatchScreenApplicationsResponse>(
          "tributary.partner.v1.ApplicationService/BatchScreenApplications", requests[batch],
          {.timeout = absl::Minutes(1)});
      Must(reply.status(), "BatchScreenApplications");
      if (reply->screened_size() != kBatch) Must(absl::UnknownError("not all"), "BatchScreenApplications");
    });
  }

 private:
  void ImportRows() {
    pb::BatchImportApplicationsRequest request;
    request.set_import(import_);
    request.set_request_id(Uuid::New(absl::Now()).ToString());
    for (int i = 0; i < kRow; ++i, ++number_) {
      pb::ApplicationRow& row = *request.add_rows();
      row.set_row(number_ + 1);
      pb::Application& application = *row.mutable_application();
      application.set_name(StrCat("applications/", IdOf(number_)));
      application.set_legal_name(StrCat("Company ", number_, " Trading Co., Ltd."));
      application.set_kind(pb::Partner::DEALER);
      application.set_currency("CNY");
      application.set_tax_id(StrCat("T", number_));
      application.mutable_annual_sales()->set_currency_code("CNY");
      application.mutable_annual_sales()->set_units(1000 * number_);
      application.set_employees(number_ % 100);
      application.set_year_opened(1980 + number_ % 40);
    }
    const auto reply = host_.client().Call<api::v1::BatchImportResponse>(
        "tributary.partner.v1.ApplicationService/BatchImportApplications", request, {.timeout = absl::Minutes(1)});
    Must(reply.status(), "BatchImportApplications");
    if (reply->accepted() != kRow) Must(absl::UnknownError(reply->ShortDebugString()), "BatchImportApplications");
  }

  PartnerHost host_;
  std::string import_;
  int number_ = 0;
};

class Theirs {
 public:
  Theirs() : database_(testing::FreshDatabase({&schema::partner()})) {}

  double Round() {
    std::vector<std::vector<partner::Application>> batches(kBatches);
    const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
    for (auto& batch : batches) {
      for (int i = 0; i < kBatch; ++i, ++number_) {
        batch.push_back({.id = IdOf(number_),
                         .revision = partner::Revision::First(now),
                         .state = partner::ApplicationState::kScreening,
                         .legal_name = StrCat("Company ", number_, " Trading Co., Ltd."),
                         .tax_id = StrCat("T", number_),
                         .currency = "CNY",
                         .employees = number_ % 100,
                         .year_opened = 1980 + number_ % 40});
      }
      Must(database_->Transact({}, [&](mysql::Transaction& sql) { return store_.Import(sql, batch, ""); }), "rows");
      for (partner::Application& application : batch) {
        const auto screened = partner::Screen(application, {}, "", now);
        Must(screened.status(), "screening");
        application = *screened;
      }
    }
    return Send([&](int batch) {
      std::vector<std::string_view> ids;
      for (const partner::Application& application : batches[batch]) ids.push_back(application.id);
      Must(database_->Transact({},
                               [&](mysql::Transaction& sql) -> absl::Status {
                                 if (const auto locked = store_.GetAllForUpdate(sql, ids); !locked.ok()) {
                                   return locked.status();
                                 }
                                 for (const partner::Application& application : batches[batch]) {
                                   const absl::Status stored = store_.UpdateScreening(sql, application);
                                   if (!stored.ok()) return stored;
                                 }
                                 return absl::OkStatus();
                               }),
           "raw rows");
    });
  }

 private:
  const std::unique_ptr<mysql::Database> database_;
  partner::ApplicationStore store_;
  int number_ = 0;
};

}  // namespace

void Screening(const Settings& settings) {
  Ours ours;
  Theirs theirs;
  Compare(
      {.name = "screening",
       .unit = "applications/s",
       .peer = "raw SELECT FOR UPDATE and UPDATEs of the same rows",
       .goal = 0.3},
      settings, [&] { return ours.Round(); }, [&] { return theirs.Round(); });
}

}  // namespace tributary::bench
